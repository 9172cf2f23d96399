"""Plays a month under one policy: offers, answers, broken words, fallbacks; what it all cost."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Protocol
from uuid import UUID

from benchmarks.market.people import BEGIN, DAYS, Person, Proposal, breaks_word, react
from benchmarks.market.visits import Overflow, Staff
from dispatch.travel.times import TravelTimes, travel_times
from kernel.geo import Point, distance_m
from marketplace.crowd.matching import Candidate, Freelancer, OwnJob, judge_unhurried
from marketplace.estimates.features import Ask

PAUSE_AT_HOME = timedelta(hours=1)
"""With more time than that between two jobs people go home."""
ARRIVES_LATE = timedelta(minutes=20)
"""When it is clear that somebody does not show up."""


@dataclass(frozen=True)
class Sent:
    """What a policy proposes to somebody, and how likely it takes a yes to be."""

    candidate: Candidate
    pay_cents: int
    life: timedelta
    said: float


@dataclass
class Case:
    """A visit on its way through the month."""

    visit: Overflow
    wave: int = 0
    open: dict[UUID, Sent] = field(default_factory=dict)
    times: Counter[UUID] = field(default_factory=Counter)
    """How often each was asked."""
    refused: dict[UUID, int] = field(default_factory=dict)
    """Who said no, and to how many cents."""
    gone: set[UUID] = field(default_factory=set)
    accepted_at: datetime | None = None
    began_at: datetime | None = None
    is_over: bool = False
    qualified: list[Person] | None = None
    offers: int = 0
    cents: int = 0


class Remembered(TravelTimes):
    """Straight lines, each worked out once."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[tuple[Point, Point], int] = {}

    def between(self, origin: Point, target: Point, at: datetime | None = None) -> int:
        if (origin, target) not in self._known:
            self._known[origin, target] = super().between(origin, target, at)
        return self._known[origin, target]


class Policy(Protocol):
    """Who is asked next. Sees profiles, what was answered, and nothing else."""

    asks: bool
    rest: timedelta | None
    """After which a visit that nobody was asked for is looked at again; None: staff at once."""

    def notice(self, case: Case, now: datetime) -> timedelta:
        """How long after being asked nobody has to leave, where there is time for that."""
        ...

    def wave(
        self, case: Case, able: Sequence[tuple[Freelancer, Candidate]], now: datetime
    ) -> list[Sent]: ...

    def answered(self, ask: Ask, *, was_yes: bool, after: timedelta, now: datetime) -> None: ...

    def came(self, ask: Ask, *, did_come: bool, now: datetime) -> None: ...

    def night(self, now: datetime) -> None: ...


