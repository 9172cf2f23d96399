"""HTTP for stand-bys, for the office."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query

from dispatch.accounts.access import Office, Planner
from kernel.db import because
from kernel.http import Page, Router, Session, paginate
from marketplace.pay_terms.service import require_within_limit
from marketplace.stand_bys import back_outs, queries, service
from marketplace.stand_bys.lifecycle import StandByStatus
from marketplace.stand_bys.models import StandBy
from marketplace.stand_bys.schemas import AskedShown, GivenBackIn, StandByIn, StandByShown

router = Router(prefix="/api/stand-bys", tags=["offers"])


@router.get("")
def list_stand_bys(
    _: Office,
    session: Session,
    status: StandByStatus | None = None,
    territory_id: UUID | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[StandByShown]:
    """Newest first, with who was asked."""
    statement = queries.select_stand_bys(status, territory_id)
    rows, following = paginate(session, statement, StandBy.id, cursor, limit, newest_first=True)
    return Page(items=_shown(session, rows), next_cursor=following)


@router.post("", status_code=201)
def offer_stand_by(body: StandByIn, session: Session, planner: Planner) -> StandByShown:
    """Ask freelancers to have a duty; the first who says yes has it."""
    require_within_limit(session, planner, body.pay_cents)
    return _shown(session, [service.offer(session, **body.model_dump())])[0]


@router.post("/{stand_by_id}/withdraw")
def withdraw(stand_by_id: UUID, session: Session, _: Planner) -> StandByShown:
    """Take it back, as long as nobody took it."""
    return _shown(session, [service.withdraw(session, stand_by_id)])[0]


@router.post("/{stand_by_id}/back-out")
def back_out(stand_by_id: UUID, body: GivenBackIn, session: Session, _: Planner) -> StandByShown:
    """Note that its taker has given it back by telephone; the rules are those of the app."""
    because(session, body.reason)
    return _shown(session, [back_outs.record_back_out(session, stand_by_id)])[0]


def _shown(session: Session, rows: Sequence[StandBy]) -> list[StandByShown]:
    offers = queries.list_offers(session, [row.id for row in rows])
    return [
        StandByShown(
            id=row.id,
            rota_id=row.rota_id,
            status=row.status,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            pay_cents=row.pay_cents,
            currency=row.currency,
            answer_by=row.answer_by,
            payout_id=row.payout_id,
            asked=[AskedShown.model_validate(one) for one in offers if one.stand_by_id == row.id],
        )
        for row in rows
    ]
