"""Why a visit is where it is, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from dispatch.accounts.access import Office
from dispatch.scheduling.explanations import queries
from dispatch.scheduling.explanations.schemas import ExplanationOut
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
