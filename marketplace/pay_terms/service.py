"""Sets the rules of pay."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from marketplace.pay_terms.models import PayTerms


def set_terms(session: Session, values: Mapping[str, int | None]) -> PayTerms:
    """New rules from now on; what was earned before keeps its own amounts."""
    terms = PayTerms(**values)
    session.add(terms)
    session.flush()
    return terms
