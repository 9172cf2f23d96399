"""Keys, signing requests and authorities for tests."""

from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from kernel.clock import real_now
from kernel.x509 import Authority

YEAR = timedelta(days=365)


def make_authority(life: timedelta = 10 * YEAR) -> Authority:
    return Authority.create("Devices under test", real_now(), life)


def make_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def make_request(key: Any = None, name: str = "whatever the device says") -> str:
    builder = x509.CertificateSigningRequestBuilder().subject_name(_named(name))
    return builder.sign(key or make_key(), SHA256()).public_bytes(Encoding.PEM).decode()


def private_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def write_server_certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 as a broker needs it; gives the file that clients trust."""
    key, now = make_key(), real_now()
    made = (
        x509.CertificateBuilder()
        .subject_name(_named("127.0.0.1"))
        .issuer_name(_named("127.0.0.1"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=7))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .sign(key, SHA256())
    )
    chain = folder / "fullchain.pem"
    chain.write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "privkey.pem").write_text(private_pem(key))
    return chain


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
