"""HTTP: the inbox of the office."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from dispatch.accounts.access import Office
from iot_ingest.escalations import queries, service
from iot_ingest.escalations.models import Escalation
from iot_ingest.escalations.schemas import EscalationOut
from kernel.http import Page, Router, Session, paginate
from kernel.shapes import page_of

router = Router(prefix="/api/escalations", tags=["alerts"])


@router.get("")
def list_escalations(
    session: Session,
    _: Office,
    territory_id: UUID | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[EscalationOut]:
    """What still waits for somebody, newest first."""
    statement = queries.select_open(territory_id)
    found = paginate(session, statement, Escalation.id, cursor, limit, newest_first=True)
    return page_of(EscalationOut, found)


@router.post("/{escalation_id}/settle")
def settle_escalation(session: Session, _: Office, escalation_id: UUID) -> EscalationOut:
    """Somebody has seen to it. Twice is once."""
    return EscalationOut.model_validate(service.settle(session, escalation_id))
