"""Sets the rules of pay, and keeps people to their limits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from dispatch.accounts.roles import FINANCE, MANAGERS
from kernel.errors import Forbidden
from kernel.principal import Principal
from marketplace.pay_terms.models import PayTerms
from marketplace.pay_terms.queries import terms_in_force


def set_terms(session: Session, values: Mapping[str, Any]) -> PayTerms:
    """New rules from now on; what was earned before keeps its own amounts."""
    terms = PayTerms(**values)
    session.add(terms)
    session.flush()
    return terms


def require_within_limit(session: Session, principal: Principal, cents: int) -> None:
    """Raise Forbidden `above_limit` when so much more pay is not this person's to grant."""
    limit = terms_in_force(session).limit_cents
    if cents > limit and not principal.has(*MANAGERS, FINANCE):
        raise Forbidden(
            "This is above your limit: a supervisor or finance decides.",
            code="above_limit",
            limit_cents=limit,
        )
