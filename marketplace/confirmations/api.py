"""HTTP for the office's view of confirmations."""

from typing import Annotated

from fastapi import Depends, Query

from dispatch.accounts.roles import OFFICE
from kernel.auth import require
from kernel.http import Page, Router, Session, paginate
from kernel.principal import Principal
from kernel.shapes import page_of
from marketplace.confirmations import queries
from marketplace.confirmations.lifecycle import ConfirmationStatus
from marketplace.confirmations.models import Confirmation
from marketplace.confirmations.schemas import ConfirmationShown

Office = Annotated[Principal, Depends(require(*OFFICE))]

router = Router(prefix="/api/confirmations", tags=["offers"])


@router.get("")
def list_confirmations(
    _: Office,
    session: Session,
    status: ConfirmationStatus | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[ConfirmationShown]:
    """Newest first; `status=unanswered` are those that somebody should call."""
    statement = queries.select_confirmations(status)
    found = paginate(session, statement, Confirmation.id, cursor, limit, newest_first=True)
    return page_of(ConfirmationShown, found)
