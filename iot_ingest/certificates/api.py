"""HTTP: devices get certificates, the office sees and revokes them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from sqlalchemy.orm import Session as OrmSession

from dispatch.accounts.roles import ADMIN, DISPATCHER, OFFICE, SUPERVISOR
from iot_ingest.certificates import queries, service
from iot_ingest.certificates.models import DeviceCertificate
from iot_ingest.certificates.schemas import CertificateOut, RenewalIn, SigningRequestIn
from iot_ingest.devices.api import CurrentDevice
from iot_ingest.devices.models import Device
from kernel.auth import require
from kernel.clock import real_now
from kernel.db import get
from kernel.http import Page, Router, Session, paginate
from kernel.principal import Principal

of_devices = Router(prefix="/api/devices", tags=["devices"])
certificates = Router(prefix="/api/device-certificates", tags=["devices"])
# The same key gets the same certificate, so a repeated request needs no Idempotency-Key.
own = Router(prefix="/api/ingest", tags=["ingest"], idempotent=False)

Office = Annotated[Principal, Depends(require(*OFFICE))]
Registrar = Annotated[Principal, Depends(require(DISPATCHER, SUPERVISOR, ADMIN))]
Limit = Annotated[int, Query(ge=1, le=200)]


@of_devices.post("/{device_id}/certificates", status_code=201)
def issue_certificate(
    session: Session, registrar: Registrar, device_id: UUID, body: SigningRequestIn
) -> CertificateOut:
    made = service.issue(session, device_id, body.csr, life=timedelta(days=body.days))
    return _show(session, [made])[0]


@of_devices.get("/{device_id}/certificates")
def list_certificates_of_device(
    session: Session,
    office: Office,
    device_id: UUID,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Page[CertificateOut]:
    get(session, Device, device_id)
    found = queries.select_certificates(device_id)
    rows, following = paginate(session, found, DeviceCertificate.id, cursor, limit)
    return Page(items=_show(session, rows), next_cursor=following)


@certificates.get("")
def list_certificates(
    session: Session,
    office: Office,
    days: Annotated[int | None, Query(ge=1, le=825)] = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Page[CertificateOut]:
    """The newest first; with `days` those in force that end within so many days while their
    device has no newer one."""
    before = None if days is None else real_now() + timedelta(days=days)
    found = queries.select_certificates(ending_before=before)
    rows, following = paginate(
        session, found, DeviceCertificate.id, cursor, limit, newest_first=True
    )
    return Page(items=_show(session, rows), next_cursor=following)


@certificates.post("/{certificate_id}/revoke")
def revoke_certificate(
    session: Session, registrar: Registrar, certificate_id: UUID
) -> CertificateOut:
    return _show(session, [service.revoke(session, certificate_id)])[0]


@own.post("/certificates", status_code=201)
def get_own_certificate(session: Session, device: CurrentDevice, body: RenewalIn) -> CertificateOut:
    """A device with its token gets a certificate, and a new one before that ends."""
    return _show(session, [service.issue(session, device.id, body.csr)])[0]


def _show(session: OrmSession, found: Sequence[DeviceCertificate]) -> list[CertificateOut]:
    names = queries.device_names(session, found)
    told = ("id", "device_id", "status", "serial", "fingerprint", "pem")
    times = ("not_before", "not_after", "revoked_at")
    return [
        CertificateOut.model_validate(
            {
                "device_name": names[each.device_id],
                **{name: getattr(each, name) for name in (*told, *times)},
            }
        )
        for each in found
    ]


router = APIRouter()
router.include_router(of_devices)
router.include_router(certificates)
router.include_router(own)
