"""HTTP for finance's papers."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response

from dispatch.accounts.roles import ADMIN, FINANCE
from kernel import clock
from kernel.auth import require
from kernel.http import Router, Session
from kernel.principal import Principal
from marketplace.statements import queries, service
from marketplace.statements.schemas import ComparisonShown, ReconciliationShown
from marketplace.transfers.queries import list_stuck
from marketplace.transfers.service import STUCK_AFTER

Finance = Annotated[Principal, Depends(require(FINANCE, ADMIN))]
Year = Annotated[int, Query(ge=2000, le=2199)]
Month = Annotated[int, Query(ge=1, le=12)]

router = Router(prefix="/api", tags=["payouts"])


@router.get("/payees/{payee_id}/statement", response_class=Response)
def statement(
    payee_id: UUID,
    year: Year,
    month: Month,
    session: Session,
    _: Finance,
    form: Annotated[service.Format, Query(alias="format")] = "pdf",
) -> Response:
    """What a technician or provider earned and was paid in a month."""
    paper = service.statement(session, payee_id, year, month, form)
    return Response(paper, media_type=service.MEDIA[form])


@router.get("/tax-export", response_class=Response)
def tax_export(year: Year, session: Session, _: Finance) -> Response:
    """CSV of what reached each person's bank in a year, by kind of pay."""
    return Response(service.tax_export(session, year), media_type=service.MEDIA["csv"])


@router.get("/reconciliation")
def reconciliation(session: Session, _: Finance) -> ReconciliationShown:
    """The ledger against payouts and transfers: every difference is a mistake."""
    compared = queries.reconcile(session)
    stuck = list_stuck(session, clock.now(session) - STUCK_AFTER)
    return ReconciliationShown(
        agrees=all(one.agrees for one in compared),
        comparisons=[ComparisonShown.model_validate(one) for one in compared],
        stuck_transfers=len(stuck),
    )
