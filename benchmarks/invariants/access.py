"""I15: every operation as every role, own and foreign objects, and every check taken out once."""

from sqlalchemy.orm import Session

from benchmarks.invariants.jobs import Outcome
from kernel.stream import Hub
from tests.authorization.attack import access_mutants, object_mutants, survivors
from tests.authorization.door import open_door
from tests.authorization.matrix import Matrix, cells
from tests.authorization.objects import OWNED
from tests.authorization.world import make_world
from tests.client import app

MUST_NOTICE = 0.98


def attack(session: Session) -> Outcome:
    outcome = Outcome()
    # the stream's listener would use the connection of the session from another thread
    start, Hub._start = Hub._start, lambda _: None  # type: ignore[method-assign, assignment]  # silenced
    try:
        with open_door(app()) as door:
            _look(Matrix(door, session, make_world(session)), outcome)
    finally:
        Hub._start = start  # type: ignore[method-assign]  # restored
    return outcome


def _look(matrix: Matrix, outcome: Outcome) -> None:
    asked = [matrix.fault(cell) for cell in cells(matrix.operations)]
    for owned in OWNED:
        for role in owned.roles:
            asked += [matrix.own_fault(owned, role), matrix.foreign_fault(owned, role)]
    mutants = [*access_mutants(matrix), *object_mutants(matrix)]
    missed = survivors(mutants)
    noticed = 1 - len(missed) / len(mutants)
    outcome.operations = len(asked) + len(mutants)
    outcome.faults = len(mutants)
    outcome.violations = [f"I15: {fault}" for fault in asked if fault]
    if noticed < MUST_NOTICE:
        outcome.violations += [f"I15: not noticed: {name}" for name in missed]
    outcome.figures = {"cells": len(asked), "removed_checks_noticed_pct": round(100 * noticed, 2)}
