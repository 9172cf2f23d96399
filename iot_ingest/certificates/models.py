"""The table of devices' certificates."""

import hashlib
import ssl
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from iot_ingest.certificates.lifecycle import CERTIFICATE, CertificateStatus
from kernel.db import Record, enum_of, guard_moves


class DeviceCertificate(Record):
    """A client certificate for MQTT; the device's id is its name. Whoever checks a certificate does
    so by the real clock, so all times here are real ones. `key_hash` is that of the public key."""

    __tablename__ = "device_certificates"
    __table_args__ = (Index("ix_device_certificates_not_after", "not_after"),)

    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"), index=True)
    status: Mapped[CertificateStatus] = mapped_column(
        enum_of(CertificateStatus), default=CertificateStatus.ACTIVE
    )
    serial: Mapped[str] = mapped_column(unique=True)
    key_hash: Mapped[str]
    pem: Mapped[str]
    not_before: Mapped[datetime]
    not_after: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    reminders: Mapped[int] = mapped_column(default=0, server_default="0")

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate in hexadecimal digits, as the device's own tools show it."""
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(self.pem)).hexdigest()


guard_moves(DeviceCertificate, "status", CERTIFICATE)
