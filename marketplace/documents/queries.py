"""Reads papers."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.db import among
from kernel.errors import NotFound
from marketplace.documents.models import CredentialPaper, Document


def get_document(session: Session, document_id: UUID, technician_id: UUID | None) -> Document:
    """The paper, or NotFound when it is somebody else's; of anybody when None."""
    found = session.get(Document, document_id)
    if found is None or technician_id not in (None, found.technician_id):
        raise NotFound("document", document_id)
    return found


def find_same(session: Session, technician_id: UUID, sha256: str) -> Document | None:
    return session.scalar(
        select(Document)
        .where(Document.technician_id == technician_id, Document.sha256 == sha256)
        .limit(1)
    )


def papers_of(session: Session, credential_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The document behind each of these credentials that has one."""
    rows = session.execute(
        select(CredentialPaper.credential_id, CredentialPaper.document_id).where(
            among(CredentialPaper.credential_id, credential_ids)
        )
    )
    return {row[0]: row[1] for row in rows}