class World:
    """One month; the same people, visits and luck for every policy."""

    def __init__(
        self, people: Sequence[Person], visits: Sequence[Overflow], policy: Policy
    ) -> None:
        self.people, self.policy = {one.key: one for one in people}, policy
        self.cases = [Case(visit) for visit in visits]
        self.earned: Counter[UUID] = Counter()
        self.paid: list[tuple[int, int]] = []
        self.predicted: list[tuple[float, bool]] = []
        self._staff = Staff()
        self._busy: dict[UUID, list[tuple[datetime, datetime, int]]] = defaultdict(list)
        self._own: dict[UUID, list[OwnJob]] = defaultdict(list)
        self._got: dict[UUID, list[datetime]] = defaultdict(list)
        self._taken: Counter[tuple[UUID, date]] = Counter()
        self._queue: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._count = 0

    def play(self) -> None:
        for case in self.cases:
            self._at(case.visit.published, partial(self._next_wave, case))
            self._at(case.visit.alarm_at, partial(self._alarm, case))
        for day in range(1, DAYS + 4):
            self._at(BEGIN + timedelta(days=day, hours=3), self.policy.night)
        while self._queue:
            moment, _, act = heapq.heappop(self._queue)
            act(moment)

    def _at(self, moment: datetime, act: Callable[[datetime], None]) -> None:
        self._count += 1
        heapq.heappush(self._queue, (moment, self._count, act))

    def _next_wave(self, case: Case, now: datetime) -> None:
        if case.is_over or case.accepted_at or case.open or now >= case.visit.alarm_at:
            return
        case.wave += 1
        able = self._able(case, now) if self.policy.asks else []
        sent = self.policy.wave(case, able, now)
        if not sent:
            self._rest(case, now)
        for one in sent:
            self._send(case, one, now)

    def _rest(self, case: Case, now: datetime) -> None:
        """Sends staff, unless the policy looks again later and staff could still come then."""
        rest = self.policy.rest
        if rest is None or now + rest >= case.visit.alarm_at or not case.visit.can_wait:
            self._send_staff(case, now)
        else:
            case.wave = 0
            self._at(now + rest, partial(self._next_wave, case))

    def _able(self, case: Case, now: datetime) -> list[tuple[Freelancer, Candidate]]:
        job, found = case.visit.job(now), []
        answered_by = now + self.policy.notice(case, now)
        for one in self._qualified(case):
            if (now - BEGIN).days < one.joins_on or one.key in case.gone:
                continue
            profile = replace(
                one.profile,
                busy=[(a, b) for a, b, _ in self._busy[one.key] if b > now],
                own_jobs=self._own[one.key],
                available=[span for span in one.profile.available if span[1] > now][:5],
            )
            verdict = judge_unhurried(job, profile, answered_by)
            if isinstance(verdict, Candidate):
                found.append((profile, verdict))
        return found

    def _qualified(self, case: Case) -> list[Person]:
        """Those with the skill who live near enough, whenever they have time."""
        if case.qualified is None:
            (skill, level), place = case.visit.skill, case.visit.place
            case.qualified = [
                one
                for one in self.people.values()
                if any(h.skill == skill and h.level >= level for h in one.profile.skills)
                and distance_m(one.profile.home, place) <= one.profile.max_travel_km * 1000
            ]
        return case.qualified

    def _proposal(self, case: Case, sent: Sent) -> Proposal:
        one, person = sent.candidate, self.people[sent.candidate.technician_id].profile
        part = Ask(one.technician_id, 0, 1, 0, 1, one.starts_at, one.starts_at, sent.life).daypart
        own = self._own[one.technician_id]
        way = added_way(person.home, own, case.visit.place, one.starts_at, one.ends_at)
        return Proposal(sent.pay_cents, case.visit.minutes, way // 2, one.starts_at, part)

    def _send(self, case: Case, sent: Sent, now: datetime) -> None:
        key = sent.candidate.technician_id
        case.open[key] = sent
        case.times[key] += 1
        case.offers += 1
        self._got[key] = [moment for moment in self._got[key] if now - moment < timedelta(days=1)]
        reaction = react(
            self.people[key],
            self._proposal(case, sent),
            now,
            got_today=len(self._got[key]),
            taken_today=self._taken[key, sent.candidate.starts_at.date()],
            key=str(case.visit.id),
        )
        self._got[key].append(now)
        life = _life(case, sent, now)
        if reaction.after is not None and reaction.after < life:
            answer = partial(self._answer, case, sent, now, reaction.says_yes)
            self._at(now + reaction.after, answer)
        else:
            self._at(now + life, partial(self._expire, case, sent, now))

    def _answer(self, case: Case, sent: Sent, asked: datetime, yes: bool, now: datetime) -> None:
        key = sent.candidate.technician_id
        if case.open.get(key) is not sent:
            return
        del case.open[key]
        leaves, ends = sent.candidate.leaves_at, sent.candidate.ends_at
        if yes and any(a < ends and leaves < b for a, b, _ in self._busy[key]):
            self._after_no(case, now)  # has taken another job meanwhile
            return
        self._learn(case, sent, asked, yes=yes, now=now)
        if yes:
            self._accept(case, sent, asked, now)
        else:
            case.refused[key] = sent.pay_cents
            self._after_no(case, now)

    def _expire(self, case: Case, sent: Sent, asked: datetime, now: datetime) -> None:
        if case.open.get(sent.candidate.technician_id) is not sent:
            return
        del case.open[sent.candidate.technician_id]
        self._learn(case, sent, asked, yes=False, now=now)
        self._after_no(case, now)

    def _after_no(self, case: Case, now: datetime) -> None:
        if not case.open:
            self._next_wave(case, now)

    def _learn(self, case: Case, sent: Sent, asked: datetime, *, yes: bool, now: datetime) -> None:
        self.predicted.append((sent.said, yes))
        ask = self._ask(case, sent, asked)
        self.policy.answered(ask, was_yes=yes, after=now - asked, now=now)

    def _ask(self, case: Case, sent: Sent, asked: datetime) -> Ask:
        one, person = sent.candidate, self.people[sent.candidate.technician_id].profile
        return Ask(
            technician_id=one.technician_id,
            pay_cents=sent.pay_cents,
            hourly_cents=person.hourly_cents,
            travel_seconds=one.way_seconds // 2,
            minutes=case.visit.minutes,
            asked_at=asked,
            starts_at=one.starts_at,
            life=_life(case, sent, asked),
            asked_again=one.asked_before,
            is_beside=one.beside_visit_id is not None,
        )

    def _accept(self, case: Case, sent: Sent, asked: datetime, now: datetime) -> None:
        key, one = sent.candidate.technician_id, sent.candidate
        case.open.clear()
        case.accepted_at = now
        proposal = self._proposal(case, sent)
        self._busy[key].append((one.leaves_at, one.ends_at, case.visit.number))
        self._own[key].append(OwnJob(case.visit.id, case.visit.place, one.starts_at, one.ends_at))
        self._taken[key, one.starts_at.date()] += 1
        share = breaks_word(self.people[key], proposal, now, str(case.visit.id))
        if share is None:
            self._at(one.starts_at, partial(self._begin, case, sent, asked))
        elif share < 1:
            backs_out = now + share * (one.leaves_at - now)
            self._at(backs_out, partial(self._break, case, sent, asked))
        else:
            self._at(one.starts_at + ARRIVES_LATE, partial(self._break, case, sent, asked))

    def _begin(self, case: Case, sent: Sent, asked: datetime, now: datetime) -> None:
        case.is_over, case.began_at = True, now
        case.cents += sent.pay_cents
        self.earned[sent.candidate.technician_id] += sent.pay_cents
        self.paid.append((sent.pay_cents, sent.candidate.pay_cents))
        self.policy.came(self._ask(case, sent, asked), did_come=True, now=now)

    def _break(self, case: Case, sent: Sent, asked: datetime, now: datetime) -> None:
        key = sent.candidate.technician_id
        self._busy[key] = [span for span in self._busy[key] if span[2] != case.visit.number]
        self._own[key] = [own for own in self._own[key] if own.visit_id != case.visit.id]
        case.accepted_at = None
        case.gone.add(key)
        self.policy.came(self._ask(case, sent, asked), did_come=False, now=now)
        if now >= case.visit.alarm_at:
            self._send_staff(case, now)
        else:
            case.wave = 0
            self._next_wave(case, now)

    def _alarm(self, case: Case, now: datetime) -> None:
        if case.is_over or case.accepted_at:
            return
        for sent in case.open.values():
            self._learn(case, sent, now - sent.life, yes=False, now=now)
        case.open.clear()
        self._send_staff(case, now)

    def _send_staff(self, case: Case, now: datetime) -> None:
        case.is_over = True
        case.began_at = self._staff.take(case.visit, now)
        case.cents += case.visit.staff_cents


def _life(case: Case, sent: Sent, asked: datetime) -> timedelta:
    """How long the offer really stands."""
    return min(sent.life, sent.candidate.leaves_at - asked, case.visit.alarm_at - asked)


def added_way(
    home: Point, own: Sequence[OwnJob], place: Point, starts: datetime, ends: datetime
) -> int:
    """Seconds that a job really adds to somebody's travel: with less than an hour between two jobs
    people do not go home, whatever a policy reckons with and pays for."""
    before = max((one for one in own if one.ends_at <= starts), key=_ends_at, default=None)
    after = min((one for one in own if one.starts_at >= ends), key=_starts_at, default=None)
    origin = (
        before.place if before and _is_direct(before.ends_at, before.place, starts, place) else home
    )
    target = (
        after.place if after and _is_direct(ends, place, after.starts_at, after.place) else home
    )
    way = travel_times().between
    was = 0 if origin == target == home else way(origin, home) + way(home, target)
    if before and after and _is_direct(before.ends_at, before.place, after.starts_at, after.place):
        was = way(before.place, after.place)
    return max(int(way(origin, place) + way(place, target) - was), 0)


def _is_direct(ends: datetime, origin: Point, starts: datetime, target: Point) -> bool:
    drive = timedelta(seconds=travel_times().between(origin, target))
    return starts - ends - drive <= PAUSE_AT_HOME


def _starts_at(one: OwnJob) -> datetime:
    return one.starts_at


def _ends_at(one: OwnJob) -> datetime:
    return one.ends_at
