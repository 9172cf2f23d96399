"""HTTP for the office's view of scores."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from dispatch.accounts.roles import PLANNERS
from dispatch.technicians.models import Technician
from kernel.auth import require
from kernel.db import get
from kernel.http import Page, Router, Session, paginate
from kernel.principal import Principal
from marketplace.scores import queries, views
from marketplace.scores.schemas import ScoreInList, ScoreShown
from marketplace.trust_terms.queries import terms_in_force

Planner = Annotated[Principal, Depends(require(*PLANNERS))]

router = Router(prefix="/api/scores", tags=["trust"])


@router.get("")
def list_scores(
    session: Session,
    _: Planner,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[ScoreInList]:
    """The scores of all who are active."""
    people, following = paginate(session, queries.select_scored(), Technician.id, cursor, limit)
    points = queries.points_of(session, [person.id for person in people])
    base = terms_in_force(session).base_points
    return Page(
        items=[
            ScoreInList(technician_id=one.id, name=one.name, points=points.get(one.id, base))
            for one in people
        ],
        next_cursor=following,
    )


@router.get("/{technician_id}")
def get_score(technician_id: UUID, session: Session, _: Planner) -> ScoreShown:
    """One score with all its reasons."""
    return views.score_shown(session, get(session, Technician, technician_id).id)
