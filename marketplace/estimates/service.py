"""Learns the chances of a yes and of coming, and tells the planner whom a visit could go to."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from dispatch.scheduling.problems.ports import CrowdEstimate
from dispatch.technicians.lifecycle import Employment
from dispatch.work_orders.models import Visit
from kernel.clock import now
from marketplace.crowd import matching
from marketplace.crowd.queries import has_freelancers, list_freelancers
from marketplace.estimates import queries
from marketplace.estimates.answer_times import USUAL_ANSWER, usual_minutes
from marketplace.estimates.features import ACCEPT_PRIOR, SHOW_PRIOR, Ask
from marketplace.estimates.jobs import jobs_of
from marketplace.estimates.learning import NAMES, Card, Model, believed
from marketplace.estimates.learning import learn as learned
from marketplace.estimates.models import LearnedChance

MOST_VISITS = 100
"""Estimated at once, the most urgent first: what waits beyond them is left out by any plan."""
MOST_PEOPLE = 12
"""Looked at per visit, those first whose yes is cheapest and likeliest."""
UPLIFTS_PCT = (0, 20)
EMERGENCY = 5
AT_ONCE = 3
"""A wave asks about so many at once, so that each takes a part of the time it stands."""


@dataclass(frozen=True)
class Chances:
    """Who says yes, who comes, and within how many minutes nine of ten say yes."""

    accept: Model
    show: Model
    answer_minutes: float = USUAL_ANSWER


def learn(session: Session) -> None:
    """Compute both models anew from the offers of half a year."""
    at = now(session)
    models = {
        "accept": learned(queries.list_answers(session, at), ACCEPT_PRIOR),
        "show": learned(queries.list_visits_of_offers(session, at), SHOW_PRIOR),
    }
    usual = usual_minutes(queries.list_yes_times(session, at))
    session.execute(delete(LearnedChance))
    for kind, model in models.items():
        session.add_all(_rows(kind, model, usual, at))
    session.flush()


def chances(session: Session, technician_ids: Collection[UUID] | None = None) -> Chances:
    """What was learned, or what is believed where nothing was."""
    rows = queries.list_learned(session, technician_ids)
    accept = _model([row for row in rows if row.kind == "accept"], believed(ACCEPT_PRIOR))
    show = _model([row for row in rows if row.kind == "show"], believed(SHOW_PRIOR))
    common = [row.values for row in rows if row.technician_id is None]
    return Chances(accept, show, common[0]["answer_minutes"] if common else USUAL_ANSWER)


def estimate(session: Session, visit_ids: Collection[UUID]) -> dict[UUID, list[CrowdEstimate]]:
    """By visit, the freelancers who could be asked at the usual pay and at a dearer one; partners
    have shifts of their own."""
    if not visit_ids or not has_freelancers(session):
        return {}
    at = now(session)
    visits = queries.list_most_urgent(session, visit_ids, MOST_VISITS)
    jobs = jobs_of(session, visits, at)
    if not jobs:
        return {}
    latest = max(job.latest for job in jobs) + timedelta(days=1)
    known = list_freelancers(session, at, latest)
    people = {one.technician_id: one for one in known if one.employment == Employment.FREELANCE}
    known_chances = chances(session, people)
    found = {}
    for visit, job in zip(visits, jobs, strict=True):
        life = matching.lifetime(at, job.latest, is_emergency=visit.priority >= EMERGENCY)
        able = [
            _estimates(job, person, one, known_chances, at, life)
            for person in people.values()
            if isinstance(
                one := matching.judge_unhurried(job, person, at + life), matching.Candidate
            )
        ]
        able.sort(key=lambda one: (one[0], one[1][0].technician_id))
        if able:
            found[visit.id] = [one for _, own in able[:MOST_PEOPLE] for one in own]
    return found


def chances_of_windows(
    session: Session,
    visit: Visit,
    windows: Sequence[tuple[datetime, datetime]],
    known_by: Sequence[datetime],
) -> list[int]:
    """The scheduling's `CrowdChances`: of those who could be asked one wave after the other until
    then, at the usual pay, that one says yes and comes."""
    at = now(session)
    [job] = jobs_of(session, [visit], at)
    latest = max(end for _, end in windows) + timedelta(days=1)
    people = [
        one
        for one in list_freelancers(session, at, latest)
        if one.employment == Employment.FREELANCE
    ]
    known = chances(session, {one.technician_id for one in people})
    return [
        _chance_of(replace(job, earliest=start, latest=end), people, known, at, told)
        for (start, end), told in zip(windows, known_by, strict=True)
    ]


def _chance_of(
    job: matching.Job,
    people: Sequence[matching.Freelancer],
    known: Chances,
    at: datetime,
    told: datetime,
) -> int:
    life = matching.lifetime(at, told, is_emergency=False)
    many = AT_ONCE * max(int((told - at) / life), 1)
    ready = job.from_then_on(told)
    usual = [
        _estimates(ready, person, one, known, at, life)[1][0]
        for person in people
        if isinstance(one := matching.judge(ready, person), matching.Candidate)
    ]
    likely = sorted((one.accept_pct * one.show_pct / 10_000 for one in usual), reverse=True)
    nobody = 1.0
    for chance in likely[:many]:
        nobody *= 1 - chance
    return int(100 * (1 - nobody))


def _estimates(
    job: matching.Job,
    person: matching.Freelancer,
    one: matching.Candidate,
    known: Chances,
    at: datetime,
    life: timedelta,
) -> tuple[float, list[CrowdEstimate]]:
    """What a yes at the usual pay costs with the asking, and the estimate at each pay."""
    ask = ask_of(job, person, one, at, life)
    show = known.show.chance(ask)
    pays = [one.pay_cents * (100 + uplift) // 100 for uplift in UPLIFTS_PCT]
    accepted = known.accept.chances(ask, pays)
    made = [
        CrowdEstimate(
            technician_id=one.technician_id,
            starts_at=one.starts_at,
            leaves_at=one.leaves_at,
            pay_cents=pay,
            accept_pct=round(100 * accept),
            show_pct=round(100 * show),
            answer=life / AT_ONCE,
        )
        for pay, accept in zip(pays, accepted, strict=True)
    ]
    return one.pay_cents / (accepted[0] * show), made


def ask_of(
    job: matching.Job,
    person: matching.Freelancer,
    one: matching.Candidate,
    at: datetime,
    life: timedelta,
) -> Ask:
    """The offer as the person would see it, in the local time of the site."""
    return Ask(
        technician_id=one.technician_id,
        pay_cents=one.pay_cents,
        hourly_cents=person.rate_for(job.skills),
        travel_seconds=one.way_seconds // 2,
        minutes=job.minutes,
        asked_at=at.astimezone(job.zone),
        starts_at=one.starts_at.astimezone(job.zone),
        life=life,
        asked_again=one.asked_before,
        is_beside=one.beside_visit_id is not None,
    )


def _rows(kind: str, model: Model, usual: float, at: datetime) -> Iterator[LearnedChance]:
    yield LearnedChance(
        kind=kind,
        learned_at=at,
        values={
            "weights": dict(zip(NAMES, model.weights, strict=True)),
            "slope": model.slope,
            "shift": model.shift,
            "card": asdict(model.card) if model.card else None,
            "answer_minutes": usual,
        },
    )
    for technician_id, value in model.people.items():
        parts = {part: v for (key, part), v in model.dayparts.items() if key == technician_id}
        yield LearnedChance(
            kind=kind,
            technician_id=technician_id,
            learned_at=at,
            values={"person": value, "dayparts": parts},
        )


def _model(rows: list[LearnedChance], prior: Model) -> Model:
    common = next((row.values for row in rows if row.technician_id is None), None)
    if common is None:
        return prior
    own = {row.technician_id: row.values for row in rows if row.technician_id is not None}
    card = common["card"]
    return Model(
        weights=tuple(common["weights"].get(name, 0.0) for name in NAMES),
        people={key: values["person"] for key, values in own.items()},
        dayparts={
            (k, part): v for k, values in own.items() for part, v in values["dayparts"].items()
        },
        slope=common["slope"],
        shift=common["shift"],
        card=Card(**card) if card else None,
    )
