"""HTTP for how a freelancer is judged and asked, and for asking a person to look again."""

from kernel.http import Router, Session
from marketplace.fairness.schemas import OwnShare
from marketplace.fairness.views import own_share
from marketplace.reviews import queries, service
from marketplace.reviews.models import Review
from marketplace.reviews.schemas import ReviewIn, ReviewShown
from marketplace.scores.schemas import ScoreShown
from marketplace.scores.views import score_shown
from mobile_api.technician.access import FieldId

SHOWN = 50
"""So many times of being asked or not."""

router = Router(prefix="/api/technician", tags=["technician"])


@router.get("/score")
def score(technician_id: FieldId, session: Session) -> ScoreShown:
    """One's own score, every change of it with the reason, and all that it counts."""
    return score_shown(session, technician_id)


@router.get("/fair-share")
def fair_share(technician_id: FieldId, session: Session) -> OwnShare:
    """One's offers and earnings against an equal share, and each time one was asked or not."""
    return own_share(session, technician_id, SHOWN)


@router.get("/reviews")
def list_reviews(technician_id: FieldId, session: Session) -> list[ReviewShown]:
    """What one asked a person to look at again, newest first."""
    rows = queries.list_of_technician(session, technician_id)
    return [ReviewShown.model_validate(row) for row in rows]


@router.post("/reviews", response_model=ReviewShown, status_code=201)
def ask(wanted: ReviewIn, technician_id: FieldId, session: Session) -> Review:
    """Ask that a person looks again; the answer comes until `answer_by`."""
    return service.ask(session, technician_id, **wanted.model_dump())
