"""Reads the rules of pay."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.pay_terms.models import PayTerms


def terms_in_force(session: Session) -> PayTerms:
    """The newest; the first migration of payouts sets the usual ones."""
    return session.scalars(select(PayTerms).order_by(PayTerms.id.desc()).limit(1)).one()
