"""Reads when a provider's people work and are away, and what an absence would touch."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.technicians.models import Absence, Shift, Technician
from dispatch.technicians.queries import get_technician
from dispatch.work_orders.lifecycle import AT_WORK_VISITS, OPEN_VISITS
from kernel.clock import now
from kernel.errors import NotFound
from marketplace.pay_terms.queries import terms_in_force
from marketplace.payouts.lifecycle import share_of
from marketplace.payouts.queries import list_agreed
from mobile_api.provider.queries import OwnJob, list_jobs, require_own


@dataclass(frozen=True)
class Touched:
    """A job that an absence would touch, and what giving it back costs now."""

    job: OwnJob
    stays: bool
    fee_cents: int
    currency: str


def get_own_shift(session: Session, provider_id: UUID, shift_id: UUID) -> Shift:
    """NotFound when it is of nobody of the provider's."""
    shift = session.get(Shift, shift_id)
    if shift is None or not _is_own(session, provider_id, shift.technician_id):
        raise NotFound("shift", shift_id)
    return shift


def get_own_absence(session: Session, provider_id: UUID, absence_id: UUID) -> Absence:
    """NotFound when it is of nobody of the provider's."""
    absence = session.get(Absence, absence_id)
    if absence is None or not _is_own(session, provider_id, absence.technician_id):
        raise NotFound("absence", absence_id)
    return absence


def _is_own(session: Session, provider_id: UUID, technician_id: UUID) -> bool:
    return get_technician(session, technician_id).provider_id == provider_id


def list_touched(
    session: Session, provider_id: UUID, technician_id: UUID, start: datetime, end: datetime
) -> list[Touched]:
    """Jobs that an absence in `[start, end)` would touch, in order of time."""
    own = get_technician(session, require_own(session, provider_id, technician_id))
    jobs = list_jobs(session, provider_id, start, end, own.id)
    return [_touched(session, own, job) for job in jobs if job.visit.status in OPEN_VISITS]


def _touched(session: Session, own: Technician, job: OwnJob) -> Touched:
    if job.visit.status in AT_WORK_VISITS:
        return Touched(job, stays=True, fee_cents=0, currency=own.currency)
    pct = terms_in_force(session).back_out_pct(job.row.starts_at - now(session))
    for agreed in list_agreed(session, job.visit.id, own.id):
        return Touched(job, False, share_of(agreed.cents, pct), agreed.currency)
    return Touched(job, stays=False, fee_cents=0, currency=own.currency)
