"""A certificate authority that lives in two settings: it signs requests and revokes."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CLOCK_SKEW = timedelta(minutes=5)
"""So far may the clock of whoever checks be behind."""
LIST_LIVES = timedelta(days=14)
SHORTEST_RSA, LONGEST_RSA = 2048, 4096
CURVES = (ec.SECP256R1, ec.SECP384R1)


class BadRequestError(ValueError):
    """This is no certificate signing request that an authority may sign."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A certificate: `serial` and `key_hash` (SHA-256 of the public key) in hexadecimal digits."""

    pem: str
    serial: str
    key_hash: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """A signing request whose sender has proved to hold the key; the names in it are ignored."""

    found: x509.CertificateSigningRequest
    key_hash: str


def read_request(pem: str) -> Request:
    """Raises BadRequestError: no request, a wrong signature, or a key that is too weak."""
    try:
        found = x509.load_pem_x509_csr(pem.encode())
        is_proved = found.is_signature_valid
        key = found.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm, InvalidSignature) as error:
        raise BadRequestError("This is no certificate signing request in PEM.") from error
    if not is_proved:
        raise BadRequestError("The request is not signed with its own key.")
    if isinstance(key, rsa.RSAPublicKey):
        is_strong = SHORTEST_RSA <= key.key_size <= LONGEST_RSA
    elif isinstance(key, ec.EllipticCurvePublicKey):
        is_strong = isinstance(key.curve, CURVES)
    else:
        is_strong = isinstance(key, ed25519.Ed25519PublicKey)
    if not is_strong:
        raise BadRequestError("Keys are P-256, P-384, Ed25519, or RSA of 2048 to 4096 bits.")
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Request(found, hashlib.sha256(spki).hexdigest())


class Authority:
    """A P-256 key with its own certificate."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        self._key, self._certificate = key, certificate

    @classmethod
    def create(cls, name: str, now: datetime, life: timedelta) -> Authority:
        key = ec.generate_private_key(ec.SECP256R1())
        usage = x509.KeyUsage(
            digital_signature=False,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        certificate = (
            x509.CertificateBuilder()
            .subject_name(_named(name))
            .issuer_name(_named(name))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - CLOCK_SKEW)
            .not_valid_after(now + life)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .sign(key, SHA256())
        )
        return cls(key, certificate)

    @classmethod
    def from_text(cls, key: str, certificate: str) -> Authority:
        """From what `as_text` gave. Raises ValueError."""
        loaded = load_der_private_key(base64.b64decode(key), password=None)
        found = x509.load_der_x509_certificate(base64.b64decode(certificate))
        if not isinstance(loaded, ec.EllipticCurvePrivateKey):
            raise ValueError("the key of an authority is an elliptic one")
        if loaded.public_key() != found.public_key():
            raise ValueError("the key of the authority does not belong to its certificate")
        return cls(loaded, found)

    def as_text(self) -> tuple[str, str]:
        """(key, certificate), each in one line of base64."""
        key = self._key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        certificate = self._certificate.public_bytes(Encoding.DER)
        return base64.b64encode(key).decode(), base64.b64encode(certificate).decode()

    @property
    def pem(self) -> str:
        """The certificate of the authority itself."""
        return self._certificate.public_bytes(Encoding.PEM).decode()

    @property
    def not_after(self) -> datetime:
        return self._certificate.not_valid_after_utc

    def sign(self, request: Request, name: str, now: datetime, life: timedelta) -> Signed:
        """A client certificate for `name`; it ends with the authority at the latest."""
        not_before = (now - CLOCK_SKEW).replace(microsecond=0)
        not_after = min(now + life, self.not_after).replace(microsecond=0)
        usage = x509.KeyUsage(
            digital_signature=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=False,
            crl_sign=False,
            encipher_only=False,
            decipher_only=False,
        )
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        made = (
            x509.CertificateBuilder()
            .subject_name(_named(name))
            .issuer_name(self._certificate.subject)
            .public_key(request.found.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(not_before)
            .not_valid_after(not_after)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False)
            .add_extension(issuer, critical=False)
            .sign(self._key, SHA256())
        )
        pem = made.public_bytes(Encoding.PEM).decode()
        serial = f"{made.serial_number:x}"
        return Signed(pem, serial, request.key_hash, not_before, not_after)

    def revocation_list(self, serials: Iterable[tuple[str, datetime]], now: datetime) -> str:
        """The list of (serial, revoked when) in PEM. A broker that has one which is older than
        two weeks lets nobody in."""
        listed = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._certificate.subject)
            .last_update(now - CLOCK_SKEW)
            .next_update(now + LIST_LIVES)
            .add_extension(x509.CRLNumber(int(now.timestamp() * 1000)), critical=False)
        )
        for serial, at in serials:
            listed = listed.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(int(serial, 16))
                .revocation_date(at.astimezone(UTC))
                .build()
            )
        return listed.sign(self._key, SHA256()).public_bytes(Encoding.PEM).decode()


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
