"""Who may be asked to take a visit, when, at what pay, and who is asked first."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from uuid import UUID

from dispatch.travel.times import travel_times
from kernel.geo import Point, distance_m

Interval = tuple[datetime, datetime]

CROWD = frozenset({"freelance", "partner"})
UPLIFT_PER_WAVE_PCT = 10
SHORTEST_LIFETIME = timedelta(minutes=10)
"""Also the time between asking and the earliest moment somebody may have to leave."""
LONGEST_LIFETIME = timedelta(hours=2)


@dataclass(frozen=True)
class SkillHeld:
    """A skill at a level, held in `[valid_from, valid_until)`; open where None."""

    skill: str
    level: int
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    def covers(self, skill: str, level: int, at: datetime) -> bool:
        """Does this prove the skill at that level at that moment?"""
        return (
            self.skill == skill
            and self.level >= level
            and (self.valid_from is None or self.valid_from <= at)
            and (self.valid_until is None or at < self.valid_until)
        )


@dataclass(frozen=True)
class Job:
    """What a visit asks of a freelancer.

    Nobody has to leave before `ready_at`; the arrival must fall into [earliest, latest].
    """

    visit_id: UUID
    place: Point
    skills: Sequence[tuple[str, int]]
    credentials: Collection[str]
    minutes: int
    ready_at: datetime
    earliest: datetime
    latest: datetime
    required: frozenset[UUID] = frozenset()
    excluded: frozenset[UUID] = frozenset()
    preferred: frozenset[UUID] = frozenset()
    zone: tzinfo = UTC
    """Of the site: what is morning there."""
    is_promised: bool = False
    """The customer has a confirmed window."""

    def from_then_on(self, moment: datetime) -> "Job":
        """The same, with nobody having to leave before that moment."""
        return replace(self, ready_at=max(self.ready_at, moment))


@dataclass(frozen=True)
class OwnJob:
    """A job that somebody has already: where the person is then anyway."""

    visit_id: UUID
    place: Point
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Freelancer:
    """What is known of a person who may be asked."""

    technician_id: UUID
    employment: str
    active: bool
    home: Point
    max_travel_km: float
    hourly_cents: int
    travel_cents_per_hour: int
    currency: str
    speed_pct: int = 100
    skills: Sequence[SkillHeld] = ()
    credentials: Mapping[str, datetime | None] = field(default_factory=dict)
    cleared_until: datetime | None = None
    """Work that ends later may not be given; `bar` says why, as a code and a sentence."""
    bar: tuple[str, str] = ("", "")
    skill_cents: Mapping[str, int] = field(default_factory=dict)
    """Cents per hour of work that asks for a skill, in place of `hourly_cents`."""
    minimum_cents: int = 0
    """The least for a visit."""
    week_minutes: Mapping[tuple[int, int], int] = field(default_factory=dict)
    """Work that each ISO week (year, number) in the local time of `zone` has already."""
    max_week_minutes: int | None = None
    zone: tzinfo = UTC
    available: Sequence[Interval] = ()
    busy: Sequence[Interval] = ()
    own_jobs: Sequence[OwnJob] = ()
    asked_before: bool = False

    def rate_for(self, skills: Sequence[tuple[str, int]]) -> int:
        """Cents per hour of work that asks for these skills: the dearest of the rate card."""
        return rate_for(self.hourly_cents, self.skill_cents, [skill for skill, _ in skills])


def rate_for(hourly_cents: int, skill_cents: Mapping[str, int], skills: Iterable[str]) -> int:
    """Cents per hour of work that asks for these skills."""
    own = [skill_cents[skill] for skill in skills if skill in skill_cents]
    return max(own, default=hourly_cents)


@dataclass(frozen=True)
class Candidate:
    """A freelancer who can take the job, with the proposal that would be made."""

    technician_id: UUID
    starts_at: datetime
    ends_at: datetime
    distance_m: float
    travel_seconds: int
    way_seconds: int
    """What the job adds to the travel of the day, for which the person is paid: there and back, or
    less beside a job that the person has."""
    pay_cents: int
    currency: str
    asked_before: bool
    preferred: bool
    beside_visit_id: UUID | None = None
    """The job of the person's own from which the way was reckoned."""
    apart_cents: int = 0
    """What is paid besides if that job falls away."""

    @property
    def leaves_at(self) -> datetime:
        """When the freelancer must set off to arrive in time."""
        return self.starts_at - timedelta(seconds=self.travel_seconds)


@dataclass(frozen=True)
class Refusal:
    """Why a freelancer cannot take the job."""

    technician_id: UUID
    code: str
    sentence: str


