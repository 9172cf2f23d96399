"""Shapes of the figures of a day."""

from datetime import date
from uuid import UUID

from kernel.http import Schema


class DayFiguresOut(Schema):
    """Percentages are null when there was nothing to count."""

    day: date
    territory_id: UUID | None
    work_orders_by_source: dict[str, int]
    work_orders_by_status: dict[str, int]
    visits_by_status: dict[str, int]
    sla_met_pct: float | None
    on_time_pct: float | None
    travel_minutes_per_visit: float | None
    first_time_fix_pct: float | None
    open_at_risk: int
