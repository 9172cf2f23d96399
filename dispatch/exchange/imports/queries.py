"""SELECTs that find what an import refers to."""

from collections.abc import Collection
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from kernel.db import Record

R = TypeVar("R", bound=Record)


def list_by(
    session: Session, model: type[R], column: InstrumentedAttribute[Any], keys: Collection[str]
) -> dict[str, R]:
    """Those records whose column has one of the keys, by key."""
    wanted = sorted(set(keys))
    found: dict[str, R] = {}
    for start in range(0, len(wanted), 5000):
        some = wanted[start : start + 5000]
        for record in session.scalars(select(model).where(column.in_(some))):
            found[getattr(record, column.key)] = record
    return found
