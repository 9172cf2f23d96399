"""The tables of terms and who agreed to which version."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.technicians.models import Technician
from kernel.db import Record


class Terms(Record):
    """One version; its text never changes. From `binding_from` nobody is asked without it."""

    __tablename__ = "terms"
    __table_args__ = (CheckConstraint("number >= 1", name="number"),)

    number: Mapped[int] = mapped_column(unique=True)
    title: Mapped[str]
    text: Mapped[str]
    binding_from: Mapped[datetime]


class Consent(Record):
    """A freelancer agreed to a version, when `created_at` says."""

    __tablename__ = "consents"
    __table_args__ = (UniqueConstraint("technician_id", "terms_id"),)

    technician_id: Mapped[UUID] = mapped_column(ForeignKey(Technician.id))
    terms_id: Mapped[UUID] = mapped_column(ForeignKey(Terms.id), index=True)
