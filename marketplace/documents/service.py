"""Takes papers in: only kinds that are shown safely, and only what they claim to be."""

import hashlib
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.technicians.models import Credential
from dispatch.technicians.qualifications.service import add_credential
from kernel.errors import Invalid
from marketplace.documents.models import CredentialPaper, Document
from marketplace.documents.queries import find_same, get_document

LARGEST = 5_000_000
BEGINS = {
    "application/pdf": b"%PDF-",
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
}


def hand_in(session: Session, technician_id: UUID, name: str, content: bytes) -> Document:
    """Keep a file; the same file again is the same document.

    Raises Invalid `document_kind` unless it begins as a PDF, JPEG or PNG does.
    """
    kinds = [kind for kind, begin in BEGINS.items() if content.startswith(begin)]
    if not kinds or len(content) > LARGEST:
        raise Invalid("Send a PDF, JPEG or PNG of up to 5 MB.", code="document_kind")
    digest = hashlib.sha256(content).hexdigest()
    known = find_same(session, technician_id, digest)
    if known is not None:
        return known
    document = Document(
        technician_id=technician_id,
        name=name,
        media_type=kinds[0],
        size_bytes=len(content),
        sha256=digest,
        content=content,
    )
    session.add(document)
    session.flush()
    return document


def claim_credential(
    session: Session,
    technician_id: UUID,
    *,
    kind: str,
    expires_at: datetime | None,
    document_id: UUID,
) -> Credential:
    """A credential with the paper that shows it; it counts once the office has verified it.

    Raises NotFound for somebody else's document.
    """
    get_document(session, document_id, technician_id)
    credential = add_credential(session, technician_id, kind=kind, expires_at=expires_at)
    session.add(CredentialPaper(credential_id=credential.id, document_id=document_id))
    session.flush()
    return credential
