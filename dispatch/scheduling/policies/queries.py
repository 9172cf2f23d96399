"""Reading policies, and the visits that they send out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.policies.lifecycle import PolicyStatus
from dispatch.scheduling.policies.models import Policy
from dispatch.scheduling.policies.rules import Rules
from dispatch.territories.models import Territory
from dispatch.work_orders.lifecycle import PLANNED_VISITS, RUNNING_VISITS, VisitStatus
from dispatch.work_orders.models import Visit, WorkOrder
from dispatch.work_orders.queries import is_plannable
from kernel.db import get
from kernel.errors import Invalid


@dataclass(frozen=True)
class Dispatchable:
    """A planned visit that could go out to its technician."""

    visit_id: UUID
    technician_id: UUID
    territory_id: UUID | None
    starts_at: datetime
    leaves_at: datetime
    zone: ZoneInfo


def list_policies(
    session: Session, *, name: str | None = None, territory_id: UUID | None = None
) -> Sequence[Policy]:
    """By name, the newest version first; of this territory alone when one is given."""
    statement = select(Policy).order_by(Policy.name, Policy.number.desc())
    if name is not None:
        statement = statement.where(Policy.name == name)
    if territory_id is not None:
        statement = statement.where(Policy.territory_id == territory_id)
    return session.scalars(statement).all()


def get_policy(session: Session, policy_id: UUID) -> Policy:
    return get(session, Policy, policy_id)


def lock_versions(session: Session) -> None:
    """One change of versions at a time: they are rare, and each looks at the others."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('firstfix.policies'))"))


def find_active(session: Session, territory_id: UUID | None) -> Policy | None:
    """Exactly this territory's; None asks for the one that holds for the rest."""
    return session.scalar(
        select(Policy).where(
            Policy.status == PolicyStatus.ACTIVE,
            Policy.territory_id.is_not_distinct_from(territory_id),
        )
    )


def pair(session: Session, policy_id: UUID, other_id: UUID | None) -> tuple[Policy, Policy]:
    """The other version, or the one in force where this one would hold; and this one.

    Raises NotFound.
    """
    policy = get_policy(session, policy_id)
    if other_id is not None:
        return get_policy(session, other_id), policy
    other = find_active(session, policy.territory_id) or find_active(session, None)
    return other or policy, policy


def get_by_label(session: Session, label: str) -> Policy:
    """NAME@VERSION; NAME alone is the version in force, or else the newest.

    Raises Invalid `policy_unknown`.
    """
    name, _, number = label.rpartition("@") if "@" in label else (label, "", "")
    versions = list_policies(session, name=name)
    if number:
        versions = [policy for policy in versions if str(policy.number) == number]
    if not versions:
        raise Invalid(f"There is no policy {label}.", code="policy_unknown", policy=label)
    active = [policy for policy in versions if policy.status is PolicyStatus.ACTIVE]
    return (active or versions)[0]


NO_POLICY = Rules()
"""What holds where no policy does."""


class Policies:
    """Policies by territory; the one under None holds for the rest."""

    def __init__(self, found: Mapping[UUID | None, Policy]) -> None:
        self._by_territory = found
        self._rules = {key: policy.rules for key, policy in found.items()}

    def find(self, territory_id: UUID | None) -> Policy | None:
        return self._by_territory.get(territory_id) or self._by_territory.get(None)

    def of(self, territory_id: UUID | None) -> Rules:
        found = self._rules.get(territory_id) or self._rules.get(None)
        return found or NO_POLICY

    def versions(self, territory_ids: Iterable[UUID]) -> list[dict[str, Any]]:
        """Which version holds in each territory, for the record of a plan."""
        held = [(key, self.find(key)) for key in territory_ids]
        return [
            {
                "territory_id": str(territory_id),
                "policy_id": str(policy.id),
                "name": policy.name,
                "number": policy.number,
            }
            for territory_id, policy in held
            if policy is not None
        ]

    def shared(self, territory_ids: Iterable[UUID]) -> Rules:
        """For what concerns several territories at once: theirs when they have the same one,
        or else what holds for the rest."""
        rules = [self.of(territory_id) for territory_id in territory_ids]
        return rules[0] if rules and all(own == rules[0] for own in rules) else self.of(None)


def policies_in_force(session: Session) -> Policies:
    """Every policy in force, in one SELECT."""
    found = session.scalars(select(Policy).where(Policy.status == PolicyStatus.ACTIVE))
    return Policies({policy.territory_id: policy for policy in found})


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
