"""Request and response shapes of certificates."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from iot_ingest.certificates.lifecycle import CertificateStatus
from kernel.http import RequestSchema, Schema


class SigningRequestIn(RequestSchema):
    """`csr`: a certificate signing request (PKCS #10) in PEM; the names in it are ignored."""

    csr: str = Field(min_length=1, max_length=8_000)
    days: int = Field(365, ge=1, le=825)


class RenewalIn(RequestSchema):
    """`csr`: a certificate signing request (PKCS #10) in PEM; the names in it are ignored."""

    csr: str = Field(min_length=1, max_length=8_000)


class CertificateOut(Schema):
    """`pem` is the certificate, its subject the device's id; `serial` is hexadecimal, and so is
    `fingerprint`, the SHA-256 of the certificate. `status` says nothing of its time."""

    id: UUID
    device_id: UUID
    device_name: str
    status: CertificateStatus
    serial: str
    fingerprint: str
    pem: str
    not_before: datetime
    not_after: datetime
    revoked_at: datetime | None
