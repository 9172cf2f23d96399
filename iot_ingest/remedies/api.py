"""HTTP: what each customer of an incident gets."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy.orm import Session as OrmSession

from dispatch.accounts.access import Admin, Office, Planner
from iot_ingest.incidents.models import Incident
from iot_ingest.remedies import queries, service
from iot_ingest.remedies.lifecycle import GRANTING
from iot_ingest.remedies.models import Remedy
from iot_ingest.remedies.schemas import (
    RemedyCostOut,
    RemedyCostsOut,
    RemedyOut,
    RemedyTermsIn,
    RemedyTermsOut,
)
from kernel.auth import require
from kernel.db import get
from kernel.http import Page, Router, Session, paginate
from kernel.principal import Principal
from kernel.settings import settings
from kernel.shapes import NoteIn

router = Router(prefix="/api", tags=["incidents"])
Decider = Annotated[Principal, Depends(require(*GRANTING))]


@router.get("/remedy-terms")
def list_remedy_terms(session: Session, _: Office) -> list[RemedyTermsOut]:
    """In force now, of every kind."""
    found = queries.terms_in_force(session).values()
    return [RemedyTermsOut.model_validate(terms) for terms in found]


@router.post("/remedy-terms", status_code=201)
def set_remedy_terms(session: Session, _: Admin, body: RemedyTermsIn) -> RemedyTermsOut:
    """For remedies proposed from now on; who may grant those that wait is asked anew, too."""
    return RemedyTermsOut.model_validate(service.set_terms(session, **body.model_dump()))


@router.get("/remedies")
def list_decidable(
    session: Session,
    decider: Decider,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[RemedyOut]:
    """What waits for the caller: proposed by somebody else, within the caller's limits; oldest
    first."""
    statement = queries.select_decidable(session, decider.actor, decider.roles)
    rows, following = paginate(session, statement, Remedy.id, cursor, limit)
    return Page(items=_show(session, rows), next_cursor=following)


@router.get("/incidents/{incident_id}/remedies")
def list_remedies(session: Session, _: Office, incident_id: UUID) -> list[RemedyOut]:
    incident = get(session, Incident, incident_id)
    found = queries.list_remedies(session, incident.id)
    return _show(session, found)


@router.get("/incidents/{incident_id}/remedy-costs")
def sum_remedy_costs(session: Session, _: Office, incident_id: UUID) -> RemedyCostsOut:
    """By kind, and together."""
    incident = get(session, Incident, incident_id)
    kinds = queries.costs_of(session, incident.id)
    return RemedyCostsOut(
        currency=settings().currency,
        kinds=[RemedyCostOut.model_validate(cost) for cost in kinds],
        granted_cents=sum(cost.granted_cents for cost in kinds),
        proposed_cents=sum(cost.proposed_cents for cost in kinds),
    )


@router.post("/incidents/{incident_id}/remedies")
def propose_remedies(session: Session, planner: Planner, incident_id: UUID) -> list[RemedyOut]:
    """One for each open alert without; what is above the caller's limit waits for somebody else."""
    found = service.propose(session, incident_id, planner.roles)
    return _show(session, found)


@router.post("/remedies/{remedy_id}/grant")
def grant_remedy(session: Session, decider: Decider, remedy_id: UUID) -> RemedyOut:
    """Somebody else than who proposed it, with a limit that reaches."""
    remedy = service.decide(session, remedy_id, decider.roles)
    return _show(session, [remedy])[0]


@router.post("/remedies/{remedy_id}/decline")
def decline_remedy(session: Session, decider: Decider, remedy_id: UUID, body: NoteIn) -> RemedyOut:
    """With the reason; who proposed it reads it."""
    remedy = service.decide(session, remedy_id, decider.roles, declined_because=body.note)
    return _show(session, [remedy])[0]


@router.post("/remedies/{remedy_id}/carry-out")
def carry_out_remedy(session: Session, _: Planner, remedy_id: UUID) -> RemedyOut:
    """Once more, when what stood in the way is mended. Twice is once."""
    return _show(session, [service.carry_out_again(session, remedy_id)])[0]


def _show(session: OrmSession, remedies: Sequence[Remedy]) -> list[RemedyOut]:
    around = queries.surroundings_of(session, remedies)
    columns = Remedy.__table__.columns.keys()
    return [
        RemedyOut.model_validate(
            {
                **{name: getattr(remedy, name) for name in columns},
                "customer_name": around[remedy.id].customer_name,
                "asset_name": around[remedy.id].asset_name,
                "order_number": around[remedy.id].order_number,
                "collection_order_number": around[remedy.id].collection_order_number,
                "credit_status": credit.status if (credit := around[remedy.id].credit) else None,
            }
        )
        for remedy in remedies
    ]
