"""How each kind of model is read, learned and compared: one row per kind."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from iot_ingest.forecasts import training
from iot_ingest.forecasts.subjects import Subject
from iot_ingest.forecasts.training import Learned
from iot_ingest.predictions.lifecycle import ModelKind
from iot_ingest.prognosis.machines import Machine
from iot_ingest.prognosis.remaining_life import FOLDS
from iot_ingest.prognosis.repairs import Spell
from iot_ingest.trainings import comparisons
from iot_ingest.trainings.comparisons import Comparison


@dataclass(frozen=True, slots=True)
class Craft:
    """`read` gives what is learned from, in one transaction; the rest takes longer and is in none.
    `folds` is how often `learn` tells how far it is."""

    read: Callable[[Session, Collection[str], Subject], list[Any]]
    count: Callable[[list[Any]], int]
    learn: Callable[..., Learned]
    compare: Callable[..., Comparison]
    folds: int = FOLDS


def _count_failures(machines: list[Machine]) -> int:
    return sum(len(machine.failures) for machine in machines)


def _count_ended(spells: list[Spell]) -> int:
    return sum(spell.failed for spell in spells)


CRAFTS: dict[ModelKind, Craft] = {
    ModelKind.REMAINING_LIFE: Craft(
        training.read_lives, len, training.learn_lives, comparisons.compare_lives
    ),
    ModelKind.FAILURES: Craft(
        training.read_machines,
        _count_failures,
        training.learn_failures,
        comparisons.compare_failures,
    ),
    ModelKind.REPAIRS: Craft(
        training.read_spells, _count_ended, training.learn_repairs, comparisons.compare_repairs
    ),
}
