"""Reads kinds of credentials."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.technicians.models import CredentialKind

REMIND_DAYS = (30, 7, 1)
"""Of kinds that nobody has described: how many days before the end the holder is reminded."""


def list_kinds(session: Session) -> Sequence[CredentialKind]:
    return session.scalars(select(CredentialKind).order_by(CredentialKind.kind)).all()


def find_kind(session: Session, kind: str) -> CredentialKind | None:
    return session.scalar(select(CredentialKind).where(CredentialKind.kind == kind))


def name_of(session: Session, kind: str) -> str:
    """How people call it; the kind itself where nobody has described it."""
    known = find_kind(session, kind)
    return known.name if known else kind
