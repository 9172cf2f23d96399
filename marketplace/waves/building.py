"""Builds a wave: whom to ask now, at what pay, by what it is expected to cost; plain Python.

With `n` rounds of asking left, whoever is asked now at pay `c` and chance `p` is weighed against
what asking the rest later would cost, and that in turn against the fallback: somebody of one's own
after all, and the SLA. Few rounds left make waves wide and pay high; many make them narrow and
cheap. Whoever can still be asked in `r` rounds is left out of the later ones. Solved backwards over
rounds and the order of asking: a finite-horizon dynamic programme (Bellman 1957), its order that of
the index of Pandora's problem (Weitzman 1979), pay and asking over the chance of a yes.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from uuid import UUID


@dataclass(frozen=True)
class Rung:
    """One step of the ladder of escalation: from which wave on, how many at once, how dear."""

    from_wave: int
    most_at_once: int
    most_uplift_pct: int


MOST_LOOKED_AT, MOST_ROUNDS = 12, 10
"""Further people and rounds change little of what is asked now."""
LADDER = (Rung(1, 3, 0), Rung(2, 4, 20), Rung(3, 5, 50), Rung(4, 8, 100))
"""Preferred people alone come before the first rung; the dispatcher's alarm after the last. The
usual pay first: asking another person is cheaper than paying everybody more. Dear at the end:
sending staff after all costs more than twice the usual pay."""


@dataclass(frozen=True)
class AskingRules:
    """What waves follow, disclosed to everybody who is asked."""

    ladder: tuple[Rung, ...] = LADDER
    uplifts_pct: tuple[int, ...] = (0, 20, 50, 100)
    attention_cents: int = 300
    """What it costs a person to be asked: nobody is, whose yes would not be worth that."""
    ahead_cents: int = 200
    """What each offer beyond an equal share counts in the order of asking, as if the person were
    so much dearer; each one missing as if cheaper."""
    most_ahead: float = 1.5
    most_ahead_pct: float = 20.0
    """Nobody is asked who got so many offers more than an equal share of those they could have
    got, and so many percent more, while somebody else could be asked."""
    window_days: int = 28
    """Of so many days the shares are counted."""

    def rung(self, wave: int, rounds: int = MOST_ROUNDS) -> Rung:
        """Of this wave; as time runs out the ladder's end, whatever the wave: the last round may
        do what the last rung may."""
        reached = max(wave, self.ladder[-1].from_wave + 1 - rounds)
        return [rung for rung in self.ladder if rung.from_wave <= reached][-1]

    def is_too_far_ahead(self, one: "Prospect") -> bool:
        return one.ahead >= max(self.most_ahead, one.share * self.most_ahead_pct / 100)


RULES = AskingRules()


@dataclass(frozen=True)
class Step:
    """A pay at which somebody could be asked, and how likely the answer to it is yes."""

    pay_cents: int
    accept: float
    uplift_pct: int = 0


@dataclass(frozen=True)
class Prospect:
    """Somebody who can take the visit: the steps of pay, cheapest first, and how likely to come.

    `ahead` counts the offers got beyond an equal share, which is `share`; `rounds` the rounds in
    which the person can still be asked, this one included; `rank` is the place in a plan's order;
    `late_cents` is the price of coming later than others could.
    """

    technician_id: UUID
    steps: tuple[Step, ...]
    show: float
    ahead: float = 0.0
    share: float = 0.0
    rounds: int = MOST_ROUNDS
    is_preferred: bool = False
    rank: int | None = None
    late_cents: int = 0


@dataclass(frozen=True)
class Stake:
    """What is at stake: the rounds left (this one included) and the cost if nobody comes."""

    rounds: int
    fallback_cents: int
    wave: int = 1


@dataclass(frozen=True)
class Asked:
    """One person of the wave and the step of pay."""

    prospect: Prospect
    step: Step


@dataclass(frozen=True)
class Built:
    """Who is asked now, what the visit is expected to cost, and why the others are not asked."""

    asked: tuple[Asked, ...]
    expected_cents: int
    passed_over: Mapping[UUID, str] = field(default_factory=dict)


PREFERRED_FIRST = "preferred_first"
OTHERS_BEHIND = "others_behind"
LATER = "later"
TOO_DEAR = "too_dear"
REASONS = {
    PREFERRED_FIRST: "Somebody whom the customer prefers was asked first.",
    OTHERS_BEHIND: "Others who could do it had fewer offers lately, and it was their turn.",
    LATER: "Others were expected to do it at lower cost; the next wave may ask this person.",
    TOO_DEAR: "The pay would have been more than sending somebody of the staff.",
}
"""Why somebody who could have done it was not asked, in words."""


def build(prospects: Collection[Prospect], stake: Stake, rules: AskingRules = RULES) -> Built:
    """The wave of now; empty when asking nobody is cheaper than asking anybody."""
    passed: dict[UUID, str] = {}
    turn = _whose_turn(prospects, rules, passed)
    favoured = [one for one in turn if one.is_preferred and stake.wave == 1]
    if favoured:
        passed |= {one.technician_id: PREFERRED_FIRST for one in turn if one not in favoured}
        turn = favoured
    turn = sorted(turn, key=lambda one: _order(one, stake.fallback_cents, rules))
    looked_at = turn[:MOST_LOOKED_AT]
    cents, asked = _Tail(looked_at, stake, rules).solve()
    asked_ids = {one.prospect.technician_id for one in asked}
    for one in turn:
        if one.technician_id not in asked_ids:
            dear = _cents_of_yes(one, one.steps[0], stake.fallback_cents) >= stake.fallback_cents
            passed[one.technician_id] = TOO_DEAR if dear else LATER
    return Built(asked, round(cents), passed)


def _whose_turn(
    prospects: Collection[Prospect], rules: AskingRules, passed: dict[UUID, str]
) -> list[Prospect]:
    """Those who are not too far ahead; everybody when all are."""
    behind = [one for one in prospects if one.is_preferred or not rules.is_too_far_ahead(one)]
    if not behind:
        return list(prospects)
    kept = {one.technician_id for one in behind}
    passed |= {p.technician_id: OTHERS_BEHIND for p in prospects if p.technician_id not in kept}
    return behind


def _order(one: Prospect, fallback_cents: int, rules: AskingRules) -> tuple[int, float, UUID]:
    """A plan's order first; then the cheapest outcome of a yes, with all the asking it takes and
    the price of being ahead of others."""
    rank = one.rank if one.rank is not None else 1_000_000
    usual = one.steps[0]
    cents = _cents_of_yes(one, usual, fallback_cents) + rules.attention_cents / usual.accept
    return rank, cents + rules.ahead_cents * one.ahead, one.technician_id


def _cents_of_yes(one: Prospect, step: Step, fallback_cents: int) -> float:
    return one.show * step.pay_cents + (1 - one.show) * fallback_cents + one.late_cents


@dataclass(frozen=True)
class _Best:
    cents: float
    asked: tuple[int, ...] = ()
    """Places in the order."""


class _Tail:
    """What asking the people from one place in the order on costs, by rounds left."""

    def __init__(self, order: Sequence[Prospect], stake: Stake, rules: AskingRules) -> None:
        self._order, self._fallback = order, float(stake.fallback_cents)
        self._stake, self._rules = stake, rules
        self._steps = [
            [(step, _cents_of_yes(one, step, stake.fallback_cents)) for step in one.steps]
            for one in order
        ]

    def solve(self) -> tuple[float, tuple[Asked, ...]]:
        """Expected cents, and whom to ask now."""
        latest = max((one.rounds for one in self._order), default=1)
        rounds = min(max(self._stake.rounds, 1), latest, MOST_ROUNDS)
        places = range(len(self._order))
        after = [self._fallback] * (len(self._order) + 1)
        for elapsed in range(rounds - 1, 0, -1):
            rung = self._rules.rung(self._stake.wave + elapsed, rounds - elapsed)
            cents = [self._best_at(place, after, rung, elapsed).cents for place in places]
            after = [*cents, self._fallback]
        rung = self._rules.rung(self._stake.wave, rounds)
        best = self._best_at(0, after, rung, 0)
        later = after[best.asked[-1] + 1] if best.asked else self._fallback
        return best.cents, tuple(
            Asked(self._order[place], self._step(place, later, rung)[0]) for place in best.asked
        )

    def _best_at(self, place: int, after: Sequence[float], rung: Rung, elapsed: int) -> _Best:
        """Of one, two, ... asked at once the cheapest; whoever is faster wins, the likelier ones
        more often."""
        best, wave = _Best(self._fallback), list[int]()
        for last in range(place, len(self._order)):
            if self._order[last].rounds <= elapsed:
                continue
            wave.append(last)
            if len(wave) > rung.most_at_once:
                break
            later = after[last + 1]
            chance, cost, nobody = 0.0, 0.0, 1.0
            for one in wave:
                step, cents = self._step(one, later, rung)
                cost += step.accept * cents
                chance += step.accept
                nobody *= 1 - step.accept
            found = (1 - nobody) * cost / chance + nobody * later
            found += len(wave) * self._rules.attention_cents
            if found < best.cents:
                best = _Best(found, tuple(wave))
        return best

    def _step(self, place: int, later: float, rung: Rung) -> tuple[Step, float]:
        """The pay that saves most against asking others later, and what a yes to it costs."""
        best, most = self._steps[place][0], -inf
        for step, cents in self._steps[place]:
            saved = step.accept * (later - cents)
            if saved > most and step.uplift_pct <= rung.most_uplift_pct:
                best, most = (step, cents), saved
        return best
