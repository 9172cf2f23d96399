"""Learning arrival errors, corrected by how many promises were kept."""

from collections import defaultdict
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy.orm import Session

from dispatch.scheduling.arrivals import queries
from dispatch.scheduling.arrivals.learning import (
    Position,
    corrected_quantile,
    errors,
    position_of,
)
from dispatch.scheduling.arrivals.models import ArrivalErrors
from dispatch.travel.lifecycle import Hours, hours_of
from kernel import clock

LOOK_BACK = timedelta(days=60)

Cell = tuple[UUID, Hours, Position]


def learn(session: Session) -> int:
    """Compute everything anew; gives how many groups of arrivals are known."""
    now = clock.now(session)
    minutes = _minutes_by_cell(session)
    promises: dict[UUID | None, list[queries.Promised]] = defaultdict(list)
    for item in queries.promises_since(session, now - LOOK_BACK):
        promises[item.territory_id].append(item)
    session.execute(delete(ArrivalErrors))
    rows = []
    for (territory_id, hours, position), late in minutes.items():
        kept = [item.is_kept for item in promises[territory_id]]
        quantile = corrected_quantile(sum(kept), len(kept))
        found = errors(late, quantile)
        if found is not None:
            rows.append(
                ArrivalErrors(
                    territory_id=territory_id,
                    hours=hours,
                    position=position,
                    early_minutes=found.p5,
                    usual_minutes=found.p50,
                    late_minutes=found.p95,
                    quantile=round(quantile, 3),
                    arrivals=found.arrivals,
                    learned_at=now,
                )
            )
    session.add_all(rows)
    session.flush()
    return len(rows)


def _minutes_by_cell(session: Session) -> dict[Cell, list[float]]:
    """Each arrival counts in its hours and position, and in the groups that hold all of either."""
    found: dict[Cell, list[float]] = defaultdict(list)
    numbers: dict[tuple[UUID, date], int] = defaultdict(int)
    for arrival in queries.arrivals_since(session, clock.now(session) - LOOK_BACK):
        local = arrival.planned_at.astimezone(ZoneInfo(arrival.time_zone))
        numbers[arrival.technician_id, local.date()] += 1
        position = position_of(numbers[arrival.technician_id, local.date()])
        for hours in (Hours.ALL, hours_of(local)):
            for place in (Position.ANY, position):
                found[arrival.territory_id, hours, place].append(arrival.minutes_late)
    return found
