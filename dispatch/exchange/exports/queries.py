"""Everything in the database as JSON Lines, without secrets."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, inspect, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from kernel.db import Base

KEPT_BACK = "kernel."
"""Tables of technique (jobs, sign-in sessions, stored replies) are nobody's records."""
EXPORTED_ALL_THE_SAME = frozenset({"audit_entry"})
SECRET_WORDS = ("hash", "secret", "token", "password")
BATCH = 1000


def lines(session: Session) -> Iterator[str]:
    """One JSON object per row: {"table": name, "row": {column: value}}, parents first.

    Rows are streamed; the caller keeps the session open until the end.
    """
    for table in exported_tables():
        columns = [column for column in table.columns if column.key not in secrets_of(table)]
        rows = session.execute(
            select(*columns).order_by(*table.primary_key.columns),
            execution_options={"yield_per": BATCH},
        )
        for row in rows.mappings():
            whole = {"table": table.name, "row": dict(row)}
            yield json.dumps(whole, default=_plain, ensure_ascii=False) + "\n"


def exported_tables() -> list[Table]:
    """In an order in which every row comes after those it refers to."""
    owned = {
        mapper.local_table
        for mapper in Base.registry.mappers
        if not mapper.class_.__module__.startswith(KEPT_BACK)
    }
    return [
        table
        for table in Base.metadata.sorted_tables
        if table in owned or table.name in EXPORTED_ALL_THE_SAME
    ]


def secrets_of(table: Table) -> frozenset[str]:
    """Columns that an export leaves out: those named secret by their model or by their name."""
    by_name = {
        column.key for column in table.columns if any(word in column.key for word in SECRET_WORDS)
    }
    by_model: set[str] = set()
    for mapper in Base.registry.mappers:
        if mapper.local_table is table:
            by_model |= set(getattr(inspect(mapper).class_, "__audit_secret__", ()))
    return frozenset(by_name | by_model)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Range):
        return [value.lower, value.upper]
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"no JSON for {type(value).__name__}")
