"""What the day was like, for the office."""

from uuid import UUID

from dispatch.accounts.access import Office
from dispatch.insights import queries
from dispatch.insights.schemas import DayFiguresOut
from kernel import clock
from kernel.http import Router, Session
from kernel.shapes import Day

router = Router(prefix="/api", tags=["insights"])


@router.get("/insights/day", response_model=DayFiguresOut)
def day_figures(
    session: Session,
    _: Office,
    day: Day | None = None,
    territory_id: UUID | None = None,
) -> queries.DayFigures:
    """Today unless another day is named; days begin at midnight of each territory."""
    return queries.day_figures(session, day or clock.now(session).date(), territory_id)
