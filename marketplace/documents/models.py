"""The table of papers."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.technicians.models import Credential, Technician
from kernel.db import Record


class Document(Record):
    """One file about one person; its content never changes."""

    __tablename__ = "documents"
    __audit_secret__: ClassVar[set[str]] = {"content"}
    __table_args__ = (CheckConstraint("size_bytes > 0", name="not_empty"),)

    technician_id: Mapped[UUID] = mapped_column(ForeignKey(Technician.id), index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=False)


class CredentialPaper(Record):
    """The paper that shows a credential."""

    __tablename__ = "credential_papers"
    __table_args__ = (UniqueConstraint("credential_id"),)

    credential_id: Mapped[UUID] = mapped_column(ForeignKey(Credential.id))
    document_id: Mapped[UUID] = mapped_column(ForeignKey(Document.id), index=True)
