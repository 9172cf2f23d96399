"""Work types, work orders and visits for tests."""

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from dispatch.customers.models import Customer, Site
from dispatch.work_orders import queries, service
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit, WorkOrder, WorkType
from tests.factories.customers import make_site

_numbers = count(1)

V = VisitStatus
ROUTE = (V.SCHEDULED, V.DISPATCHED, V.EN_ROUTE, V.ON_SITE, V.IN_PROGRESS)
"""The shortest way of a visit to work in progress."""


def make_work_type(session: Session, **over: Any) -> WorkType:
    """An hour of boiler repair at level 2, ninety minutes in four of five cases."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "code": f"boiler_repair_{number}",
        "name": f"Boiler repair {number}",
        "expected_minutes": 60,
        "p80_minutes": 90,
        "skills": [{"skill": "boiler", "level": 2}],
        "price_cents": 12000,
    }
    work_type = WorkType(**{**values, **over})
    session.add(work_type)
    session.flush()
    return work_type


def make_work_order(
    session: Session,
    site: Site | None = None,
    work_type: WorkType | None = None,
    *,
    customer: Customer | None = None,
    **over: Any,
) -> WorkOrder:
    """Opened as a dispatcher would, with its first visit."""
    if site is None:
        site = make_site(session, customer)
    if "work_type_code" not in over:
        over["work_type_code"] = (work_type or make_work_type(session)).code
    values: dict[str, Any] = {
        "customer_id": site.customer_id,
        "site_id": site.id,
        "source": "dispatcher",
        "title": "The boiler is cold",
    }
    return service.open(session, **{**values, **over})


def make_visit(
    session: Session,
    order: WorkOrder | None = None,
    *,
    status: VisitStatus = VisitStatus.UNSCHEDULED,
    site: Site | None = None,
    work_type: WorkType | None = None,
    order_values: dict[str, Any] | None = None,
    **over: Any,
) -> Visit:
    """The first visit of an order (a new one unless given), walked legally to `status`."""
    order = order or make_work_order(session, site, work_type, **(order_values or {}))
    visit = queries.list_visits_of(session, order.id)[0]
    for name, value in over.items():
        setattr(visit, name, value)
    session.flush()
    return walk(session, visit, status)


def walk(session: Session, visit: Visit, status: VisitStatus) -> Visit:
    """Move a visit through every state on the way to `status`."""
    for step in _way(visit.status, status):
        reason = "other" if step is V.INCOMPLETE else None
        service.set_visit_status(session, visit, step, reason=reason)
    return visit


def _way(frm: VisitStatus, to: VisitStatus) -> list[VisitStatus]:
    if to in (V.UNSCHEDULED, frm):
        return []
    if to is V.CANCELLED:
        return [V.CANCELLED]
    if to is V.ACCEPTED:
        return [V.SCHEDULED, V.DISPATCHED, V.ACCEPTED]
    steps = [*ROUTE, to] if to not in ROUTE else list(ROUTE[: ROUTE.index(to) + 1])
    return steps[steps.index(frm) + 1 :] if frm in steps else steps
