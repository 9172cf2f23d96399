"""The policies that are compared: staff alone, everybody at once, a fixed ladder, and ours."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from benchmarks.market.world import Case, Sent
from marketplace.crowd import matching
from marketplace.crowd.matching import Candidate, Freelancer
from marketplace.estimates.answer_times import USUAL_ANSWER, usual_minutes
from marketplace.estimates.features import ACCEPT_PRIOR, SHOW_PRIOR, Ask
from marketplace.estimates.learning import Case as Record
from marketplace.estimates.learning import Model, believed, learn
from marketplace.estimates.service import (
    Chances,
    ask_of,
)
from marketplace.waves.asking import MOST_TIMES, life_of, prospect, rounds_left, rounds_of
from marketplace.waves.building import RULES, AskingRules, Stake, build
from marketplace.waves.fairness import Chance, Share, gain
from marketplace.waves.service import COOL_DOWN
from marketplace.waves.starts import best_proposal

MINUTE = timedelta(minutes=1)
NIGHTS = 2
"""Learning takes time here: every other night, where the product learns every night."""
Able = Sequence[tuple[Freelancer, Candidate]]


class Plain:
    """A policy that remembers nothing but how often the answer was yes."""

    asks = True
    rest: timedelta | None = None

    def __init__(self) -> None:
        self._asked, self._yes = 5, 2

    def notice(self, case: Case, now: datetime) -> timedelta:
        return timedelta()

    @property
    def rate(self) -> float:
        return self._yes / self._asked

    def wave(self, case: Case, able: Able, now: datetime) -> list[Sent]:
        raise NotImplementedError

    def answered(self, ask: Ask, *, was_yes: bool, after: timedelta, now: datetime) -> None:
        self._asked, self._yes = self._asked + 1, self._yes + was_yes

    def came(self, ask: Ask, *, did_come: bool, now: datetime) -> None:
        pass

    def night(self, now: datetime) -> None:
        pass


class InHouse(Plain):
    """Nobody outside is asked."""

    asks = False

    def wave(self, case: Case, able: Able, now: datetime) -> list[Sent]:
        return []


class Broadcast(Plain):
    """Everybody who could is asked at once, for the usual pay, until the dispatcher's alarm."""

    def wave(self, case: Case, able: Able, now: datetime) -> list[Sent]:
        if case.wave > 1:
            return []
        life = case.visit.alarm_at - now
        return [Sent(one, one.pay_cents, life, self.rate) for _, one in able]


class FixedLadder(Plain):
    """Five at a time, the nearest first, 10 percent more in each of three waves."""

    def notice(self, case: Case, now: datetime) -> timedelta:
        return matching.lifetime(now, case.visit.latest, is_emergency=False)

    def wave(self, case: Case, able: Able, now: datetime) -> list[Sent]:
        if case.wave > 3:
            return []
        life = self.notice(case, now)
        fresh = [replace(one, asked_before=one.technician_id in case.times) for _, one in able]
        uplift = 100 + 10 * (case.wave - 1)
        return [
            Sent(one, one.pay_cents * uplift // 100, life, self.rate)
            for one in matching.rank(fresh)[:5]
        ]


class Ours(Plain):
    """The waves of the product: learned chances, expected cost, equal shares; begins knowing
    nothing of anybody and learns every night from the answers it got. As in the product, a visit
    that nobody took rests and is looked at again."""

    rest: timedelta | None = COOL_DOWN

    def __init__(self, rules: AskingRules = RULES) -> None:
        super().__init__()
        self._rules = rules
        self._says: list[tuple[Ask, bool, datetime]] = []
        self._comes: list[tuple[Ask, bool, datetime]] = []
        self._accept: Model = believed(ACCEPT_PRIOR)
        self._show: Model = believed(SHOW_PRIOR)
        self._yes_times: list[tuple[float, float]] = []
        self._answer_minutes = USUAL_ANSWER
        self._ahead: dict[UUID, float] = defaultdict(float)
        self._got: Counter[UUID] = Counter()
        self._window: deque[tuple[datetime, Chance]] = deque()

    def notice(self, case: Case, now: datetime) -> timedelta:
        return life_of(now, case.visit.alarm_at, self._answer_minutes, is_emergency=False)

    def wave(self, case: Case, able: Able, now: datetime) -> list[Sent]:
        self._forget(now)
        alarm_at = case.visit.alarm_at
        life = life_of(now, alarm_at, self._answer_minutes, is_emergency=False)
        job, people, prospects = case.visit.job(now), {}, []
        for person, one in able:
            key = one.technician_id
            if case.times[key] >= MOST_TIMES:
                continue
            start = best_proposal(
                job,
                person,
                replace(one, asked_before=key in case.times),
                at=now,
                life=life,
                until=alarm_at,
                chances=Chances(self._accept, self._show),
            )
            people[key] = start
            found = prospect(
                people[key],
                ask_of(job, person, people[key], now, life),
                accept=self._accept,
                show=self._show,
                share=Share(self._ahead[key], self._got[key] - self._ahead[key]),
                rules=self._rules,
                rounds=rounds_of(job, person, start, now, life),
                refused_cents=case.refused.get(key),
            )
            if found:
                prospects.append(found)
        stake = Stake(rounds_left(now, alarm_at, life), case.visit.fallback_cents, case.wave)
        built = build(prospects, stake, self._rules)
        asked = {one.prospect.technician_id for one in built.asked}
        chance = Chance({one.technician_id for one in prospects}, asked)
        self._window.append((now, chance))
        gain(self._ahead, chance)
        self._got.update(asked)
        return [
            Sent(people[a.prospect.technician_id], a.step.pay_cents, life, a.step.accept)
            for a in built.asked
        ]

    def _forget(self, now: datetime) -> None:
        window = timedelta(days=self._rules.window_days)
        while self._window and now - self._window[0][0] > window:
            _, over = self._window.popleft()
            gain(self._ahead, over, sign=-1)
            self._got.subtract(over.asked)

    def answered(self, ask: Ask, *, was_yes: bool, after: timedelta, now: datetime) -> None:
        self._says.append((ask, was_yes, now))
        if was_yes and ask.life <= matching.LONGEST_LIFETIME:
            self._yes_times.append((after / MINUTE, ask.life / MINUTE))

    def came(self, ask: Ask, *, did_come: bool, now: datetime) -> None:
        self._comes.append((ask, did_come, now))

    def night(self, now: datetime) -> None:
        if now.toordinal() % NIGHTS:
            return
        self._accept = learn(_records(self._says, now), ACCEPT_PRIOR)
        self._show = learn(_records(self._comes, now), SHOW_PRIOR)
        self._answer_minutes = usual_minutes(self._yes_times)


def _records(found: Sequence[tuple[Ask, bool, datetime]], now: datetime) -> list[Record]:
    return [
        Record(ask, was_yes, (now - moment) / timedelta(days=1)) for ask, was_yes, moment in found
    ]


POLICIES = {
    "in_house": InHouse,
    "broadcast": Broadcast,
    "fixed_ladder": FixedLadder,
    "ours": Ours,
}
