"""Every write on certificates: issue, revoke, and the reminders before they end."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from iot_ingest.certificates import queries
from iot_ingest.certificates.lifecycle import (
    CERTIFICATE,
    MOST_AT_ONCE,
    REMIND_BEFORE,
    CertificateStatus,
    reminders_due,
)
from iot_ingest.certificates.models import DeviceCertificate
from iot_ingest.certificates.ports import device_authority
from iot_ingest.devices.lifecycle import DeviceStatus
from iot_ingest.devices.models import Device
from iot_ingest.events import DeviceCertificateEnding
from kernel.clock import real_now
from kernel.db import locked
from kernel.errors import Conflict, Invalid
from kernel.events import publish
from kernel.x509 import BadRequestError, read_request

LIFE = timedelta(days=365)
MOST_REMINDED = 5_000


def issue(
    session: Session, device_id: UUID, request: str, *, life: timedelta = LIFE
) -> DeviceCertificate:
    """A certificate for the key of a signing request in PEM. The same key again gives the one it
    has until half of its time is over, so a lost reply costs nothing.

    Raises NotFound, Invalid `bad_signing_request`, and Conflict `device_authority_off`,
    `device_revoked`, `too_many_certificates`.
    """
    authority = device_authority()
    if authority is None:
        raise Conflict("No authority for certificates is set up.", code="device_authority_off")
    try:
        read = read_request(request)
    except BadRequestError as error:
        raise Invalid(str(error), code="bad_signing_request") from error
    (device,) = locked(session, Device, [device_id])
    if device.status is not DeviceStatus.ACTIVE:
        raise Conflict("This device has no access any more.", code="device_revoked")
    now, in_force = real_now(), queries.list_in_force(session, device_id)
    for each in in_force:
        half = each.not_before + (each.not_after - each.not_before) / 2
        if each.key_hash == read.key_hash and now < half:
            return each
    if len(in_force) >= MOST_AT_ONCE:
        raise Conflict(
            f"A device has at most {MOST_AT_ONCE} certificates in force: revoke one.",
            code="too_many_certificates",
        )
    signed = authority.sign(read, str(device_id), now, life)
    made = DeviceCertificate(
        device_id=device_id,
        serial=signed.serial,
        key_hash=signed.key_hash,
        pem=signed.pem,
        not_before=signed.not_before,
        not_after=signed.not_after,
    )
    session.add(made)
    session.flush()
    return made


def revoke(session: Session, certificate_id: UUID) -> DeviceCertificate:
    """The broker refuses it within seconds and closes its connection. Revoking twice changes
    nothing. Raises NotFound."""
    (certificate,) = locked(session, DeviceCertificate, [certificate_id])
    if certificate.status is not CertificateStatus.REVOKED:
        CERTIFICATE.check(certificate.status, CertificateStatus.REVOKED)
        certificate.status, certificate.revoked_at = CertificateStatus.REVOKED, real_now()
        session.flush()
    return certificate


def remind_of_ends(session: Session) -> int:
    """Tell of certificates that end in 30, 7 and 1 days and have no successor, each once; gives
    how many were told of."""
    now, told = real_now(), 0
    for certificate in queries.lock_ending(session, now + REMIND_BEFORE[0], MOST_REMINDED):
        due = reminders_due(certificate.not_after - now)
        if due > certificate.reminders:
            certificate.reminders, told = due, told + 1
            publish(
                session,
                DeviceCertificateEnding(
                    certificate_id=certificate.id,
                    device_id=certificate.device_id,
                    not_after=certificate.not_after,
                ),
            )
    session.flush()
    return told
