"""HTTP for the office to open papers."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response

from dispatch.accounts.roles import FINANCE, PLANNERS
from kernel.auth import require
from kernel.http import Router, Session
from kernel.principal import Principal
from marketplace.documents.queries import get_document

Reader = Annotated[Principal, Depends(require(*PLANNERS, FINANCE))]

router = Router(prefix="/api/documents", tags=["payouts"])


@router.get("/{document_id}/content", response_class=Response)
def open_document(document_id: UUID, session: Session, _: Reader) -> Response:
    """The file itself."""
    found = get_document(session, document_id, None)
    return Response(
        found.content,
        media_type=found.media_type,
        headers={"Content-Disposition": "inline", "X-Content-Type-Options": "nosniff"},
    )
