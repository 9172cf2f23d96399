"""HTTP for the question of the evening before: will you come?"""

from uuid import UUID

from kernel.db import because
from kernel.http import Router, Session
from marketplace.confirmations import queries, service
from mobile_api.confirmations.schemas import CannotCome, ConfirmationAnswer, ConfirmationCard
from mobile_api.technician.access import FieldId

router = Router(prefix="/api/technician/confirmations", tags=["technician"])


@router.get("")
def list_confirmations(technician_id: FieldId, session: Session) -> list[ConfirmationCard]:
    """What one still has to answer, the next visit first."""
    return [
        ConfirmationCard(
            id=asked.id,
            visit_id=asked.visit_id,
            status=asked.status,
            title=order.title,
            address=site.address,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            answer_by=asked.answer_by,
        )
        for asked, row, order, site in queries.list_open_of(session, technician_id)
    ]


@router.post("/{confirmation_id}/confirm")
def confirm(confirmation_id: UUID, technician_id: FieldId, session: Session) -> ConfirmationAnswer:
    """I will come."""
    return ConfirmationAnswer.model_validate(
        service.confirm(session, confirmation_id, technician_id)
    )


@router.post("/{confirmation_id}/decline")
def decline(
    confirmation_id: UUID, wanted: CannotCome, technician_id: FieldId, session: Session
) -> ConfirmationAnswer:
    """I cannot come: others are asked at once."""
    because(session, wanted.reason)
    return ConfirmationAnswer.model_validate(
        service.decline(session, confirmation_id, technician_id, wanted.reason)
    )
