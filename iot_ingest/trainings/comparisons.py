"""A candidate beside the model at work, on what neither has learned from; plain Python and numpy.

`later` is history after the model at work was trained: its second half is foretold by a model made
as the candidate is, from what was known before. `unseen` are machines that the model at work has
not learned from, each foretold by a model that has not seen it either.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from iot_ingest.forecasts import training
from iot_ingest.forecasts.subjects import HOUR, Subject
from iot_ingest.forecasts.training import AfterFold, Learned, Life
from iot_ingest.predictions.lifecycle import ModelKind
from iot_ingest.prognosis import repairs
from iot_ingest.prognosis.cards import errors
from iot_ingest.prognosis.failures import FailureModel
from iot_ingest.prognosis.machines import Machine
from iot_ingest.prognosis.remaining_life import RemainingLife
from iot_ingest.prognosis.repairs import Judged, RepairModel, Spell
from iot_ingest.prognosis.rolls import Rolls, count_rolls

FEWEST_LIVES = 5
FEWEST_FAILURES = 5
"""With fewer held out, nothing is compared."""

Figures = dict[str, float | None]
Comparison = dict[str, dict[str, Figures]]


@dataclass(frozen=True, slots=True)
class Live:
    """The model at work: its content, and until when it had learned."""

    content: Mapping[str, Any]
    until: datetime

    @property
    def machines(self) -> Collection[str]:
        return frozenset(self.content.get("machines", ()))

    def foretells(self, kind: ModelKind, subject: Subject) -> bool:
        """Whether it foretells this, from this; else there is nothing to compare."""
        return self.content.get("kind") == kind and self.content["subject"] == subject.to_json()


def compare_lives(
    lives: Sequence[Life],
    subject: Subject,
    learned: Learned,
    live: Live,
    *,
    seed: int = 1,
    after_fold: AfterFold = training.nothing,
) -> Comparison:
    """Error and coverage of both, by split; without those for which too little is held out."""
    before = RemainingLife.from_json(dict(live.content))
    found: Comparison = {}
    held = _later_half(lives, live.until)
    if len(held) >= FEWEST_LIVES:
        since = min(life.ended_at for life in held if life.ended_at)
        known = [one for one in lives if one.ended_at is None or one.ended_at < since]
        contender = _tried(
            lambda: training.learn_lives(known, subject, seed=seed, after_fold=after_fold)
        )
        if contender is not None:
            model = RemainingLife.from_json(dict(contender.content))
            found["later"] = {"candidate": _judged(model, held), "live": _judged(before, held)}
    new = [at for at, life in enumerate(lives) if life.machine not in live.machines]
    if len(new) >= FEWEST_LIVES:
        tested = learned.tested
        mine = np.isin(tested.machine, new)
        own = _error_figures(tested.true[mine], tested.predicted[mine], tested.lower[mine])
        found["unseen"] = {"candidate": own, "live": _judged(before, [lives[at] for at in new])}
    return found


def compare_failures(
    machines: Sequence[Machine],
    subject: Subject,
    learned: Learned,
    live: Live,
    *,
    seed: int = 1,
    after_fold: AfterFold = training.nothing,
) -> Comparison:
    """What sending somebody by each would have come to, by split."""
    before = FailureModel.from_json(dict(live.content))
    found: Comparison = {}
    trained = live.until.timestamp() / HOUR.total_seconds()
    failed = sorted(hour for one in machines for hour, _ in one.failures if hour > trained)
    if len(failed) >= 2 * FEWEST_FAILURES:
        cut = failed[len(failed) // 2 - 1]
        known = [_until(one, cut) for one in machines]
        known = [one for one in known if one.errors]
        contender = _tried(
            lambda: training.learn_failures(known, subject, seed=seed, after_fold=after_fold)
        )
        if contender is not None:
            model = FailureModel.from_json(dict(contender.content))
            found["later"] = {
                "candidate": _rolled(model, machines, cut),
                "live": _rolled(before, machines, cut),
            }
    new = {at for at, one in enumerate(machines) if one.name not in live.machines}
    if sum(len(machines[at].failures) for at in new) >= FEWEST_FAILURES:
        tested = learned.tested
        counted = Rolls()
        for at in sorted(new):
            mine = tested.machine == at
            counted += count_rolls(
                machines[at], tested.hour[mine], tested.probability[mine], tested.threshold
            )
        found["unseen"] = {
            "candidate": _roll_figures(counted),
            "live": _rolled(before, [machines[at] for at in sorted(new)], float("-inf")),
        }
    return found


def compare_repairs(
    spells: Sequence[Spell],
    subject: Subject,
    learned: Learned,
    live: Live,
    *,
    seed: int = 1,
    after_fold: AfterFold = training.nothing,
) -> Comparison:
    """How much better than a constant rate each says when machines fail, by split."""
    before = RepairModel.from_json(live.content)
    found: Comparison = {}
    failed = sorted(one.end for one in spells if one.failed and one.end > live.until)
    if len(failed) >= 2 * FEWEST_FAILURES:
        cut = failed[len(failed) // 2 - 1]
        known = repairs.known_at(spells, cut)
        held = [one for one in spells if one.end > cut]
        found["later"] = {
            "candidate": _gained(repairs.judge(repairs.train(known), known, held)),
            "live": _gained(repairs.judge(before, known, held)),
        }
    new = [one for one in spells if one.machine not in live.machines]
    if sum(one.failed for one in new) >= FEWEST_FAILURES:
        names = {one.machine for one in new}
        found["unseen"] = {
            "candidate": _gained([one for one in learned.tested if one.spell.machine in names]),
            "live": _gained(repairs.judge(before, spells, new)),
        }
    return found


def _gained(judged: Sequence[Judged]) -> Figures:
    gain = repairs.gain(judged)
    return {"gain": None if gain is None else round(gain, 3)}


def _later_half(lives: Sequence[Life], until: datetime) -> list[Life]:
    """Of the lives that ended since then, those that ended last."""
    ended = [(life.ended_at, at) for at, life in enumerate(lives) if life.ended_at is not None]
    since = sorted(pair for pair in ended if pair[0] > until)
    return [lives[at] for _, at in since[len(since) // 2 :]]


def _tried(learn: Callable[[], Learned]) -> Learned | None:
    """None where what was known before is too little to learn from."""
    try:
        return learn()
    except ValueError:
        return None


def _judged(model: RemainingLife, lives: Sequence[Life]) -> Figures:
    outlooks = [model.outlook(life.cycles) for life in lives]
    return _error_figures(
        np.concatenate([np.arange(len(life.cycles) - 1, -1, -1.0) for life in lives]),
        np.concatenate([one.cycles for one in outlooks]),
        np.concatenate([one.lower for one in outlooks]),
    )


def _error_figures(true: Any, predicted: Any, lower: Any) -> Figures:
    error, held = errors(true, predicted, lower)
    return {"rmse": round(error, 2), "coverage90": round(held, 3)}


def _until(machine: Machine, hour: float) -> Machine:
    """As it was known then."""
    return replace(
        machine,
        errors=tuple(one for one in machine.errors if one[0] <= hour),
        replacements=tuple(one for one in machine.replacements if one[0] <= hour),
        failures=tuple(one for one in machine.failures if one[0] <= hour),
    )


def _rolled(model: FailureModel, machines: Sequence[Machine], after: float) -> Figures:
    counted = Rolls()
    for one in machines:
        looks = [hour for hour in one.looks() if hour > after]
        raw = model.probabilities(one, looks)
        counted += count_rolls(one, looks, raw, model.threshold, after)
    return _roll_figures(counted)


def _roll_figures(counted: Rolls) -> Figures:
    figures = {
        "precision": counted.precision,
        "recall": counted.recall,
        "false_rolls": counted.false_rolls,
    }
    return {name: None if one is None else round(one, 3) for name, one in figures.items()}
