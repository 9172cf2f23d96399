"""I10 from below: the database refuses every move that no table of moves lists."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, Column, Enum, Table, exc, insert, text, update
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE
from sqlalchemy.orm import Session

from benchmarks.invariants.jobs import Outcome
from kernel.db import Base
from kernel.lifecycle import Lifecycle

REFUSED = "FF001"
PARTIAL_INDEXES = """
SELECT indexrelid::regclass::text FROM pg_index
WHERE indrelid = :t ::regclass AND indisunique AND indpred IS NOT NULL
"""
"""Such as at most one active: the rows made up here may not meet those that exist."""


def guarded_tables() -> Iterator[tuple[Table, str, Lifecycle[Any]]]:
    """Every table whose moves the database guards, with the column and the table of moves."""
    for table in Base.metadata.sorted_tables:
        if "lifecycle" in table.info:
            yield (table, *table.info["lifecycle"])


def attack_triggers(session: Session) -> Outcome:
    """Try every pair of states in every guarded table by a plain UPDATE."""
    outcome = Outcome()
    for table, column, lifecycle in guarded_tables():
        with _without_checks(session, table):
            states = list(lifecycle.moves)
            for frm, to in product(states, states):
                outcome.operations += 1
                state = _moved(session, table, column, frm, to)
                legal = frm == to or lifecycle.allows(frm, to)
                outcome.faults += not legal
                if legal is (state == REFUSED):
                    outcome.violations.append(f"I10: {table.name} {frm} > {to}: {state or 'done'}")
    return outcome


@contextmanager
def _without_checks(session: Session, table: Table) -> Iterator[None]:
    """Made-up rows need not make sense beyond their state; undone at the end."""
    names = session.scalars(
        text("SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = :t ::regclass"),
        {"t": table.name},
    ).all()
    with session.begin_nested() as nested:
        for name in names:
            session.execute(text(f"ALTER TABLE {table.name} DROP CONSTRAINT {name}"))
        for name in session.scalars(text(PARTIAL_INDEXES), {"t": table.name}).all():
            session.execute(text(f"DROP INDEX {name}"))
        yield
        nested.rollback()


def _moved(session: Session, table: Table, column: str, frm: str, to: str) -> str:
    """The SQLSTATE of the move, empty when it was done. Everything is undone."""
    key = uuid4()
    row = {c.name: _value(c) for c in table.columns if _is_needed(c)}
    with session.begin_nested() as nested:
        # a made-up row refers to nothing, so foreign keys are left out for it
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(insert(table).values({**row, "id": key, column: frm}))
        session.execute(text("SET LOCAL session_replication_role = origin"))
        try:
            session.execute(
                update(table)
                .where(table.c.id == key)
                .values({column: to, "version": table.c.version + 1})
            )
            return ""
        except exc.DBAPIError as error:
            return str(getattr(error.orig, "sqlstate", "")) or repr(error)
        finally:
            nested.rollback()


def _is_needed(column: Column[Any]) -> bool:
    return not column.nullable and column.server_default is None and column.identity is None


def _value(column: Column[Any]) -> Any:
    """Anything that the column takes."""
    kind = column.type
    if isinstance(kind, Enum):
        return kind.enums[0]
    if isinstance(kind, JSONB):
        return {}
    if isinstance(kind, ARRAY):
        return []
    if isinstance(kind, TSTZRANGE):
        return text("'[2026-03-02,2026-03-03)'::tstzrange")
    values: dict[type, Any] = {
        UUID: uuid4(),
        str: f"made up {uuid4().hex}",
        int: 1,
        float: 1.0,
        bool: False,
    }
    return values.get(kind.python_type, text("app_now()"))
