"""What a policy decides: hard rules, prices, and how much each term of the objective counts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from dispatch.scheduling.policies.lifecycle import CrowdOrder, DispatchMode
from kernel.errors import Invalid
from optimizer.problem import Weights

PRIORITIES = 5
MOST_CENTS = 100_000_000
MOST_PCT = 10_000
MOST_SHARE_DAYS = 31
FASTEST_CENTS_PER_HOUR = 500
"""What an hour earlier is worth where the fastest comes first."""


@dataclass(frozen=True)
class Rules:
    """The rules of one version, never changed. Prices by priority are listed from 1 to 5.

    Raises Invalid `rule_range` for a value that cannot be.
    """

    mode: DispatchMode = DispatchMode.LEAD_TIME
    lead_minutes: int = 120
    lock_technician: bool = True
    lock_day: bool = True
    lock_time: bool = False
    """What a plan may no longer change once a visit is dispatched."""
    overtime_minutes: int | None = None
    """At most so much overtime is planned; None leaves it to each shift."""
    crowd_minutes: int | None = 90
    """Freelancers are asked rather than being late ourselves, until so long before it is due;
    None: our own people come, however late."""
    crowd: CrowdOrder = CrowdOrder.CHEAPEST
    """In-house first: freelancers get only what none of our own people could have at a price below
    that of leaving it out. Cheapest: whatever is expected to cost less. Fastest: each hour earlier
    counts, and many are asked at once."""
    crowd_share_pct: int | None = None
    """At most so much of a territory's visits goes to freelancers; None: any."""
    crowd_share_pct_by_work_type: Mapping[str, int] = field(default_factory=dict)
    """The same for visits of one work type, by its code; both hold together."""
    crowd_share_days: int = 7
    """Shares are of the visits of so many local days, the visit's own day the last of them."""
    confirm_minutes: int | None = 240
    """Where our own people have no time, customers may choose a date that is confirmed within so
    long; None: only what is sure."""
    confirm_notice_minutes: int = 120
    """They know at the latest so long before the window."""
    confirm_pct: int = 70
    """And only where a freelancer is so likely to come."""
    unserved_cents: tuple[int, ...] = (8_000, 15_000, 30_000, 90_000, 400_000)
    """The price of leaving a visit out: an emergency outweighs a day of others."""
    promised_pct: int = 400
    """How much more it costs to leave out what a customer has a window for."""
    breach_cents: tuple[int, ...] = (1_000, 2_000, 4_000, 10_000, 40_000)
    late_cents_per_minute: tuple[int, ...] = (10, 20, 40, 100, 400)
    """What an SLA costs once it is missed, and for each minute after."""
    breach_again_minutes: tuple[int, ...] = ()
    """The price of a missed SLA is due once more each time so many minutes have passed."""
    over_qualification_cents: int = 200
    """For each level of a skill above what the work needs: specialists are kept free."""
    fairness_cents_per_hour: int = 400
    """What another hour of work costs for who had twice as much as others with the same skills;
    less for who is less ahead, nothing for the rest."""
    unpleasant_cents: int = 1_000
    """The same for an emergency, or work in the evening or at the weekend."""
    co2_cents_per_tonne: int = 10_000
    co2_grams_per_kilometre: int = 181
    """What the vehicles emit. A van new in 2023: EEA, monitoring of CO2 emissions from new vans,
    180.8 g/km (WLTP), electric ones included."""
    risk_cents_per_minute: int = 20
    """Each minute by which work that takes long would last into the time after the shift."""
    preference_cents: int = 1_500
    """What it costs to send somebody else than the technician that a customer prefers."""
    move_cents: int = 1_500
    """What a plan must save to send somebody else than planned: about half an hour on the way."""
    told_move_cents: int = 6_000
    """The same once the technician has the visit, or the customer has a window."""
    start_cents: int = 300
    """What an improvement must save for each told visit whose start it moves within its window;
    0: such starts are free, and no plan minds how much later they are."""
    repair_budget: int = 2
    """So many promises a repair may break without being asked."""
    improve_seconds: int = 3
    """How long a plan is improved in the background at a time; 0 leaves it as it is."""
    improve_cents: int = 2_000
    """What that must save, moves already paid for, before anything is changed."""
    weights: Mapping[str, int] = field(default_factory=lambda: asdict(Weights()))
    """Percent of its money that each term of the objective counts; what is left out counts as
    the optimizer says."""

    def __post_init__(self) -> None:
        known = asdict(Weights())
        if unknown := sorted(set(self.weights) - set(known)):
            raise Invalid(f"There is no term {unknown[0]}.", code="term_unknown", term=unknown[0])
        object.__setattr__(self, "weights", {**known, **self.weights})
        self._require_prices()
        for name, pct in self.weights.items():
            _require(name, pct, MOST_PCT)
        _require("promised_pct", self.promised_pct, MOST_PCT)
        _require("improve_seconds", self.improve_seconds, 60)
        _require("lead_minutes", self.lead_minutes, 7 * 24 * 60)
        _require("repair_budget", self.repair_budget, 1_000)
        for name in (
            "overtime_minutes", "crowd_minutes", "confirm_minutes", "confirm_notice_minutes"
        ):  # fmt: skip
            _require(name, getattr(self, name) or 0, 7 * 24 * 60)
        _require("confirm_pct", self.confirm_pct, 100)
        _require("crowd_share_pct", self.crowd_share_pct or 0, 100)
        for pct in self.crowd_share_pct_by_work_type.values():
            _require("crowd_share_pct_by_work_type", pct, 100)
        _require("crowd_share_days", self.crowd_share_days, MOST_SHARE_DAYS, least=1)
        passed = 0
        for minutes in self.breach_again_minutes:
            _require("breach_again_minutes", minutes - passed - 1, 7 * 24 * 60)
            passed = minutes

    def _require_prices(self) -> None:
        for name in ("unserved_cents", "breach_cents", "late_cents_per_minute"):
            prices = getattr(self, name)
            if len(prices) != PRIORITIES:
                raise Invalid(
                    f"{name} has a price for each priority.", code="rule_range", rule=name
                )
            for cents in prices:
                _require(name, cents, MOST_CENTS)
        for name in (
            "over_qualification_cents", "fairness_cents_per_hour", "unpleasant_cents",
            "co2_cents_per_tonne", "co2_grams_per_kilometre", "risk_cents_per_minute",
            "preference_cents", "move_cents", "told_move_cents", "start_cents", "improve_cents",
        ):  # fmt: skip
            _require(name, getattr(self, name), MOST_CENTS)

    @property
    def bounds_crowd(self) -> bool:
        return self.crowd_share_pct is not None or bool(self.crowd_share_pct_by_work_type)

    def objective(self) -> Weights:
        return Weights(**self.weights)