def judge(job: Job, freelancer: Freelancer, *, wave: int = 1) -> Candidate | Refusal:
    """The proposal for this freelancer, or the first reason why there is none."""
    distance = distance_m(freelancer.home, job.place)
    refusal = _refusal(job, freelancer, distance)
    if refusal:
        return Refusal(freelancer.technician_id, *refusal)
    travel = timedelta(seconds=travel_times().between(freelancer.home, job.place))
    work = timedelta(minutes=-(-job.minutes * 100 // freelancer.speed_pct))
    starts_at = propose_start(job, freelancer, travel, work)
    if starts_at is None:
        return Refusal(freelancer.technician_id, "not_free", "Has no free time in the window.")
    if not has_hours_left(freelancer, starts_at, work):
        return Refusal(freelancer.technician_id, "hours_full", "Has no hours left in that week.")
    missing = missing_proof(job, freelancer, starts_at, starts_at + work)
    if missing:
        return Refusal(freelancer.technician_id, *missing)
    return Candidate(
        technician_id=freelancer.technician_id,
        starts_at=starts_at,
        ends_at=starts_at + work,
        distance_m=distance,
        travel_seconds=int(travel.total_seconds()),
        way_seconds=2 * int(travel.total_seconds()),
        pay_cents=pay(
            freelancer,
            minutes=job.minutes,
            way=2 * travel,
            wave=wave,
            hourly_cents=freelancer.rate_for(job.skills),
        ),
        currency=freelancer.currency,
        asked_before=freelancer.asked_before,
        preferred=freelancer.technician_id in job.preferred,
    )


def judge_unhurried(job: Job, freelancer: Freelancer, answered_by: datetime) -> Candidate | Refusal:
    """As `judge`, with a proposal that nobody has to leave for before the offer has run out; the
    earliest one where there is no time for that."""
    unhurried = judge(job.from_then_on(answered_by), freelancer)
    return unhurried if isinstance(unhurried, Candidate) else judge(job, freelancer)


def rank(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Whom to ask first: new people, preferred ones, the nearest, the cheapest."""
    return sorted(
        candidates,
        key=lambda c: (
            c.asked_before,
            not c.preferred,
            c.distance_m,
            c.pay_cents,
            c.technician_id,
        ),
    )


def pay(
    freelancer: Freelancer,
    *,
    minutes: int,
    way: timedelta,
    wave: int,
    hourly_cents: int | None = None,
) -> int:
    """Cents for the expected minutes and the whole way, dearer with every wave, and never
    less than the person's minimum; by the usual rate unless another is given."""
    # Whole-number arithmetic in cent-seconds: no float may decide a cent of somebody's pay.
    rate = freelancer.hourly_cents if hourly_cents is None else hourly_cents
    work = rate * minutes * 60
    travel = freelancer.travel_cents_per_hour * int(way.total_seconds())
    uplift = 100 + UPLIFT_PER_WAVE_PCT * (wave - 1)
    least = (freelancer.minimum_cents * uplift + 50) // 100
    return max(((work + travel) * uplift + 180_000) // 360_000, least)


def propose_start(
    job: Job, freelancer: Freelancer, travel: timedelta, work: timedelta
) -> datetime | None:
    """The first arrival in the window such that the trip and the work fit into free time."""
    for opens, closes in sorted(freelancer.available):
        start = whole_minute(max(job.earliest, max(opens, job.ready_at) + travel))
        for busy_from, busy_until in sorted(freelancer.busy):
            if start - travel < busy_until and busy_from < start + work:
                start = whole_minute(max(start, busy_until + travel))
        if start <= job.latest and start + work <= closes:
            return start
    return None


def last_start(
    job: Job, freelancer: Freelancer, travel: timedelta, work: timedelta
) -> datetime | None:
    """The last arrival in the window such that the trip and the work fit into free time."""
    found = []
    for opens, closes in freelancer.available:
        first = max(job.earliest, max(opens, job.ready_at) + travel)
        for ends in (closes, *(start for start, _ in freelancer.busy if start < closes)):
            start = min(job.latest, ends - work)
            if start >= first and not any(
                start - travel < until and begins < start + work
                for begins, until in freelancer.busy
            ):
                found.append(start)
    return max(found, default=None)


def whole_minute(moment: datetime) -> datetime:
    """That minute or the next one: planned times are whole minutes."""
    cut = moment.replace(second=0, microsecond=0)
    return cut if cut == moment else cut + timedelta(minutes=1)


def lifetime(now: datetime, latest: datetime, *, is_emergency: bool) -> timedelta:
    """How long an offer stands: a sixth of the time left, from ten minutes to two hours."""
    if is_emergency:
        return SHORTEST_LIFETIME
    return min(max((latest - now) / 6, SHORTEST_LIFETIME), LONGEST_LIFETIME)


def _refusal(job: Job, freelancer: Freelancer, distance: float) -> tuple[str, str] | None:
    technician_id = freelancer.technician_id
    if not freelancer.active:
        return "inactive", "Is not active."
    if freelancer.employment not in CROWD:
        return "not_a_freelancer", "Is employed in house; plan the visit instead."
    if technician_id in job.excluded:
        return "excluded", "Is excluded from this visit."
    if job.required and technician_id not in job.required:
        return "not_required", "Another technician is required for this visit."
    if distance > freelancer.max_travel_km * 1000:
        kilometres = f"{distance / 1000:.0f} km, goes {freelancer.max_travel_km:.0f} km"
        return "too_far", f"Lives too far away: {kilometres}."
    return None


def has_hours_left(freelancer: Freelancer, starts_at: datetime, work: timedelta) -> bool:
    if freelancer.max_week_minutes is None:
        return True
    year, week, _ = starts_at.astimezone(freelancer.zone).isocalendar()
    taken = freelancer.week_minutes.get((year, week), 0)
    return taken + work // timedelta(minutes=1) <= freelancer.max_week_minutes


def missing_proof(
    job: Job, freelancer: Freelancer, starts_at: datetime, ends_at: datetime
) -> tuple[str, str] | None:
    if freelancer.cleared_until is not None and freelancer.cleared_until < ends_at:
        return freelancer.bar
    for skill, level in job.skills:
        if not any(held.covers(skill, level, starts_at) for held in freelancer.skills):
            return "skill_missing", f"Lacks {skill} at level {level} at that time."
    for kind in job.credentials:
        if kind not in freelancer.credentials:
            return "credential_missing", f"Has no valid {kind}."
        expires_at = freelancer.credentials[kind]
        if expires_at is not None and expires_at <= ends_at:
            return "credential_expired", f"The {kind} expires before the visit ends."
    return None
