"""Device tokens: made once, kept only as hashes."""

import base64
import hashlib
import hmac
import secrets

PREFIX = "ffd_"
MOSQUITTO_ITERATIONS = 101


def make_token() -> str:
    """256 random bits: no guessing, so a fast hash is enough to keep it by."""
    return PREFIX + secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def is_token(token: str | None, token_hash: str) -> bool:
    return token is not None and hmac.compare_digest(hash_token(token), token_hash)


def mosquitto_hash(token: str) -> str:
    """The token as Mosquitto's password file wants it ($7$: PBKDF2 with SHA-512)."""
    salt = secrets.token_bytes(12)
    key = hashlib.pbkdf2_hmac("sha512", token.encode(), salt, MOSQUITTO_ITERATIONS)
    parts = (base64.b64encode(part).decode() for part in (salt, key))
    return f"$7${MOSQUITTO_ITERATIONS}${'$'.join(parts)}"
