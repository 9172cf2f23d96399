"""How rows of a file become records: what they refer to, and the description of a kind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy.orm import InstrumentedAttribute, Session

from dispatch.exchange.imports import queries
from dispatch.exchange.imports.cells import Column
from dispatch.exchange.imports.sheets import Row
from kernel.db import Record

R = TypeVar("R", bound=Record)


class CellError(Exception):
    """A cell that is readable but refers to nothing that fits."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column
        self.message = message


@dataclass
class Known:
    """Records by key, loaded once for all rows; new ones are added as they are made."""

    session: Session
    rows: Sequence[Row]
    found: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def of(
        self, model: type[R], columns: Sequence[str], by: InstrumentedAttribute[Any] | None = None
    ) -> dict[str, R]:
        """All records that the named columns of the file refer to."""
        place = by if by is not None else model.external_id
        slot = (model.__tablename__, place.key)
        if slot not in self.found:
            keys = [row.texts.get(column, "") for row in self.rows for column in columns]
            loaded = queries.list_by(self.session, model, place, [key for key in keys if key])
            self.found[slot] = loaded
        return self.found[slot]


def referred(known: dict[str, R], row: Row, column: str) -> R:
    """What a cell names. Raises CellError when there is no such record."""
    text = row.texts[column]
    if text not in known:
        raise CellError(column, "There is no such record.")
    return known[text]


@dataclass(frozen=True)
class Kind:
    """What one kind of file may hold and how its rows become records."""

    name: str
    key: str
    columns: tuple[Column, ...]
    save: Callable[[Session, Row, Known], bool]
    """Writes one row; true when it made a record that was not there."""
    unique: bool = True
    """The key may appear once only."""


def chosen(row: Row, *names: str) -> dict[str, Any]:
    """The values of those columns that the file has."""
    return {name: row.values[name] for name in names if name in row.values}
