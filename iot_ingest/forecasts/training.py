"""Learning from what is stored: lives of assets of a model, their errors and failures, or repairs
alone."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from iot_ingest.forecasts import queries
from iot_ingest.forecasts.histories import lives_between, machine_of, table_of
from iot_ingest.forecasts.subjects import Subject
from iot_ingest.prognosis import failures, remaining_life, repairs
from iot_ingest.prognosis.cards import card, failure_card, repair_card
from iot_ingest.prognosis.machines import Machine
from iot_ingest.prognosis.repairs import Spell
from iot_ingest.prognosis.trees import Table
from kernel import clock

LOOK_BACK = timedelta(days=5 * 365)
AfterFold = Callable[[], None]
FEWEST_CYCLES = 30
"""A shorter life says too little of how it wore."""


def nothing() -> None:
    """Nobody waits for a fold."""


@dataclass(frozen=True, slots=True)
class Life:
    """Cycles x metrics of one machine until its repair; without a time where it is not known."""

    machine: str
    ended_at: datetime | None
    cycles: Table


@dataclass(frozen=True, slots=True)
class Learned:
    """A model as it is kept, what its backtest showed, and the backtest itself."""

    content: Mapping[str, Any]
    card: Mapping[str, Any]
    tested: Any = None


def read_lives(session: Session, asset_models: Collection[str], subject: Subject) -> list[Life]:
    """Every stretch that ended with a repair of the fault."""
    now = clock.now(session)
    ids = list(queries.facts_of_models(session, asset_models))
    lives = []
    for asset_id, services in queries.services_of(session, ids, now - LOOK_BACK).items():
        ended, _ = lives_between(services, subject.fault_class, now - LOOK_BACK)
        for begin, end in ended:
            cycles = queries.cycles_of(
                session, asset_id, subject.metrics, subject.cycle, begin, end
            )
            life = table_of(cycles, subject.metrics)
            if life is not None and len(life) >= FEWEST_CYCLES:
                lives.append(Life(str(asset_id), end, life))
    return lives


def read_machines(
    session: Session, asset_models: Collection[str], subject: Subject
) -> list[Machine]:
    """Errors, work done and failures of every asset that has told an error."""
    now = clock.now(session)
    since = now - LOOK_BACK
    facts = queries.facts_of_models(session, asset_models)
    services = queries.services_of(session, list(facts), since)
    machines = []
    for asset_id, known in facts.items():
        errors = queries.errors_of(session, asset_id, subject.metrics, since, now)
        if errors:
            done = services[asset_id]
            machines.append(machine_of(known, errors, done, subject.fault_class, now))
    return machines


def read_spells(session: Session, asset_models: Collection[str], subject: Subject) -> list[Spell]:
    """Every stretch between installation and repairs of the fault, and the present one."""
    now = clock.now(session)
    facts = queries.facts_of_models(session, asset_models)
    services = queries.services_of(session, list(facts), now - LOOK_BACK)
    spells = []
    for asset_id, known in facts.items():
        installed = datetime.combine(known.since, time(), UTC)
        ended, begin = lives_between(services[asset_id], subject.fault_class, installed)
        moments = [(*life, True) for life in ended if life[0] >= now - LOOK_BACK]
        if begin < now and (ended or begin >= now - LOOK_BACK):
            moments.append((begin, now, False))
        spells += [Spell(str(asset_id), known.model, *one) for one in moments]
    return spells


def learn_repairs(
    spells: Sequence[Spell], subject: Subject, *, seed: int = 1, after_fold: AfterFold = nothing
) -> Learned:
    """Raises ValueError from too few machines or failures."""
    tested = repairs.backtest(spells, seed=seed, after_fold=after_fold)
    names = sorted({spell.machine for spell in spells})
    content = _content(repairs.train(spells).to_json(), subject, names)
    return Learned(content, repair_card(tested), tested)


def learn_lives(
    lives: Sequence[Life], subject: Subject, *, seed: int = 1, after_fold: AfterFold = nothing
) -> Learned:
    """Raises ValueError from fewer machines than folds, from what is no number, and where nothing
    measured moves: how old machines get is a matter of repairs alone."""
    names = sorted({life.machine for life in lives})
    if len(names) < remaining_life.FOLDS or not subject.metrics:
        raise ValueError(f"Learning takes metrics of {remaining_life.FOLDS} failed machines.")
    tables = [life.cycles for life in lives]
    if not all(np.isfinite(table).all() for table in tables):
        raise ValueError("Metrics are finite numbers; one of these is not.")
    if not remaining_life.moving(tables):
        raise ValueError(
            "No metric ever moves, so none says how worn a machine is: look at others, or train"
            " from repairs alone."
        )
    tested = remaining_life.backtest(
        tables,
        subject.metrics,
        machines=[names.index(life.machine) for life in lives],
        seed=seed,
        after_fold=after_fold,
    )
    model = remaining_life.train(tables, subject.metrics, tested, seed=seed)
    return Learned(_content(model.to_json(), subject, names), card(tested, len(names)), tested)


def learn_failures(
    machines: Sequence[Machine],
    subject: Subject,
    *,
    seed: int = 1,
    after_fold: AfterFold = nothing,
) -> Learned:
    """Raises ValueError from too few machines or failures."""
    tested = failures.backtest(machines, seed=seed, after_fold=after_fold)
    model = failures.train(machines, tested, seed=seed)
    names = sorted(machine.name for machine in machines)
    return Learned(_content(model.to_json(), subject, names), failure_card(tested), tested)


def _content(model: Mapping[str, Any], subject: Subject, machines: Sequence[str]) -> dict[str, Any]:
    """Whose history was learned from is kept, to know later which machines a model has not seen."""
    return {**model, "subject": subject.to_json(), "machines": list(machines)}
