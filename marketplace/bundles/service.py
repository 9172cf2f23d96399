"""Offers several visits as one route to those for whom it is worth most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.scheduling.crowd_shares.queries import used_up
from dispatch.work_orders.models import Visit
from kernel.clock import now
from kernel.db import locked
from kernel.errors import Conflict, Invalid
from marketplace.bundles.routing import Route, best_route
from marketplace.crowd import matching
from marketplace.crowd.matching import Candidate, Freelancer, Job
from marketplace.crowd.queries import list_freelancers
from marketplace.estimates import service as estimates
from marketplace.estimates.features import Ask
from marketplace.estimates.jobs import jobs_of
from marketplace.offers import queries as offers
from marketplace.offers.lifecycle import OfferKind
from marketplace.offers.models import Bundle, Offer
from marketplace.offers.service import send
from marketplace.pools.queries import technician_ids_of
from marketplace.waves.hurdles import require_offerable, why_not

AT_ONCE = 3
"""So many people are asked for a bundle at once."""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Taker:
    """Somebody who can do all of it, with the chance of a yes and of coming, in percent."""

    person: Freelancer
    route: Route
    pays: Sequence[int]
    accept_pct: int
    show_pct: int

    @property
    def cents_of_yes(self) -> float:
        """What a yes costs, with the asking that it takes."""
        return sum(self.pays) * 10_000 / max(self.accept_pct * self.show_pct, 1)


def offer_bundle(
    session: Session, visit_ids: Sequence[UUID], pool_id: UUID | None = None
) -> list[Offer]:
    """Ask the best three who can do all of it in one go; [] when nobody can.

    Raises Conflict `visit_not_offerable`, `visit_offered_already`, `crowd_share_used_up`; Invalid
    `bundle_of_one`.
    """
    if len(set(visit_ids)) < 2:
        raise Invalid("A bundle has several visits.", code="bundle_of_one")
    visits = locked(session, Visit, visit_ids)
    for visit in visits:
        require_offerable(session, visit)
        if offers.list_open_ids(session, visit.id):
            raise Conflict("Somebody is asked already.", code="visit_offered_already")
    at = now(session)
    jobs = jobs_of(session, visits, at)
    share = used_up(session, {job.visit_id: job.earliest for job in jobs})
    if share is not None:
        raise Conflict(share.sentence, code="crowd_share_used_up", share=share.name)
    life = matching.lifetime(at, min(job.latest for job in jobs), is_emergency=False)
    takers = _takers(session, jobs, at, life, pool_id)
    by_id = {visit.id: visit for visit in visits}
    chosen = [one for one in takers if _is_free(session, by_id, one)][:AT_ONCE]
    if not chosen:
        return []
    bundle = Bundle(visit_ids=sorted(by_id))
    session.add(bundle)
    session.flush()
    return [
        offer
        for one in chosen
        for offer in _send(session, bundle, by_id, one, at + life, len(chosen))
    ]


def _takers(
    session: Session, jobs: Sequence[Job], at: datetime, life: timedelta, pool_id: UUID | None
) -> list[_Taker]:
    """Everybody who can, the cheapest yes first."""
    people = list_freelancers(
        session,
        at,
        max(job.latest for job in jobs) + DAY,
        technician_ids=None if pool_id is None else technician_ids_of(session, pool_id),
    )
    known = estimates.chances(session, {person.technician_id for person in people})
    found = []
    for person in people:
        # each of them by itself first: skills, distance, blocks, proofs
        if any(isinstance(matching.judge(job, person), matching.Refusal) for job in jobs):
            continue
        route = best_route(jobs, person, at + life)
        if route is not None:
            found.append(_taker(person, route, known, at, life))
    return sorted(found, key=lambda one: (one.cents_of_yes, one.person.technician_id))


def _taker(
    person: Freelancer, route: Route, known: estimates.Chances, at: datetime, life: timedelta
) -> _Taker:
    first, pays = route.stops[0], route.pays(person)
    ask = Ask(
        technician_id=person.technician_id,
        pay_cents=sum(pays),
        hourly_cents=person.hourly_cents,
        travel_seconds=route.travel_seconds // 2,
        minutes=sum(stop.job.minutes for stop in route.stops),
        asked_at=at.astimezone(first.job.zone),
        starts_at=first.starts_at.astimezone(first.job.zone),
        life=life,
    )
    [accept] = known.accept.chances(ask, [ask.pay_cents])
    return _Taker(person, route, pays, round(100 * accept), round(100 * known.show.chance(ask)))


def _is_free(session: Session, visits: dict[UUID, Visit], one: _Taker) -> bool:
    return not any(
        why_not(session, visits[stop.job.visit_id], candidate)
        for stop, candidate in zip(one.route.stops, _candidates(one), strict=True)
    )


def _candidates(one: _Taker) -> list[Candidate]:
    return [
        Candidate(
            technician_id=one.person.technician_id,
            starts_at=stop.starts_at,
            ends_at=stop.ends_at,
            distance_m=0.0,
            travel_seconds=stop.travel_seconds,
            way_seconds=way,
            pay_cents=pay,
            currency=one.person.currency,
            asked_before=False,
            preferred=False,
        )
        for stop, way, pay in zip(one.route.stops, one.route.ways, one.pays, strict=True)
    ]


def _send(
    session: Session,
    bundle: Bundle,
    visits: dict[UUID, Visit],
    one: _Taker,
    until: datetime,
    asked_count: int,
) -> list[Offer]:
    ends = min(until, one.route.stops[0].leaves_at)
    return [
        offer
        for stop, candidate in zip(one.route.stops, _candidates(one), strict=True)
        for offer in send(
            session,
            visits[stop.job.visit_id],
            [candidate],
            life=timedelta(),
            expires_at=ends,
            wave=1,
            asked_count=asked_count,
            chances={one.person.technician_id: (one.accept_pct, one.show_pct)},
            kind=OfferKind.BUNDLE,
            bundle_id=bundle.id,
        )
    ]
