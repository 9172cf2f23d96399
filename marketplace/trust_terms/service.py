"""Sets the rules of trust."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from marketplace.trust_terms.models import TrustTerms


def set_terms(session: Session, values: Mapping[str, float]) -> TrustTerms:
    """New rules from now on; a score follows them with its next fact."""
    terms = TrustTerms(**values)
    session.add(terms)
    session.flush()
    return terms
