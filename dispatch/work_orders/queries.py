"""SELECTs over work types, work orders, visits and what belongs to them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from dispatch.customers.models import Customer, Site
from dispatch.work_orders.lifecycle import (
    OPEN_VISITS,
    PARTS_SHORT,
    PLANNED_VISITS,
    WAITING_VISITS,
    Source,
    VisitStatus,
    WorkOrderStatus,
)
from dispatch.work_orders.models import (
    WORK_ORDER_NUMBERS,
    Prerequisite,
    SlaPause,
    Visit,
    WorkOrder,
    WorkType,
)
from kernel.db import among, get
from kernel.errors import NotFound

# Built once: every move of a visit asks them.
ORDER_STATUS = select(WorkOrder.status).where(WorkOrder.id == bindparam("work_order_id"))
VISIT_STATES = (
    select(Visit.status)
    .where(Visit.work_order_id == bindparam("work_order_id"))
    .order_by(Visit.sequence)
)


@dataclass(frozen=True)
class OpenVisit:
    """A visit for the planner, with the records it is planned by."""

    visit: Visit
    work_order: WorkOrder
    site: Site

    @property
    def version(self) -> tuple[UUID, int, int, int]:
        return self.visit.id, self.visit.version, self.work_order.version, self.site.version


@dataclass(frozen=True)
class WorkOrderFilter:
    """What a list of work orders is narrowed to; empty lists everything."""

    statuses: Collection[WorkOrderStatus] = ()
    territory_id: UUID | None = None
    customer_id: UUID | None = None
    priority: int | None = None
    source: Source | None = None
    q: str | None = None


def next_number(session: Session) -> str:
    """Such as WO-000123. Numbers of refused transactions are lost, none is given twice."""
    number: int = session.execute(select(WORK_ORDER_NUMBERS.next_value())).scalar_one()
    return f"WO-{number:06d}"


def select_work_types(*, bookable: bool | None = None) -> Select[WorkType]:
    statement = select(WorkType)
    if bookable is not None:
        statement = statement.where(WorkType.bookable.is_(bookable))
    return statement


def list_qualifications(session: Session) -> tuple[list[str], list[str]]:
    """The skills, and the kinds of credentials, that some work type asks for; by name."""
    rows = session.execute(select(WorkType.skills, WorkType.credentials)).all()
    skills = {need["skill"] for needs, _ in rows for need in needs}
    return sorted(skills), sorted({kind for _, kinds in rows for kind in kinds})


def get_work_type(session: Session, work_type_id: UUID) -> WorkType:
    return get(session, WorkType, work_type_id)


def find_work_type(session: Session, code: str) -> WorkType | None:
    return session.scalar(select(WorkType).where(WorkType.code == code))


def get_work_type_by_code(session: Session, code: str) -> WorkType:
    found = find_work_type(session, code)
    if found is None:
        raise NotFound("work_type", code)
    return found


def get_work_order(session: Session, work_order_id: UUID) -> WorkOrder:
    return get(session, WorkOrder, work_order_id)


def get_order_status(session: Session, work_order_id: UUID) -> WorkOrderStatus:
    """As the database has it now, whatever this session has read of the order before."""
    return session.scalars(ORDER_STATUS, {"work_order_id": work_order_id}).one()


def is_short_of_parts(session: Session, work_order_id: UUID) -> bool:
    """It is on hold for no other reason, as the database has it now."""
    found = select(WorkOrder.id).where(
        WorkOrder.id == work_order_id,
        WorkOrder.status == WorkOrderStatus.ON_HOLD,
        WorkOrder.hold_reason == PARTS_SHORT,
    )
    return session.scalar(found) is not None


def get_visit(session: Session, visit_id: UUID) -> Visit:
    return get(session, Visit, visit_id)


def select_work_orders(wanted: WorkOrderFilter) -> Select[WorkOrder]:
    statement = select(WorkOrder)
    if wanted.statuses:
        statement = statement.where(WorkOrder.status.in_(wanted.statuses))
    if wanted.territory_id is not None:
        statement = statement.where(WorkOrder.territory_id == wanted.territory_id)
    if wanted.customer_id is not None:
        statement = statement.where(WorkOrder.customer_id == wanted.customer_id)
    if wanted.priority is not None:
        statement = statement.where(WorkOrder.priority == wanted.priority)
    if wanted.source is not None:
        statement = statement.where(WorkOrder.source == wanted.source)
    if wanted.q:
        statement = statement.where(_mentions(wanted.q))
    return statement


def _mentions(q: str) -> ColumnElement[bool]:
    people = select(Customer.id).where(Customer.name.icontains(q, autoescape=True))
    places = select(Site.id).where(Site.address.icontains(q, autoescape=True))
    return or_(
        WorkOrder.number.icontains(q, autoescape=True),
        WorkOrder.title.icontains(q, autoescape=True),
        WorkOrder.customer_id.in_(people),
        WorkOrder.site_id.in_(places),
    )


def list_visits_of(session: Session, work_order_id: UUID) -> Sequence[Visit]:
    """In their sequence, in their present state."""
    return session.scalars(
        select(Visit)
        .where(Visit.work_order_id == work_order_id)
        .order_by(Visit.sequence)
        .execution_options(populate_existing=True)
    ).all()


def list_visit_states(session: Session, work_order_id: UUID) -> Sequence[VisitStatus]:
    """The committed and own states of an order's visits, in their sequence."""
    return session.scalars(VISIT_STATES, {"work_order_id": work_order_id}).all()


