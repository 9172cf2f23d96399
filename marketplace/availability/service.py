"""Writes weekly hours."""

from collections.abc import Sequence
from datetime import time
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.technicians.models import Technician
from kernel.db import locked
from kernel.errors import Invalid
from marketplace.availability.models import WeeklyHours
from marketplace.availability.queries import list_hours


class Hours(NamedTuple):
    weekday: int
    opens: time
    closes: time


def set_hours(
    session: Session, technician_id: UUID, wanted: Sequence[Hours]
) -> Sequence[WeeklyHours]:
    """In place of all hours before; none at all means the usual ones.

    Raises Invalid `hours_overlap`.
    """
    locked(session, Technician, [technician_id])
    ordered = sorted(wanted)
    for before, after in pairwise(ordered):
        if before.weekday == after.weekday and after.opens < before.closes:
            raise Invalid("The hours of a day follow each other.", code="hours_overlap")
    for row in list_hours(session, [technician_id]):
        session.delete(row)
    session.flush()
    session.add_all(WeeklyHours(technician_id=technician_id, **one._asdict()) for one in ordered)
    session.flush()
    return list_hours(session, [technician_id])
