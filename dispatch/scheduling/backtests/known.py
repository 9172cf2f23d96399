"""Rows as they stood at a moment of the past, put together from the audit trail."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, TIMESTAMP, Enum, Uuid
from sqlalchemy.dialects.postgresql import TSTZRANGE
from sqlalchemy.types import TypeEngine

from kernel.db import Record

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Fact:
    """One change of one row, at the moment it became known."""

    at: datetime
    table: str
    record_id: UUID
    action: str
    changes: Mapping[str, Any]

    def new(self, column: str) -> Any:
        """The value it gave the column; None when it did not touch it."""
        value = self.changes.get(column)
        return value[1] if self.action == "update" and value is not None else value


class Known:
    """What could be known up to now; it grows fact by fact and never sees one that is later."""

    def __init__(self) -> None:
        self._values: dict[str, dict[UUID, dict[str, Any]]] = defaultdict(dict)
        self._rows: dict[UUID, Record] = {}

    def learn(self, fact: Fact) -> None:
        self._rows.pop(fact.record_id, None)
        table = self._values[fact.table]
        if fact.action == "delete":
            table.pop(fact.record_id, None)
        elif fact.action == "insert":
            table[fact.record_id] = dict(fact.changes)
        else:
            values = table.setdefault(fact.record_id, {})
            values.update({name: after for name, (_, after) in fact.changes.items()})

    def rows(self, model: type[R]) -> dict[UUID, R]:
        """Every row that existed, in no session; the same object until its row changes."""
        return {key: self._row(model, key) for key in self._values[model.__tablename__]}

    def find(self, model: type[R], key: UUID) -> R | None:
        known = key in self._values[model.__tablename__]
        return self._row(model, key) if known else None

    def _row(self, model: type[R], key: UUID) -> R:
        if key not in self._rows:
            self._rows[key] = revived(model, self._values[model.__tablename__][key])
        return self._rows[key]  # type: ignore[return-value]  # made of this model just above


def revived(model: type[R], values: Mapping[str, Any]) -> R:
    """A row of plain JSON values as an object that belongs to no session."""
    columns = model.__table__.columns
    made = {column.key: _value(column.type, values.get(column.name)) for column in columns}
    return model(**{**made, "version": 1})


def _value(kind: TypeEngine[Any], value: Any) -> Any:
    if value is None or isinstance(kind, TSTZRANGE):
        return None
    if isinstance(kind, ARRAY):
        return [UUID(item) if isinstance(kind.item_type, Uuid) else item for item in value]
    if isinstance(kind, TIMESTAMP):
        return datetime.fromisoformat(value)
    if isinstance(kind, Uuid):
        return UUID(value)
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class(value)
    return value
