"""Keeping what road networks say, and the factors by which trips differ from it."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.territories.queries import get_territory
from dispatch.travel import queries
from dispatch.travel.factors import Factors
from dispatch.travel.lifecycle import Hours
from dispatch.travel.memory import Known
from dispatch.travel.models import RoadTimes, TravelFactor
from dispatch.travel.times import travel_times
from kernel import clock
from kernel.db import transaction

REFRESH_SECONDS = 60.0


class RoadArchive:
    """What was said, in the database, in short transactions of its own."""

    def load(self, source: str, origins: Collection[int]) -> dict[int, Known]:
        with transaction(aside=True) as session:
            return queries.known_from(session, source, origins)

    def save(self, source: str, rows: dict[int, Known]) -> None:
        with transaction(aside=True) as session:
            keep_road_times(session, source, rows)


def keep_road_times(session: Session, network: str, rows: dict[int, Known]) -> None:
    """What is known from each origin replaces what was; origins in one order for all writers."""
    statement = insert(RoadTimes)
    statement = statement.on_conflict_do_update(
        index_elements=["network", "origin"],
        set_={
            "targets": statement.excluded.targets,
            "seconds": statement.excluded.seconds,
            "fetched_at": statement.excluded.fetched_at,
        },
    )
    session.execute(
        statement,
        [
            {
                "network": network,
                "origin": origin,
                "targets": row.targets.astype("<i8").tobytes(),
                "seconds": row.seconds.astype("<f4").tobytes(),
                "fetched_at": datetime.fromtimestamp(row.fetched_at, UTC),
            }
            for origin, row in sorted(rows.items())
        ],
    )


def forget_road_times(session: Session, keep: timedelta) -> None:
    """Roads change: what was said longer ago is asked for again."""
    session.execute(
        delete(RoadTimes).where(RoadTimes.fetched_at < text("clock_timestamp() - :keep")),
        {"keep": keep},
    )


@dataclass(frozen=True)
class Learned:
    """A factor with the interval that holds it in 95 of 100 cases, from so many trips."""

    factor: float
    low: float
    high: float
    trips: int


def learn_factor(
    session: Session, territory_id: UUID, source: str, hours: Hours, found: Learned
) -> TravelFactor:
    row = _factor(session, territory_id, source, hours)
    row.learned, row.low, row.high = found.factor, found.low, found.high
    row.trips = found.trips
    row.learned_at = clock.now(session)
    session.flush()
    return row


def configure_factor(
    session: Session, territory_id: UUID, hours: Hours, factor: float | None
) -> TravelFactor:
    """A person's factor for the network in use; None goes back to what was learned."""
    get_territory(session, territory_id)
    row = _factor(session, territory_id, travel_times().source, hours)
    row.configured = factor
    session.flush()
    refresh(session, at_once=True)
    return row


def _factor(session: Session, territory_id: UUID, source: str, hours: Hours) -> TravelFactor:
    row = queries.find_factor(session, territory_id, source, hours)
    if row is None:
        row = TravelFactor(territory_id=territory_id, source=source, hours=hours)
        session.add(row)
    return row


class _Refreshed:
    """When this process last read the factors, in monotonic seconds."""

    at: float | None = None


def refresh(session: Session, *, at_once: bool = False) -> None:
    """Bring this process's travel times up to date with the factors, at most once a minute."""
    now = time.monotonic()
    if not at_once and _Refreshed.at is not None and now - _Refreshed.at < REFRESH_SECONDS:
        return
    times = travel_times()
    times.factors = queries.factors(session, times.source)
    _Refreshed.at = now


def forget() -> None:
    """Start anew in a process that goes on with another database (tests)."""
    _Refreshed.at = None
    travel_times().factors = Factors()
