"""HTTP for a provider's manager to say when own people work and are away."""

from datetime import timedelta
from uuid import UUID

from dispatch.technicians import queries as technicians
from dispatch.technicians.models import Absence, Shift
from dispatch.technicians.schemas import AbsenceIn, AbsenceOut, BreakShape, ShiftIn, ShiftOut
from dispatch.technicians.service import BreakWanted, add_shift, report_own_absence
from dispatch.territories.queries import get_territory
from kernel import clock
from kernel.http import Router, Session
from kernel.shapes import Moment
from mobile_api.provider.access import ProviderId
from mobile_api.provider.queries import require_own
from mobile_api.provider.times import queries, service
from mobile_api.provider.times.schemas import JobInAbsence, OwnTimes
from mobile_api.provider.views import job_shown

AHEAD = timedelta(days=365)
FORTNIGHT = timedelta(days=14)

router = Router(prefix="/api/provider", tags=["provider"])


@router.get("/people/{technician_id}/times")
def own_times(technician_id: UUID, provider_id: ProviderId, session: Session) -> OwnTimes:
    """When somebody of one's own works and is away, a year ahead."""
    own = require_own(session, provider_id, technician_id)
    home = get_territory(session, technicians.get_technician(session, own).territory_id)
    first = clock.now(session)
    shifts = technicians.list_shifts(session, [own], first, first + AHEAD)
    absences = technicians.list_absences(session, [own], first, first + AHEAD)
    return OwnTimes(
        time_zone=home.time_zone,
        shifts=[ShiftOut.model_validate(one) for one in shifts],
        absences=[AbsenceOut.model_validate(one) for one in absences],
    )


@router.post("/people/{technician_id}/shifts", response_model=ShiftOut, status_code=201)
def add(technician_id: UUID, body: ShiftIn, provider_id: ProviderId, session: Session) -> Shift:
    """When somebody of one's own works; nobody but the office may set rules aside."""
    own = require_own(session, provider_id, technician_id)
    wanted = body.model_dump(exclude={"breaks", "override_reason"})
    return add_shift(session, own, **wanted, breaks=_breaks(body.breaks))


@router.put("/shifts/{shift_id}", response_model=ShiftOut)
def change_shift(shift_id: UUID, body: ShiftIn, provider_id: ProviderId, session: Session) -> Shift:
    """Another shift in its place, with an id of its own; jobs stay as they are."""
    return service.change_shift(
        session,
        provider_id,
        shift_id,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        breaks=_breaks(body.breaks),
    )


@router.delete("/shifts/{shift_id}", status_code=204)
def remove_shift(shift_id: UUID, provider_id: ProviderId, session: Session) -> None:
    """Nobody is asked for more work in that time; jobs stay as they are."""
    service.remove_shift(session, provider_id, shift_id)


@router.get("/people/{technician_id}/absence-effects")
def absence_effects(
    technician_id: UUID,
    provider_id: ProviderId,
    session: Session,
    start: Moment | None = None,
    end: Moment | None = None,
) -> list[JobInAbsence]:
    """Which jobs an absence would touch, and what would become of them; from now for two weeks
    unless said otherwise."""
    first = start or clock.now(session)
    touched = queries.list_touched(
        session, provider_id, technician_id, first, end or first + FORTNIGHT
    )
    return [
        JobInAbsence(
            job=job_shown(one.job), stays=one.stays, fee_cents=one.fee_cents, currency=one.currency
        )
        for one in touched
    ]


@router.post("/people/{technician_id}/absences", response_model=AbsenceOut, status_code=201)
def report_absence(
    technician_id: UUID, body: AbsenceIn, provider_id: ProviderId, session: Session
) -> Absence:
    """Somebody of one's own will be away; what was to be done then is given back."""
    own = require_own(session, provider_id, technician_id)
    return report_own_absence(session, own, **body.model_dump())


@router.put("/absences/{absence_id}", response_model=AbsenceOut)
def change_absence(
    absence_id: UUID, body: AbsenceIn, provider_id: ProviderId, session: Session
) -> Absence:
    """Another absence in its place, with an id of its own."""
    return service.change_absence(session, provider_id, absence_id, **body.model_dump())


@router.delete("/absences/{absence_id}", status_code=204)
def withdraw_absence(absence_id: UUID, provider_id: ProviderId, session: Session) -> None:
    """The person is there after all; jobs that were given back stay with others."""
    service.withdraw_absence(session, provider_id, absence_id)


def _breaks(wanted: list[BreakShape]) -> list[BreakWanted]:
    return [BreakWanted(**one.model_dump()) for one in wanted]
