"""Reading dispatch policies and the visits they are about."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.policies.lifecycle import (
    MOVE_CENTS,
    REPAIR_BUDGET,
    TOLD_MOVE_CENTS,
    DispatchMode,
)
from dispatch.scheduling.policies.models import DispatchPolicy
from dispatch.territories.models import Territory
from dispatch.work_orders.lifecycle import PLANNED_VISITS, RUNNING_VISITS, VisitStatus
from dispatch.work_orders.models import Visit, WorkOrder
from dispatch.work_orders.queries import is_plannable


@dataclass(frozen=True)
class Locks:
    """What dispatching a visit locks."""

    technician: bool = True
    day: bool = True
    time: bool = False


@dataclass(frozen=True)
class MovePrices:
    """What sending somebody else costs: of a visit that is only planned, and of one told."""

    planned_cents: int = MOVE_CENTS
    told_cents: int = TOLD_MOVE_CENTS


@dataclass(frozen=True)
class Dispatchable:
    """A planned visit that could go out to its technician."""

    visit_id: UUID
    technician_id: UUID
    territory_id: UUID | None
    starts_at: datetime
    leaves_at: datetime
    zone: ZoneInfo


def list_policies(session: Session) -> Sequence[DispatchPolicy]:
    """The one for all territories first."""
    return session.scalars(
        select(DispatchPolicy).order_by(DispatchPolicy.territory_id.nulls_first())
    ).all()


def find_policy(session: Session, territory_id: UUID | None) -> DispatchPolicy | None:
    """Exactly this territory's policy; None asks for the one that holds for the rest."""
    return session.scalar(
        select(DispatchPolicy).where(DispatchPolicy.territory_id.is_not_distinct_from(territory_id))
    )


class Policies:
    """Every policy, read once; what nobody set is lead time with two hours."""

    def __init__(self, session: Session) -> None:
        self._by_territory = {policy.territory_id: policy for policy in list_policies(session)}

    def of(self, territory_id: UUID | None) -> DispatchPolicy:
        found = self._by_territory.get(territory_id) or self._by_territory.get(None)
        return found or DispatchPolicy(
            mode=DispatchMode.LEAD_TIME,
            lead_minutes=120,
            lock_technician=True,
            lock_day=True,
            lock_time=False,
            move_cents=MOVE_CENTS,
            told_move_cents=TOLD_MOVE_CENTS,
            repair_budget=REPAIR_BUDGET,
        )

    def locks_of(self, territory_id: UUID | None) -> Locks:
        policy = self.of(territory_id)
        return Locks(policy.lock_technician, policy.lock_day, policy.lock_time)

    def prices_of(self, territory_id: UUID | None) -> MovePrices:
        policy = self.of(territory_id)
        return MovePrices(policy.move_cents, policy.told_move_cents)


def list_dispatchable(session: Session, until: datetime) -> list[Dispatchable]:
    """Scheduled visits of plannable orders that start before `until`, in order of time."""
    rows = session.execute(
        select(Visit.id, Visit.territory_id, Assignment, Site.time_zone, Territory.time_zone)
        .join(Assignment, Assignment.visit_id == Visit.id)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .join(Site, Site.id == Visit.site_id)
        .outerjoin(Territory, Territory.id == Visit.territory_id)
        .where(
            Visit.status == VisitStatus.SCHEDULED,
            Assignment.status == AssignmentStatus.CONFIRMED,
            Assignment.starts_at < until,
            is_plannable(),
        )
        .order_by(Assignment.starts_at, Visit.id)
    )
    found: dict[UUID, Dispatchable] = {}
    for visit_id, territory_id, row, site_zone, zone in rows:
        assert row.busy.lower is not None
        found.setdefault(
            visit_id,
            Dispatchable(
                visit_id,
                row.technician_id,
                territory_id,
                row.starts_at,
                row.busy.lower,
                ZoneInfo(zone or site_zone),
            ),
        )
    return list(found.values())


def busy_technicians(session: Session, technician_ids: Collection[UUID]) -> set[UUID]:
    """Those who have a visit in hand: dispatched to them and not over."""
    in_hand = (PLANNED_VISITS | RUNNING_VISITS) - {VisitStatus.SCHEDULED}
    return set(
        session.scalars(
            select(Assignment.technician_id)
            .join(Visit, Visit.id == Assignment.visit_id)
            .where(
                Assignment.technician_id.in_(technician_ids),
                Assignment.status.in_([AssignmentStatus.CONFIRMED, AssignmentStatus.ACTIVE]),
                Visit.status.in_(in_hand),
                Visit.paused_overnight.is_(False),
            )
        )
    )
