"""How promised arrivals were kept, for the office."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Query

from dispatch.accounts.access import Office
from dispatch.scheduling.arrivals import queries
from dispatch.scheduling.arrivals.learning import GOAL_HIGH, GOAL_LOW, Errors, promise, share
from dispatch.scheduling.arrivals.models import ArrivalErrors
from dispatch.scheduling.arrivals.schemas import ArrivalErrorsOut, KeptOut
from kernel import clock
from kernel.http import Router, Session

router = Router(prefix="/api/insights", tags=["insights"])


@router.get("/arrivals")
def arrivals(
    session: Session,
    _: Office,
    days: Annotated[int, Query(ge=1, le=366)] = 28,
    territory_id: UUID | None = None,
) -> KeptOut:
    """The promises of these days against what happened, and how wide promises are now."""
    since = clock.now(session) - timedelta(days=days)
    promised = queries.promises_since(session, since, territory_id)
    kept = sum(item.is_kept for item in promised)
    late = sum(item.is_late for item in promised)
    found = share(kept, len(promised))
    return KeptOut(
        days=days,
        promised=len(promised),
        kept=kept,
        late=late,
        early=len(promised) - kept - late,
        kept_pct=found.pct if found else None,
        low_pct=found.low if found else None,
        high_pct=found.high if found else None,
        goal_low_pct=100 * GOAL_LOW,
        goal_high_pct=100 * GOAL_HIGH,
        errors=[_shown(row) for row in queries.list_errors(session, territory_id)],
    )


def _shown(row: ArrivalErrors) -> ArrivalErrorsOut:
    told = promise(Errors(row.early_minutes, row.usual_minutes, row.late_minutes, row.arrivals))
    return ArrivalErrorsOut(
        territory_id=row.territory_id,
        hours=row.hours,
        position=row.position,
        early_minutes=row.early_minutes,
        usual_minutes=row.usual_minutes,
        late_minutes=row.late_minutes,
        quantile=row.quantile,
        arrivals=row.arrivals,
        margin_minutes=int(told.margin.total_seconds() // 60),
        window_hours=told.hours,
    )
