"""HTTP for the rules of pay: everybody who works may read them, finance sets them."""

from typing import Annotated

from fastapi import Depends

from dispatch.accounts.roles import ADMIN, FIELD, FINANCE, STAFF
from kernel.auth import require
from kernel.http import Router, Session
from kernel.principal import Principal
from marketplace.pay_terms import queries, service
from marketplace.pay_terms.models import PayTerms
from marketplace.pay_terms.schemas import PayTermsIn, PayTermsShown

Reader = Annotated[Principal, Depends(require(*STAFF, *FIELD))]
Finance = Annotated[Principal, Depends(require(FINANCE, ADMIN))]

router = Router(prefix="/api/pay-terms", tags=["payouts"])


@router.get("", response_model=PayTermsShown)
def get_terms(session: Session, _: Reader) -> PayTerms:
    """The rules in force."""
    return queries.terms_in_force(session)


@router.post("", response_model=PayTermsShown, status_code=201)
def set_terms(wanted: PayTermsIn, session: Session, _: Finance) -> PayTerms:
    """New rules for what is earned from now on."""
    return service.set_terms(session, wanted.model_dump())