def price_of(prices: tuple[int, ...], priority: int) -> int:
    return prices[priority - 1]


def rules_to_json(rules: Rules) -> dict[str, Any]:
    return {**asdict(rules), "mode": str(rules.mode), "crowd": str(rules.crowd)}


def rules_from_json(kept: Mapping[str, Any]) -> Rules:
    """What another version of Firstfix did not know yet takes its default."""
    known = {item.name for item in fields(Rules)}
    terms = set(asdict(Weights()))
    values = {name: value for name, value in kept.items() if name in known}
    if "mode" in values:
        values["mode"] = DispatchMode(values["mode"])
    if "crowd" in values:
        values["crowd"] = CrowdOrder(values["crowd"])
    for name, value in values.items():
        if isinstance(value, list):
            values[name] = tuple(value)
    if "weights" in values:
        values["weights"] = {name: pct for name, pct in values["weights"].items() if name in terms}
    return Rules(**values)


def differing(before: Rules, after: Rules) -> dict[str, tuple[Any, Any]]:
    """The rules that differ with both values; a weight stands under `weights.` and its term, a
    share of a work type under `crowd_share_pct_by_work_type.` and its code."""
    first, second = _flat(before), _flat(after)
    names = [*first, *(name for name in second if name not in first)]
    pairs = {name: (first.get(name), second.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _flat(rules: Rules) -> dict[str, Any]:
    found = rules_to_json(rules)
    for rule in ("crowd_share_pct_by_work_type", "weights"):
        found |= {f"{rule}.{name}": pct for name, pct in found.pop(rule).items()}
    return found


def _require(name: str, value: int, most: int, *, least: int = 0) -> None:
    if not least <= value <= most:
        raise Invalid(f"{name} lies between {least} and {most}.", code="rule_range", rule=name)
