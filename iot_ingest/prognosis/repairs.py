"""How long machines last by the repairs of their model alone, tested on machines held out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from iot_ingest.prognosis.growing import folds
from iot_ingest.prognosis.weibull import Weibull, fit

FOLDS = 5
LOWER = 0.9
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Spell:
    """A machine of an asset model from its installation or a repair until the next failure, or
    until now when it `failed` not yet."""

    machine: str
    model: str
    begin: datetime
    end: datetime
    failed: bool

    @property
    def days(self) -> float:
        return max(0.0, (self.end - self.begin) / DAY)


@dataclass(frozen=True, slots=True)
class Lasting:
    """The curve of one asset model, and the longest life that it comes from, in days."""

    weibull: Weibull
    longest_days: float

    def knows(self, age_days: float) -> bool:
        """Whether any machine was seen to fail at that age or later."""
        return age_days <= self.longest_days


@dataclass(frozen=True, slots=True)
class RepairModel:
    """A curve for each asset model that failed often enough."""

    lasting: Mapping[str, Lasting]

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": "repairs",
            "lasting": {
                model: {
                    "shape": one.weibull.shape,
                    "scale_days": one.weibull.scale_days,
                    "failures": one.weibull.failures,
                    "longest_days": one.longest_days,
                }
                for model, one in self.lasting.items()
            },
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> RepairModel:
        """Raises ValueError for JSON of another kind."""
        if found.get("kind") != "repairs":
            raise ValueError("This is no model of repairs.")
        return cls(
            {
                model: Lasting(
                    Weibull(float(one["shape"]), float(one["scale_days"]), int(one["failures"])),
                    float(one["longest_days"]),
                )
                for model, one in found["lasting"].items()
            }
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """A spell as a model foretold it that has not seen the machine: its length as a multiple of
    the lower bound, and its log-likelihood by the curve and by a constant rate."""

    spell: Spell
    multiple: float
    by_curve: float
    by_rate: float


def train(spells: Iterable[Spell]) -> RepairModel:
    """Asset models with fewer than ten failures have no curve."""
    by_model: dict[str, list[Spell]] = {}
    for spell in spells:
        by_model.setdefault(spell.model, []).append(spell)
    found = {}
    for model, own in sorted(by_model.items()):
        failed = [one.days for one in own if one.failed]
        weibull = fit(failed, [one.days for one in own if not one.failed])
        if weibull is not None:
            found[model] = Lasting(weibull, max(failed))
    return RepairModel(found)


def backtest(
    spells: Sequence[Spell], *, seed: int = 1, after_fold: Callable[[], None] = lambda: None
) -> list[Judged]:
    """Each fifth of the machines by curves of the others. Raises ValueError where there are fewer
    than five machines, or no asset model with enough failures."""
    if len({spell.machine for spell in spells}) < FOLDS:
        raise ValueError(f"Learning takes repairs of {FOLDS} machines.")
    found: list[Judged] = []
    for mask in folds([spell.machine for spell in spells], FOLDS, seed):
        others = [spell for spell, is_out in zip(spells, mask, strict=True) if not is_out]
        held = [spell for spell, is_out in zip(spells, mask, strict=True) if is_out]
        found += judge(train(others), others, held)
        after_fold()
    if not found:
        raise ValueError("No asset model has failed often enough: it takes ten failures of one.")
    return found


def judge(model: RepairModel, known: Sequence[Spell], held: Iterable[Spell]) -> list[Judged]:
    """Spells of asset models with a curve; `known` is what the constant rate comes from."""
    rates = {name: _constant(known, name) for name in model.lasting}
    found = []
    for spell in held:
        lasting = model.lasting.get(spell.model)
        if lasting is None:
            continue
        bound = lasting.weibull.days_at(LOWER, age_days=0.0)
        said = [
            one.log_likelihood(spell.days, failed=spell.failed)
            for one in (lasting.weibull, rates[spell.model])
        ]
        found.append(Judged(spell, spell.days / bound, *said))
    return found


def known_at(spells: Iterable[Spell], moment: datetime) -> list[Spell]:
    """As they looked then."""
    return [
        spell if spell.end <= moment else replace(spell, end=moment, failed=False)
        for spell in spells
        if spell.begin < moment
    ]


def gain(judged: Sequence[Judged]) -> float | None:
    """How much better the curve says when machines fail than a constant rate does, in nats per
    failure; None without failures. Not above zero, their age says nothing."""
    failures = sum(one.spell.failed for one in judged)
    if not failures:
        return None
    return sum(one.by_curve - one.by_rate for one in judged) / failures


def coverage(judged: Sequence[Judged]) -> float:
    """The share that lasted longer than the lower bound; machines that have not failed yet count
    until now (E. Kaplan and P. Meier 1958)."""
    share, at_risk = 1.0, len(judged)
    for one in sorted(judged, key=lambda one: (one.multiple, not one.spell.failed)):
        if one.multiple > 1.0:
            break
        if one.spell.failed:
            share *= 1 - 1 / at_risk
        at_risk -= 1
    return share


def _constant(spells: Sequence[Spell], model: str) -> Weibull:
    own = [spell for spell in spells if spell.model == model]
    failures = sum(spell.failed for spell in own)
    return Weibull(1.0, max(sum(spell.days for spell in own), 1.0) / failures, failures)
