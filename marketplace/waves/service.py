"""Decides who is asked to take a visit, wave by wave, and when to give up."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.scheduling.bookings.models import Booking
from dispatch.scheduling.bookings.queries import confirmed_by_visit
from dispatch.scheduling.checks.rules import ViolationCode
from dispatch.scheduling.checks.service import violations
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from dispatch.work_orders.queries import is_visit_plannable
from kernel.clock import now
from kernel.db import locked
from kernel.errors import Conflict, Invalid
from kernel.geo import Point
from marketplace.crowd import matching
from marketplace.crowd import queries as crowd
from marketplace.offers import queries as offers
from marketplace.offers.lifecycle import OPEN, UNANSWERED
from marketplace.offers.models import Offer
from marketplace.offers.service import send
from marketplace.waves import queries

HORIZON = timedelta(days=3)
"""How far ahead a start is proposed when the visit names no window."""
COOL_DOWN = timedelta(hours=2)
"""A visit that nobody took in its last wave is not offered again by itself before this."""
EMERGENCY = 5
BLOCKING = frozenset(
    {
        ViolationCode.OVERLAP,
        ViolationCode.TRAVEL,
        ViolationCode.LANGUAGE,
        ViolationCode.PINNED,
    }
)
"""What the schedule refuses, or somebody has fixed, beyond what matching looks at."""


def offer_visit(
    session: Session,
    visit_id: UUID,
    *,
    technician_ids: Collection[UUID] | None = None,
    pay_cents: int | None = None,
    wave: int = 1,
) -> list[Offer]:
    """Ask the best freelancers, or the named technicians, to take the visit.

    Who holds an open offer for it is not asked twice. Gives [] when nobody can take it. Raises
    Conflict `visit_not_offerable`, or Invalid `technician_not_eligible` with the reasons when
    somebody who was named cannot.
    """
    [visit] = locked(session, Visit, [visit_id])
    _require_offerable(session, visit)
    at = now(session)
    [job] = jobs_of(session, [visit], at)
    made = offers.list_of_visit(session, visit_id)
    people = crowd.list_freelancers(
        session,
        at,
        job.latest + timedelta(days=1),
        technician_ids=technician_ids,
        asked_before={offer.technician_id for offer in made},
    )
    verdicts = [matching.judge(job, person, wave=wave) for person in people]
    holding = {offer.technician_id for offer in made if offer.status in OPEN}
    able = matching.rank(
        v for v in verdicts if isinstance(v, matching.Candidate) and v.technician_id not in holding
    )
    if technician_ids is None:
        confirmed = (c for c in able if _why_not(session, visit, c) is None)
        asked = list(islice(confirmed, matching.WAVE_SIZE))
    else:
        asked = able
        _check_named(session, visit, technician_ids, able, verdicts)
    life = matching.lifetime(at, job.latest, is_emergency=visit.priority >= EMERGENCY)
    return send(session, visit, asked, life=life, wave=wave, pay_cents=pay_cents)


def offer_unserved(session: Session, visit_id: UUID) -> list[Offer]:
    """Start offering a visit that planning could not serve; nothing if that is under way."""
    [visit] = locked(session, Visit, [visit_id])
    made = offers.list_of_visit(session, visit_id)
    if not _is_offerable(session, visit) or any(offer.status in OPEN for offer in made):
        return []
    since = now(session) - COOL_DOWN
    if any(o.wave >= matching.WAVES and o.created_at > since for o in made):
        return []
    return _ask_or_hand_back(session, visit, wave=1)


def next_wave(session: Session, visit_id: UUID) -> list[Offer]:
    """Ask again, for more pay, once everybody of a wave has declined or let the offer expire."""
    [visit] = locked(session, Visit, [visit_id])
    made = offers.list_of_visit(session, visit_id)
    if not made or not _is_offerable(session, visit):
        return []
    last = made[-1]
    if any(o.status in OPEN for o in made) or last.status not in UNANSWERED:
        return []
    return _ask_or_hand_back(session, visit, wave=last.wave + 1)


def _ask_or_hand_back(session: Session, visit: Visit, *, wave: int) -> list[Offer]:
    made = offer_visit(session, visit.id, wave=wave) if wave <= matching.WAVES else []
    if not made:
        work_orders.mark_at_risk(session, visit)
    return made


def _why_not(
    session: Session, visit: Visit, candidate: matching.Candidate
) -> matching.Refusal | None:
    """What the schedule itself has against the proposal, such as the way from the stop before."""
    for found in violations(session, visit.id, candidate.technician_id, candidate.starts_at):
        if found.code in BLOCKING:
            return matching.Refusal(candidate.technician_id, str(found.code), found.sentence)
    return None


def _check_named(
    session: Session,
    visit: Visit,
    named: Collection[UUID],
    able: list[matching.Candidate],
    verdicts: list[matching.Candidate | matching.Refusal],
) -> None:
    refusals = [verdict for verdict in verdicts if isinstance(verdict, matching.Refusal)]
    refusals += filter(None, (_why_not(session, visit, candidate) for candidate in able))
    unknown = set(named) - {verdict.technician_id for verdict in verdicts}
    refusals += [matching.Refusal(key, "unknown", "Is not known.") for key in sorted(unknown)]
    if refusals:
        raise Invalid(
            "Not everybody who was named can take the visit.",
            code="technician_not_eligible",
            refusals=[
                {"technician_id": str(r.technician_id), "code": r.code, "sentence": r.sentence}
                for r in refusals
            ],
        )


def _require_offerable(session: Session, visit: Visit) -> None:
    if not _is_offerable(session, visit):
        raise Conflict(
            "Only an open visit for one person that nobody is assigned to can be offered.",
            code="visit_not_offerable",
            visit_status=str(visit.status),
            crew_size=visit.crew_size,
        )


def _is_offerable(session: Session, visit: Visit) -> bool:
    # A crew starts together or not at all, and one acceptance fills one seat only.
    return (
        visit.status is VisitStatus.UNSCHEDULED
        and visit.crew_size == 1
        and is_visit_plannable(session, visit.id)
    )


def jobs_of(session: Session, visits: Sequence[Visit], at: datetime) -> list[matching.Job]:
    """What each visit asks of a freelancer who is asked now; three SELECTs for all of them."""
    sites = queries.sites_by_id(session, {visit.site_id for visit in visits})
    ids = [visit.id for visit in visits]
    promises = confirmed_by_visit(session, ids)
    gone = offers.backed_out_by_visit(session, ids)
    return [
        _job(visit, sites[visit.site_id], promises.get(visit.id), gone[visit.id], at)
        for visit in visits
    ]


def _job(
    visit: Visit, site: Site, promise: Booking | None, gone: set[UUID], at: datetime
) -> matching.Job:
    opens, closes = (
        (promise.arrival_start, promise.arrival_end)
        if promise
        else (visit.window_start, visit.window_end)
    )
    earliest = max(moment for moment in (at, opens, visit.earliest_at) if moment is not None)
    return matching.Job(
        visit_id=visit.id,
        place=Point(site.latitude, site.longitude),
        skills=[(need["skill"], need["level"]) for need in visit.skills],
        credentials=visit.credentials,
        minutes=visit.duration_minutes,
        ready_at=at + matching.SHORTEST_LIFETIME,
        earliest=earliest,
        latest=closes or earliest + HORIZON,
        required=frozenset(visit.required_technician_ids),
        excluded=frozenset(visit.excluded_technician_ids) | gone,
        preferred=frozenset(visit.preferred_technician_ids),
    )
