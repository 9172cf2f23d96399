"""Learning from what is stored: the lives of assets of a model, or their errors and failures."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from iot_ingest.forecasts import queries
from iot_ingest.forecasts.histories import lives_between, machine_of, table_of
from iot_ingest.forecasts.subjects import Subject
from iot_ingest.prognosis import failures, remaining_life
from iot_ingest.prognosis.cards import card, failure_card
from iot_ingest.prognosis.machines import Machine
from iot_ingest.prognosis.trees import Table
from kernel import clock

LOOK_BACK = timedelta(days=5 * 365)
FEWEST_CYCLES = 30
"""A shorter life says too little of how it wore."""


@dataclass(frozen=True, slots=True)
class Learned:
    """A model as it is kept, and what its backtest showed."""

    content: Mapping[str, Any]
    card: Mapping[str, Any]


def read_lives(session: Session, asset_models: Collection[str], subject: Subject) -> list[Table]:
    """Cycles x metrics of every stretch that ended with a repair of the fault."""
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
                lives.append(life)
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


def learn_lives(lives: list[Table], subject: Subject, *, seed: int = 1) -> Learned:
    """Raises ValueError from fewer lives than folds."""
    if len(lives) < remaining_life.FOLDS:
        raise ValueError(f"Learning takes {remaining_life.FOLDS} lives run to failure.")
    tested = remaining_life.backtest(lives, subject.metrics, seed=seed)
    model = remaining_life.train(lives, subject.metrics, tested, seed=seed)
    return Learned({**model.to_json(), "subject": subject.to_json()}, card(tested))


def learn_failures(machines: list[Machine], subject: Subject, *, seed: int = 1) -> Learned:
    """Raises ValueError from too few machines or failures."""
    tested = failures.backtest(machines, seed=seed)
    model = failures.train(machines, tested, seed=seed)
    return Learned({**model.to_json(), "subject": subject.to_json()}, failure_card(tested))
