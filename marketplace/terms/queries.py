"""Reads terms and consents."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.db import among
from kernel.errors import NotFound
from marketplace.terms.models import Consent, Terms


def list_terms(session: Session) -> Sequence[Terms]:
    """Newest first."""
    return session.scalars(select(Terms).order_by(Terms.number.desc())).all()


def find_newest(session: Session) -> Terms | None:
    return session.scalar(select(Terms).order_by(Terms.number.desc()).limit(1))


def find_binding(session: Session, at: datetime) -> Terms | None:
    """The newest version that binds at a moment."""
    return session.scalar(
        select(Terms).where(Terms.binding_from <= at).order_by(Terms.number.desc()).limit(1)
    )


def get_terms(session: Session, number: int) -> Terms:
    found = session.scalar(select(Terms).where(Terms.number == number))
    if found is None:
        raise NotFound("terms", number)
    return found


def find_consent(session: Session, technician_id: UUID, terms_id: UUID) -> Consent | None:
    return session.scalar(
        select(Consent).where(Consent.technician_id == technician_id, Consent.terms_id == terms_id)
    )


def without_consent(session: Session, technician_ids: Collection[UUID], at: datetime) -> set[UUID]:
    """Who of these has agreed neither to the binding version nor to a newer one."""
    binding = find_binding(session, at)
    if binding is None:
        return set()
    agreed = session.scalars(
        select(Consent.technician_id)
        .join(Terms, Terms.id == Consent.terms_id)
        .where(among(Consent.technician_id, technician_ids), Terms.number >= binding.number)
    )
    return set(technician_ids) - set(agreed)
