"""Every SELECT on devices' certificates."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from iot_ingest.certificates.lifecycle import CertificateStatus
from iot_ingest.certificates.models import DeviceCertificate
from iot_ingest.devices.lifecycle import DeviceStatus
from iot_ingest.devices.models import Device
from kernel.clock import real_now
from kernel.db import among

LONG_OVER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Barred:
    """A certificate that opens nothing any more: revoked, of a revoked device, or over."""

    serial: str
    device_id: UUID
    since: datetime
    is_over: bool


def list_in_force(session: Session, device_id: UUID) -> Sequence[DeviceCertificate]:
    return session.scalars(
        select(DeviceCertificate)
        .where(
            DeviceCertificate.device_id == device_id,
            DeviceCertificate.status == CertificateStatus.ACTIVE,
            DeviceCertificate.not_after > real_now(),
        )
        .order_by(DeviceCertificate.not_after.desc())
    ).all()


def list_barred(session: Session) -> list[Barred]:
    """Those that a broker may still have a connection of: not yet over for a day."""
    now = real_now()
    rows = session.execute(
        select(
            DeviceCertificate.serial,
            DeviceCertificate.device_id,
            func.coalesce(DeviceCertificate.revoked_at, DeviceCertificate.not_before),
            DeviceCertificate.not_after <= now,
        )
        .join(Device, Device.id == DeviceCertificate.device_id)
        .where(
            DeviceCertificate.not_after > now - LONG_OVER,
            or_(
                DeviceCertificate.status == CertificateStatus.REVOKED,
                Device.status == DeviceStatus.REVOKED,
                DeviceCertificate.not_after <= now,
            ),
        )
        .order_by(DeviceCertificate.serial)
    )
    return [Barred(*row) for row in rows]


def select_certificates(
    device_id: UUID | None = None, ending_before: datetime | None = None
) -> Select[DeviceCertificate]:
    """All, or those of a device, or those in force that end soon and have no successor."""
    if device_id is not None:
        return select(DeviceCertificate).where(DeviceCertificate.device_id == device_id)
    if ending_before is None:
        return select(DeviceCertificate)
    newer = aliased(DeviceCertificate)
    return (
        select(DeviceCertificate)
        .join(Device, Device.id == DeviceCertificate.device_id)
        .where(
            DeviceCertificate.status == CertificateStatus.ACTIVE,
            DeviceCertificate.not_after > real_now(),
            DeviceCertificate.not_after <= ending_before,
            Device.status == DeviceStatus.ACTIVE,
            ~select(newer.id)
            .where(
                newer.device_id == DeviceCertificate.device_id,
                newer.status == CertificateStatus.ACTIVE,
                newer.not_after > DeviceCertificate.not_after,
            )
            .exists(),
        )
    )


def device_names(session: Session, certificates: Collection[DeviceCertificate]) -> dict[UUID, str]:
    wanted = {each.device_id for each in certificates}
    rows = session.execute(select(Device.id, Device.name).where(among(Device.id, wanted)))
    return dict(rows.all())


def lock_ending(session: Session, before: datetime, most: int) -> Sequence[DeviceCertificate]:
    return session.scalars(
        select_certificates(ending_before=before)
        .order_by(DeviceCertificate.id)
        .limit(most)
        .with_for_update(of=DeviceCertificate, skip_locked=True)
    ).all()
