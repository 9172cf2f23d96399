"""Why a visit is where it is, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from dispatch.accounts.access import Office, Planner
from dispatch.scheduling.explanations import queries, service
from dispatch.scheduling.explanations.schemas import ExplanationOut, WayIn
from dispatch.scheduling.plans.models import Plan
from dispatch.scheduling.plans.schemas import PlanLine
from kernel.http import Router, Session

router = Router(prefix="/api", tags=["schedule"])

Compared = Annotated[tuple[UUID, ...], Query(max_length=2)]


@router.get("/visits/{visit_id}/explanation")
def get_explanation(
    session: Session, _: Office, visit_id: UUID, compare: Compared = ()
) -> ExplanationOut:
    """Everybody who could take it, with the difference in money by term and the rules broken.

    With a place: why not earlier. Without: the reasons, and the smallest changes that would let
    it in. `compare` one technician with who has the visit now, or two with each other.
    """
    return ExplanationOut.of(queries.explained(session, visit_id, compare))


@router.post("/visits/{visit_id}/explanation/draft", response_model=PlanLine, status_code=201)
def draft(session: Session, _: Planner, visit_id: UUID, wanted: WayIn) -> Plan:
    """Make a draft of a candidate, of the earlier start or of a relaxation; it changes nothing yet.

    409 `no_longer_possible` when the schedule has changed meanwhile.
    """
    return service.draft(session, visit_id, **wanted.model_dump())
