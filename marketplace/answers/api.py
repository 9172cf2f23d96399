"""HTTP for what waits for the office about freelancers."""

from uuid import UUID

from dispatch.accounts.access import Office
from dispatch.scheduling.bookings.queries import confirmed_by_visit
from kernel.http import Router, Session
from marketplace.answers.queries import list_answers
from marketplace.answers.schemas import AnswersShown
from marketplace.answers.views import answers_shown
from marketplace.counter_offers.queries import bargains

router = Router(prefix="/api/crowd", tags=["crowd"])


@router.get("/answers")
def get_answers(territory_id: UUID, _: Office, session: Session) -> AnswersShown:
    """Other terms, no answer, nobody there, running late, stand-bys that nobody has, and what fell
    through in the last day."""
    found = list_answers(session, territory_id)
    return answers_shown(
        found,
        bargains(session, [offer.id for _, offer, _ in found.counters]),
        confirmed_by_visit(session, [row.visit_id for _, row, _ in found.late]),
    )
