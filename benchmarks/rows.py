"""Rows of many tables, written to a database in a few statements."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from dispatch.customers.models import Customer, Site
from dispatch.scheduling.assignments.models import Assignment
from dispatch.technicians.models import Shift, ShiftBreak, Technician, TechnicianSkill
from dispatch.work_orders.models import Visit, WorkOrder

ORDER: tuple[Any, ...] = (
    *(Technician, TechnicianSkill, Shift, ShiftBreak),
    *(Customer, Site, WorkOrder, Visit, Assignment),
)
"""Tables, each behind those that it points to."""
AT_ONCE = 1000


class Rows:
    """Rows by table; those of one table have the same columns."""

    def __init__(self) -> None:
        self.of: dict[Any, list[dict[str, Any]]] = {model: [] for model in ORDER}

    def add(self, model: Any, **values: Any) -> UUID:
        key = uuid4()
        self.of[model].append({"id": key, **values})
        return key

    def write(self, session: Session) -> None:
        for model, rows in self.of.items():
            for first in range(0, len(rows), AT_ONCE):
                session.execute(insert(model), rows[first : first + AT_ONCE])
