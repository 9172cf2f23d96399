"""Reads the rules of trust."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.trust_terms.models import TrustTerms


def terms_in_force(session: Session) -> TrustTerms:
    """The newest; the migration that made the table set the usual ones."""
    return session.scalars(select(TrustTerms).order_by(TrustTerms.id.desc()).limit(1)).one()
