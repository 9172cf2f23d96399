"""Work orders, for the office."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from dispatch.accounts.access import Office, Planner
from dispatch.sla.schemas import EntitlementOut
from dispatch.sla.service import Entitlement
from dispatch.work_orders import queries, service
from dispatch.work_orders.details import queries as details
from dispatch.work_orders.lifecycle import Source, WorkOrderStatus
from dispatch.work_orders.models import Prerequisite, SlaPause, Visit, WorkOrder
from dispatch.work_orders.schemas import (
    Hold,
    PrerequisiteOut,
    PriorityOverride,
    Reason,
    RemoteFix,
    SlaPauseIn,
    SlaPauseOut,
    VisitIn,
    VisitOut,
    WorkOrderDetail,
    WorkOrderIn,
    WorkOrderLine,
    WorkOrderOut,
    WorkOrderPatch,
)
from kernel.http import IfMatch, Page, Router, Session, paginate, set_etag
from kernel.shapes import page_of

router = Router(prefix="/api", tags=["work orders"])


@router.get("/work-orders")
def list_work_orders(
    session: Session,
    _: Office,
    status: Annotated[list[WorkOrderStatus] | None, Query()] = None,
    territory_id: UUID | None = None,
    customer_id: UUID | None = None,
    priority: Annotated[int | None, Query(ge=1, le=5)] = None,
    source: Source | None = None,
    q: Annotated[str | None, Query(max_length=200)] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[WorkOrderLine]:
    """Newest first. `q` finds parts of a number, title, customer's name or address."""
    wanted = queries.WorkOrderFilter(status or (), territory_id, customer_id, priority, source, q)
    found, following = paginate(
        session,
        queries.select_work_orders(wanted),
        WorkOrder.id,
        cursor,
        limit,
        newest_first=True,
    )
    return page_of(WorkOrderLine, (details.describe(session, found), following))


@router.post("/work-orders", response_model=WorkOrderOut, status_code=201)
def open_work_order(
    body: WorkOrderIn, session: Session, _: Office, response: Response
) -> WorkOrder:
    """Opens the order with its first visit, clocks, prerequisites and parts."""
    values = body.model_dump(exclude={"window"})
    window = body.window.pair() if body.window else None
    order = service.open(session, source=Source.DISPATCHER, window=window, **values)
    return _told(response, order)


@router.get("/work-orders/{work_order_id}", response_model=WorkOrderDetail)
def get_work_order(
    work_order_id: UUID, session: Session, _: Office, response: Response
) -> details.WorkOrderView:
    """With its visits, clocks, pauses, prerequisites and parts."""
    order = queries.get_work_order(session, work_order_id)
    set_etag(response, order.version)
    return details.view(session, order)


@router.patch("/work-orders/{work_order_id}", response_model=WorkOrderOut)
def edit(
    work_order_id: UUID,
    body: WorkOrderPatch,
    session: Session,
    _: Office,
    seen: IfMatch,
    response: Response,
) -> WorkOrder:
    return _told(response, service.edit(session, work_order_id, body.changes(), seen_version=seen))


@router.post("/work-orders/{work_order_id}/hold", response_model=WorkOrderOut)
def hold(
    work_order_id: UUID, body: Hold, session: Session, _: Planner, response: Response
) -> WorkOrder:
    return _told(response, service.hold(session, work_order_id, body.reason, body.until))


@router.post("/work-orders/{work_order_id}/release", response_model=WorkOrderOut)
def release(work_order_id: UUID, session: Session, _: Planner, response: Response) -> WorkOrder:
    """Ends a hold, or lets a new order into planning."""
    return _told(response, service.release(session, work_order_id))


@router.post("/work-orders/{work_order_id}/cancel", response_model=WorkOrderOut)
def cancel(
    work_order_id: UUID, body: Reason, session: Session, _: Office, response: Response
) -> WorkOrder:
    return _told(response, service.cancel(session, work_order_id, body.reason))


@router.post("/work-orders/{work_order_id}/priority", response_model=WorkOrderOut)
def override_priority(
    work_order_id: UUID,
    body: PriorityOverride,
    session: Session,
    _: Planner,
    response: Response,
) -> WorkOrder:
    """Another priority until a time, when the one before comes back."""
    order = service.override_priority(
        session, work_order_id, body.priority, body.reason, body.until
    )
    return _told(response, order)


@router.post("/work-orders/{work_order_id}/complete-remotely", response_model=WorkOrderOut)
def complete_remotely(
    work_order_id: UUID, body: RemoteFix, session: Session, _: Office, response: Response
) -> WorkOrder:
    return _told(response, service.complete_remotely(session, work_order_id, body.note))


@router.post("/work-orders/{work_order_id}/review", response_model=WorkOrderOut)
def review(work_order_id: UUID, session: Session, _: Office, response: Response) -> WorkOrder:
    return _told(response, service.review(session, work_order_id))


@router.post("/work-orders/{work_order_id}/close", response_model=WorkOrderOut)
def close(work_order_id: UUID, session: Session, _: Office, response: Response) -> WorkOrder:
    return _told(response, service.close(session, work_order_id))


@router.post("/work-orders/{work_order_id}/visits", response_model=VisitOut, status_code=201)
def add_visit(work_order_id: UUID, body: VisitIn, session: Session, _: Planner) -> Visit:
    """A further stay for an open order."""
    return service.add_visit(
        session,
        work_order_id,
        window=body.window.pair() if body.window else None,
        earliest_at=body.earliest_at,
        preferred_technician_ids=body.preferred_technician_ids,
    )


@router.post(
    "/work-orders/{work_order_id}/prerequisites/{prerequisite_id}/done",
    response_model=PrerequisiteOut,
)
def complete_prerequisite(
    work_order_id: UUID, prerequisite_id: UUID, session: Session, _: Office
) -> Prerequisite:
    return service.complete_prerequisite(session, work_order_id, prerequisite_id)


@router.post("/work-orders/{work_order_id}/sla-pauses", response_model=SlaPauseOut, status_code=201)
def pause_sla(work_order_id: UUID, body: SlaPauseIn, session: Session, _: Planner) -> SlaPause:
    return service.pause_sla(
        session, work_order_id, reason=body.reason, evidence=body.evidence, at=body.at
    )


@router.post("/work-orders/{work_order_id}/sla-pauses/end", response_model=SlaPauseOut | None)
def resume_sla(work_order_id: UUID, session: Session, _: Planner) -> SlaPause | None:
    """Lets the clocks count again; nothing when they did not stand still."""
    return service.resume_sla(session, work_order_id)


@router.get("/work-orders/{work_order_id}/entitlement", response_model=EntitlementOut)
def get_entitlement(work_order_id: UUID, session: Session, _: Office) -> Entitlement:
    """Whether the customer need not pay for this order."""
    return service.entitlement_of(session, queries.get_work_order(session, work_order_id))


@router.get("/entitlement", response_model=EntitlementOut)
def check_entitlement(
    site_id: UUID,
    work_type_code: Annotated[str, Query(max_length=200)],
    session: Session,
    _: Office,
    asset_id: UUID | None = None,
) -> Entitlement:
    """What an order opened now would cost the customer of the site."""
    return service.entitlement_for(session, site_id, work_type_code, asset_id)


def _told(response: Response, order: WorkOrder) -> WorkOrder:
    set_etag(response, order.version)
    return order
