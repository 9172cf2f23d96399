"""HTTP for the rules of trust: everybody who works may read them, managers set them."""

from typing import Annotated

from fastapi import Depends

from dispatch.accounts.roles import FIELD, MANAGERS, STAFF
from kernel.auth import require
from kernel.http import Router, Session
from kernel.principal import Principal
from marketplace.trust_terms import queries, service
from marketplace.trust_terms.models import TrustTerms
from marketplace.trust_terms.schemas import (
    TrustRuleShown,
    TrustTermsIn,
    TrustTermsShown,
    TrustTermsTold,
)
from marketplace.trust_terms.words import in_words

Reader = Annotated[Principal, Depends(require(*STAFF, *FIELD))]
Manager = Annotated[Principal, Depends(require(*MANAGERS))]

router = Router(prefix="/api/trust-terms", tags=["trust"])


@router.get("")
def get_terms(session: Session, _: Reader) -> TrustTermsTold:
    """The rules in force, in words too."""
    return _told(queries.terms_in_force(session))


@router.post("", status_code=201)
def set_terms(wanted: TrustTermsIn, session: Session, _: Manager) -> TrustTermsTold:
    """New rules from now on."""
    return _told(service.set_terms(session, wanted.model_dump()))


def _told(terms: TrustTerms) -> TrustTermsTold:
    shown = TrustTermsShown.model_validate(terms)
    figures = shown.model_dump(exclude={"id", "created_at"})
    words = [TrustRuleShown.model_validate(rule) for rule in in_words(figures)]
    return TrustTermsTold(**shown.model_dump(), in_words=words)
