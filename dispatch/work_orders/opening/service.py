"""Opening a work order: first visit, clocks, prerequisites, parts, entitlement; and past ones."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.customers.models import Customer, Site
from dispatch.events import WorkOrderOpened
from dispatch.sla import queries as sla_queries
from dispatch.sla import service as sla
from dispatch.work_orders import queries
from dispatch.work_orders.clocks.service import start_clocks
from dispatch.work_orders.lifecycle import PARTS_SHORT, Source, WorkOrderStatus
from dispatch.work_orders.models import Prerequisite, Visit, WorkOrder, WorkType
from dispatch.work_orders.moves.service import put_on_hold
from dispatch.work_orders.reservations.service import need_parts
from dispatch.work_orders.visits.service import make_visit
from kernel import clock
from kernel.db import get
from kernel.errors import Invalid
from kernel.events import publish


def open(
    session: Session,
    *,
    customer_id: UUID,
    site_id: UUID,
    work_type_code: str,
    source: str,
    title: str | None = None,
    description: str = "",
    asset_id: UUID | None = None,
    priority: int | None = None,
    reported_at: datetime | None = None,
    due_at: datetime | None = None,
    earliest_at: datetime | None = None,
    delay_cost_cents_per_day: int = 0,
    failure_curve: dict[str, Any] | None = None,
    fault_class: str | None = None,
    alert_id: UUID | None = None,
    window: tuple[datetime, datetime] | None = None,
    external_id: str | None = None,
    needs_review: bool = False,
) -> WorkOrder:
    """Open an order with its first visit; publishes WorkOrderOpened.

    The SLA (of the customer's agreement, else of the work type) counts from `reported_at` (now).
    Parts are reserved; a shortage puts the order on hold until they arrive. With `needs_review`
    the order stays new, unplanned, until it is released. `window` is what was asked for.
    Raises NotFound for unknown records, Invalid when site or asset are not the customer's.
    """
    customer, site = _served(session, customer_id, site_id)
    check_asset(session, asset_id, site.id)
    _check_window(window)
    work_type = queries.get_work_type_by_code(session, work_type_code)
    reported = _reported_at(session, reported_at)
    granted = _entitlement(session, site, work_type, asset_id, reported)
    order = WorkOrder(
        number=queries.next_number(session),
        customer_id=customer.id,
        site_id=site.id,
        asset_id=asset_id,
        work_type_id=work_type.id,
        territory_id=site.territory_id,
        status=WorkOrderStatus.NEW if needs_review else WorkOrderStatus.OPEN,
        priority=priority or work_type.priority,
        source=Source(source),
        title=title or work_type.name,
        description=description,
        reported_at=reported,
        due_at=due_at,
        earliest_at=earliest_at,
        delay_cost_cents_per_day=delay_cost_cents_per_day,
        failure_curve=failure_curve,
        fault_class=fault_class,
        alert_id=alert_id,
        entitlement=granted.by,
        agreement_id=granted.agreement_id,
        external_id=external_id,
    )
    return _complete(session, order, work_type, site, customer, granted, window)


def record_repair(
    session: Session,
    *,
    asset_id: UUID,
    work_type_code: str,
    fault_class: str,
    reported_at: datetime,
    completed_at: datetime,
    external_id: str | None = None,
) -> WorkOrder:
    """A repair that was done before we came: completed, without visits or clocks, and nobody is
    told. Models learn from it, and it says how often such a machine fails.

    Raises NotFound for unknown records, Invalid `repair_ends_early`, `repair_in_future`.
    """
    if completed_at < reported_at:
        raise Invalid("A repair ends after it was asked for.", code="repair_ends_early")
    if completed_at > clock.now(session):
        raise Invalid("A repair that was done lies in the past.", code="repair_in_future")
    asset = get(session, Asset, asset_id)
    site = get(session, Site, asset.site_id)
    work_type = queries.get_work_type_by_code(session, work_type_code)
    order = WorkOrder(
        number=queries.next_number(session),
        customer_id=site.customer_id,
        site_id=site.id,
        asset_id=asset.id,
        work_type_id=work_type.id,
        territory_id=site.territory_id,
        status=WorkOrderStatus.COMPLETED,
        priority=work_type.priority,
        source=Source.IMPORT,
        title=work_type.name,
        reported_at=reported_at,
        completed_at=completed_at,
        fault_class=fault_class,
        external_id=external_id,
    )
    session.add(order)
    session.flush()
    return order


def entitlement_for(
    session: Session, site_id: UUID, work_type_code: str, asset_id: UUID | None = None
) -> sla.Entitlement:
    """What an order opened now would cost the customer of the site."""
    site = get(session, Site, site_id)
    check_asset(session, asset_id, site.id)
    work_type = queries.get_work_type_by_code(session, work_type_code)
    return _entitlement(session, site, work_type, asset_id, clock.now(session))


def entitlement_of(session: Session, order: WorkOrder) -> sla.Entitlement:
    """What an order costs its customer; the agreement that it used up still counts for it."""
    site = get(session, Site, order.site_id)
    work_type = queries.get_work_type(session, order.work_type_id)
    if order.agreement_id is not None:
        return sla.granted_by_agreement(session, order.agreement_id, work_type.currency)
    return _entitlement(session, site, work_type, order.asset_id, order.reported_at)


def check_asset(session: Session, asset_id: UUID | None, site_id: UUID) -> None:
    """Raises Invalid `asset_at_another_site`."""
    if asset_id is not None and get(session, Asset, asset_id).site_id != site_id:
        raise Invalid("This asset is at another site.", code="asset_at_another_site")


def _entitlement(
    session: Session,
    site: Site,
    work_type: WorkType,
    asset_id: UUID | None,
    reported_at: datetime,
) -> sla.Entitlement:
    return sla.entitlement(
        session,
        customer_id=site.customer_id,
        asset_id=asset_id,
        work_type_code=work_type.code,
        price_cents=work_type.price_cents,
        currency=work_type.currency,
        at=reported_at,
        time_zone=site.time_zone,
    )


def _complete(
    session: Session,
    order: WorkOrder,
    work_type: WorkType,
    site: Site,
    customer: Customer,
    granted: sla.Entitlement,
    window: tuple[datetime, datetime] | None,
) -> WorkOrder:
    session.add(order)
    session.flush()
    policy_id = granted.sla_policy_id or work_type.sla_policy_id
    policy = sla_queries.get_policy(session, policy_id) if policy_id else None
    start_clocks(session, order, policy)
    _add_prerequisites(session, order, work_type)
    preferred = customer.preferred_technician_id
    visit = make_visit(
        session,
        order,
        work_type,
        site,
        window=window,
        preferred_technician_ids=[preferred] if preferred else [],
    )
    if granted.agreement_id is not None:
        sla.use_visit(session, granted.agreement_id)
    _announce(session, order, visit)
    if work_type.parts and not need_parts(session, order, visit, work_type.parts):
        put_on_hold(session, order, PARTS_SHORT, clock.now(session))
    return order


def _announce(session: Session, order: WorkOrder, visit: Visit) -> None:
    publish(
        session,
        WorkOrderOpened(
            work_order_id=order.id,
            visit_id=visit.id,
            source=order.source,
            priority=order.priority,
            territory_id=order.territory_id,
            customer_id=order.customer_id,
        ),
    )


def _add_prerequisites(session: Session, order: WorkOrder, work_type: WorkType) -> None:
    """`[{kind, title, owner?, due_days?}]` of the work type, due that long after the report."""
    for needed in work_type.prerequisites:
        days = needed.get("due_days")
        session.add(
            Prerequisite(
                work_order_id=order.id,
                kind=needed["kind"],
                title=needed["title"],
                owner=needed.get("owner"),
                due_at=order.reported_at + timedelta(days=days) if days is not None else None,
            )
        )
    session.flush()


def _served(session: Session, customer_id: UUID, site_id: UUID) -> tuple[Customer, Site]:
    customer = get(session, Customer, customer_id)
    site = get(session, Site, site_id)
    if site.customer_id != customer.id:
        raise Invalid("This site is another customer's.", code="site_of_another_customer")
    return customer, site


def _reported_at(session: Session, told: datetime | None) -> datetime:
    """Nothing is reported in the future."""
    now = clock.now(session)
    return min(told or now, now)


def _check_window(window: tuple[datetime, datetime] | None) -> None:
    if window is not None and window[1] <= window[0]:
        raise Invalid("A window must end after it starts.", code="window_empty")
