"""HTTP: what customers have good, and what was taken off their bills."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import AwareDatetime
from sqlalchemy.orm import Session as OrmSession

from dispatch.accounts.roles import FINANCE, MANAGERS, OFFICE
from iot_ingest.credits import queries, service
from iot_ingest.credits.lifecycle import CreditStatus
from iot_ingest.credits.models import Credit
from iot_ingest.credits.schemas import CreditOut, RedeemIn
from kernel.auth import require
from kernel.http import Page, Router, Session, paginate
from kernel.principal import Principal

router = Router(prefix="/api", tags=["incidents"])
Biller = Annotated[Principal, Depends(require(*MANAGERS, FINANCE))]
Reader = Annotated[Principal, Depends(require(*OFFICE, FINANCE))]


@router.get("/credits")
def list_credits(
    session: Session,
    _: Reader,
    customer_id: UUID | None = None,
    status: CreditStatus | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[CreditOut]:
    """Newest first."""
    statement = queries.select_credits(customer_id, status)
    rows, following = paginate(session, statement, Credit.id, cursor, limit, newest_first=True)
    return Page(items=_show(session, rows), next_cursor=following)


@router.get("/credits.csv", response_class=Response)
def export_credits(
    session: Session, _: Biller, since: AwareDatetime, until: AwareDatetime
) -> Response:
    """Granted in `[since, until)`, for the system that writes bills."""
    headers = {"Content-Disposition": 'attachment; filename="credits.csv"'}
    text = queries.as_csv(session, since, until)
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/credits/{credit_id}/redeem")
def redeem_credit(session: Session, _: Biller, credit_id: UUID, body: RedeemIn) -> CreditOut:
    """It was taken off that bill. Twice is once."""
    return _show(session, [service.redeem(session, credit_id, body.reference)])[0]


def _show(session: OrmSession, credits: Sequence[Credit]) -> list[CreditOut]:
    origins = queries.origins_of(session, credits)
    columns = Credit.__table__.columns.keys()
    return [
        CreditOut.model_validate(
            {name: getattr(credit, name) for name in columns} | asdict(origins[credit.alert_id])
        )
        for credit in credits
    ]
