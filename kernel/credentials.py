"""Passwords, tokens, one-time codes and rate limits; knows nothing of HTTP."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Index, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.clock import real_now
from kernel.db import Base, transaction
from kernel.errors import Limited, Unauthenticated
from kernel.principal import Principal
from kernel.settings import settings

CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
REPLAY_GRACE = timedelta(seconds=60)

_passwords = PasswordHash((Argon2Hasher(),))
# Verifying against it costs as much as a real check, so that unknown names answer as slowly.
_NOBODY = _passwords.hash(secrets.token_hex(8))


class AuthSession(Base):
    """One sign-in on one device; all times are real time."""

    __tablename__ = "auth_session"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID | None]
    principal: Mapped[dict[str, Any]]
    device: Mapped[str]
    refresh_hash: Mapped[str]
    previous_hash: Mapped[str | None]
    rotated_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_auth_session_account_id", "account_id"),)


class OneTimeCode(Base):
    """The code last sent to an address."""

    __tablename__ = "one_time_code"

    address: Mapped[str] = mapped_column(primary_key=True)
    code_hash: Mapped[str]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)


class RateCount(Base):
    """How often something was tried in one window of real time."""

    __tablename__ = "rate_count"

    name: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    times: Mapped[int] = mapped_column(default=1)


@dataclass(frozen=True)
class Tokens:
    access_token: str
    refresh_token: str
    expires_in: int
    """Seconds the access token lives."""


def hash_password(password: str) -> str:
    return _passwords.hash(password)


def verify_password(password: str, hashed: str | None) -> bool:
    return _passwords.verify(password, hashed or _NOBODY) and hashed is not None


def issue_access(
    principal: Principal, session_id: UUID | None = None, *, life: timedelta | None = None
) -> str:
    """A signed token for `principal`; without a session it cannot be revoked before it ends."""
    claims = {
        **_to_dict(principal),
        "sid": str(session_id) if session_id else None,
        "exp": real_now() + (life or timedelta(minutes=settings().access_minutes)),
    }
    return jwt.encode(claims, settings().secret_key, algorithm="HS256")


def read_access(token: str) -> tuple[Principal, UUID | None]:
    """The principal and session of a token; Unauthenticated when forged or expired."""
    try:
        claims = jwt.decode(token, settings().secret_key, algorithms=["HS256"])
    except jwt.ExpiredSignatureError as error:
        raise Unauthenticated("Your session has ended.", code="token_expired") from error
    except jwt.InvalidTokenError as error:
        raise Unauthenticated("This sign-in is not valid.", code="token_invalid") from error
    sid = claims.get("sid")
    return _from_dict(claims), UUID(sid) if sid else None


def open_session(session: Session, principal: Principal, device: str) -> Tokens:
    """Sign in on a device."""
    secret = secrets.token_urlsafe(32)
    row = AuthSession(
        id=uuid4(),
        account_id=principal.account_id,
        principal=_to_dict(principal),
        device=device,
        refresh_hash=_hash(secret),
        rotated_at=real_now(),
        expires_at=real_now() + timedelta(days=settings().refresh_days),
    )
    session.add(row)
    session.flush()
    return _tokens(row, secret)


def rotate(session: Session, refresh_token: str, device: str) -> Tokens:
    """New tokens for a refresh token.

    A token used a second time ends the session, except within 60 seconds from the same device:
    then the reply to the first use was lost.
    """
    refused = Unauthenticated("Please sign in again.", code="refresh_invalid")
    session_id, _, secret = refresh_token.partition(".")
    try:
        key = UUID(session_id)
    except ValueError:
        raise refused from None
    row = session.get(AuthSession, key, with_for_update=True)
    if row is None or row.revoked_at or row.expires_at <= real_now() or row.device != device:
        raise refused
    given = _hash(secret)
    if not hmac.compare_digest(given, row.refresh_hash):
        replayed = row.previous_hash is not None and hmac.compare_digest(given, row.previous_hash)
        if not replayed or real_now() - row.rotated_at > REPLAY_GRACE:
            session.rollback()
            with transaction(aside=True) as own:
                close_sessions(own, session_id=key)
            raise refused
    fresh = secrets.token_urlsafe(32)
    if given == row.refresh_hash:
        row.previous_hash = row.refresh_hash
        row.rotated_at = real_now()
    row.refresh_hash = _hash(fresh)
    row.expires_at = real_now() + timedelta(days=settings().refresh_days)
    session.flush()
    return _tokens(row, fresh)


def close_sessions(
    session: Session, *, session_id: UUID | None = None, account_id: UUID | None = None
) -> None:
    """End one sign-in, or all of an account."""
    which = AuthSession.id == session_id if session_id else AuthSession.account_id == account_id
    session.execute(
        update(AuthSession)
        .where(which, AuthSession.revoked_at.is_(None))
        .values(revoked_at=real_now())
    )


def session_is_open(session: Session, session_id: UUID) -> bool:
    revoked = session.execute(
        select(AuthSession.revoked_at).where(AuthSession.id == session_id)
    ).first()
    return revoked is not None and revoked[0] is None


def issue_code(session: Session, address: str) -> str:
    """A six-digit code for `address`, replacing the one before. Limited to 5 in 10 minutes."""
    limit("code", address, times=5, per=CODE_LIFE)
    code = f"{secrets.randbelow(1_000_000):06d}"
    session.merge(
        OneTimeCode(
            address=address,
            code_hash=_hash(address + code),
            expires_at=real_now() + CODE_LIFE,
            tries=0,
        )
    )
    session.flush()
    return code


def verify_code(session: Session, address: str, code: str) -> None:
    """Use up the code of `address`; Unauthenticated when wrong, old or tried five times."""
    limit("code_try", address, times=CODE_TRIES, per=CODE_LIFE)
    row = session.get(OneTimeCode, address, with_for_update=True)
    if (
        row is None
        or row.expires_at <= real_now()
        or not hmac.compare_digest(_hash(address + code), row.code_hash)
    ):
        raise Unauthenticated("This code is not right or too old.", code="code_wrong")
    session.delete(row)


def limit(name: str, key: str, *, times: int, per: timedelta) -> None:
    """Count one try in a transaction of its own, so that refusals count; Limited above `times`."""
    now = real_now()
    window = datetime.fromtimestamp(
        now.timestamp() // per.total_seconds() * per.total_seconds(), now.tzinfo
    )
    with transaction(aside=True) as own:
        count = own.execute(
            text(
                "INSERT INTO rate_count VALUES (:name, :key, :window, 1)"
                " ON CONFLICT (name, key, window_start)"
                " DO UPDATE SET times = rate_count.times + 1 RETURNING times"
            ),
            {"name": name, "key": key, "window": window},
        ).scalar_one()
    if count > times:
        wait = int((window + per - now).total_seconds()) + 1
        raise Limited(f"Too many tries. Wait {wait} seconds.", retry_after_seconds=wait)


def _tokens(row: AuthSession, secret: str) -> Tokens:
    return Tokens(
        access_token=issue_access(_from_dict(row.principal), row.id),
        refresh_token=f"{row.id}.{secret}",
        expires_in=settings().access_minutes * 60,
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _to_dict(principal: Principal) -> dict[str, Any]:
    def text_of(key: UUID | None) -> str | None:
        return str(key) if key else None

    return {
        "sub": text_of(principal.account_id) or "",
        "subject": text_of(principal.subject_id),
        "roles": sorted(principal.roles),
        "name": principal.name,
        "only": text_of(principal.only_record),
    }


def _from_dict(data: dict[str, Any]) -> Principal:
    def key_of(value: str | None) -> UUID | None:
        return UUID(value) if value else None

    return Principal(
        account_id=key_of(data["sub"]),
        subject_id=key_of(data["subject"]),
        roles=frozenset(data["roles"]),
        name=data["name"],
        only_record=key_of(data.get("only")),
    )
