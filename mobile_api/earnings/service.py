"""What a freelancer does about their own money."""

import base64
from uuid import UUID

from sqlalchemy.orm import Session

from kernel.errors import Invalid
from kernel.principal import Principal
from marketplace.disputes.models import Dispute
from marketplace.disputes.service import open_dispute
from marketplace.documents.models import Document
from marketplace.documents.service import hand_in
from marketplace.payouts.queries import get_of_technician


def doubt(
    session: Session, principal: Principal, technician_id: UUID, payout_id: UUID, reason: str
) -> Dispute:
    """Dispute one's own payout; NotFound for another's."""
    get_of_technician(session, payout_id, technician_id)
    return open_dispute(session, payout_id, principal, reason)


def hand_in_receipt(session: Session, technician_id: UUID, name: str, content: str) -> Document:
    """Keep a paper that came in base64. Raises Invalid `document_kind`."""
    try:
        decoded = base64.b64decode(content, validate=True)
    except ValueError:
        raise Invalid("The file is not in base64.", code="document_kind") from None
    return hand_in(session, technician_id, name, decoded)