def list_open_visit_ids(session: Session, work_order_id: UUID) -> Sequence[UUID]:
    return session.scalars(
        select(Visit.id).where(Visit.work_order_id == work_order_id, Visit.status.in_(OPEN_VISITS))
    ).all()


def last_sequence(session: Session, work_order_id: UUID) -> int:
    """0 when there is no visit yet."""
    highest = session.scalar(
        select(func.max(Visit.sequence)).where(Visit.work_order_id == work_order_id)
    )
    return highest or 0


def list_visits(
    session: Session,
    *,
    customer_id: UUID | None = None,
    territory_ids: Collection[UUID] | None = None,
    statuses: Collection[VisitStatus] | None = None,
    visit_ids: Collection[UUID] | None = None,
) -> Sequence[Visit]:
    """Visits that match all that is given, the oldest first."""
    statement = select(Visit)
    if customer_id is not None:
        statement = statement.where(Visit.customer_id == customer_id)
    if territory_ids is not None:
        statement = statement.where(Visit.territory_id.in_(territory_ids))
    if statuses is not None:
        statement = statement.where(Visit.status.in_(statuses))
    if visit_ids is not None:
        statement = statement.where(Visit.id.in_(visit_ids))
    return session.scalars(statement.order_by(Visit.id)).all()


def is_plannable() -> ColumnElement[bool]:
    """The rule for a Visit joined with its WorkOrder: nothing forbids sending somebody.

    The order is open and not on hold, no prerequisite is open, and its clocks are not paused
    because the customer cannot be reached.
    """
    return and_(
        WorkOrder.status.in_(
            [WorkOrderStatus.OPEN, WorkOrderStatus.SCHEDULED, WorkOrderStatus.IN_PROGRESS]
        ),
        ~exists().where(Prerequisite.work_order_id == WorkOrder.id, Prerequisite.done_at.is_(None)),
        ~exists().where(SlaPause.work_order_id == WorkOrder.id, SlaPause.ends_at.is_(None)),
    )


def visits_waiting(
    session: Session,
    territory_ids: Collection[UUID] | None,
    start: datetime,
    end: datetime,
) -> list[OpenVisit]:
    """Unscheduled visits that may be planned in [start, end); None means every territory.

    A visit that must not happen before `end`, or whose requested window lies outside, waits for
    a later horizon; one whose window has passed is returned, for somebody must look at it.
    """
    within = and_(
        or_(Visit.earliest_at.is_(None), Visit.earliest_at < end),
        or_(Visit.window_start.is_(None), Visit.window_start < end),
    )
    return _open_visits(session, territory_ids, and_(Visit.status.in_(WAITING_VISITS), within))


def visits_open(
    session: Session,
    territory_ids: Collection[UUID] | None,
    end: datetime,
    planned_ids: Collection[UUID],
    known: Collection[OpenVisit] = (),
) -> list[OpenVisit]:
    """Plannable visits that wait for a time before `end`, or are among those planned and not
    under way, in one SELECT; in two where those `known` from before are read again only if
    something changed."""
    waiting = and_(
        Visit.status.in_(WAITING_VISITS),
        or_(Visit.earliest_at.is_(None), Visit.earliest_at < end),
        or_(Visit.window_start.is_(None), Visit.window_start < end),
    )
    planned = and_(Visit.status.in_(PLANNED_VISITS), among(Visit.id, planned_ids))
    return _open_visits(session, territory_ids, or_(waiting, planned), known)


def _open_visits(
    session: Session,
    territory_ids: Collection[UUID] | None,
    states: ColumnElement[bool],
    known: Collection[OpenVisit] = (),
) -> list[OpenVisit]:
    statement = (
        select(Visit, WorkOrder, Site)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .join(Site, Site.id == Visit.site_id)
        .where(states, is_plannable())
        .order_by(Visit.priority.desc(), Visit.due_at.nulls_last(), Visit.id)
    )
    if territory_ids is not None:
        statement = statement.where(Visit.territory_id.in_(territory_ids))
    if not known:
        return [OpenVisit(*row) for row in session.execute(statement)]
    kept = {item.version: item for item in known}
    versions = statement.with_only_columns(Visit.id, Visit.version, WorkOrder.version, Site.version)
    standing = [(key, own, order, site) for key, own, order, site in session.execute(versions)]
    fresh = [version[0] for version in standing if version not in kept]
    rows = session.execute(statement.where(among(Visit.id, fresh))) if fresh else ()
    read = {item.visit.id: item for item in (OpenVisit(*row) for row in rows)}
    found = (kept.get(version) or read.get(version[0]) for version in standing)
    return [item for item in found if item is not None]


def is_visit_plannable(session: Session, visit_id: UUID) -> bool:
    found = session.scalar(
        select(Visit.id)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .where(Visit.id == visit_id, is_plannable())
    )
    return found is not None


def list_prerequisites(session: Session, work_order_id: UUID) -> Sequence[Prerequisite]:
    return session.scalars(
        select(Prerequisite)
        .where(Prerequisite.work_order_id == work_order_id)
        .order_by(Prerequisite.id)
    ).all()


def get_prerequisite(session: Session, work_order_id: UUID, prerequisite_id: UUID) -> Prerequisite:
    """Only of that order."""
    found = session.get(Prerequisite, prerequisite_id)
    if found is None or found.work_order_id != work_order_id:
        raise NotFound("prerequisite", prerequisite_id)
    return found
