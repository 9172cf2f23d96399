"""What the day was like, for the office."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query

from dispatch.accounts.access import Office
from dispatch.insights import queries
from dispatch.insights.schemas import DayFiguresOut
from kernel import clock
from kernel.http import Router, Session

router = Router(prefix="/api", tags=["insights"])
EARLIEST, LATEST = date(2000, 1, 1), date(2200, 1, 1)


@router.get("/insights/day", response_model=DayFiguresOut)
def day_figures(
    session: Session,
    _: Office,
    day: Annotated[date | None, Query(ge=EARLIEST, le=LATEST)] = None,
    territory_id: UUID | None = None,
) -> queries.DayFigures:
    """Today unless another day is named; days begin at midnight of each territory."""
    return queries.day_figures(session, day or clock.now(session).date(), territory_id)
