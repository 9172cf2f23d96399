"""What a dispatcher is told before somebody is assigned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.scheduling.checks import queries, rules
from dispatch.scheduling.checks.rules import Violation
from dispatch.technicians.models import Technician
from dispatch.work_orders.queries import get_visit


@dataclass(frozen=True)
class AssignmentCheck:
    """What assigning would mean: nothing is written."""

    technician_ids: tuple[UUID, ...]
    starts_at: datetime
    ends_at: datetime
    travel_seconds: int
    cost_cents: int
    currency: str
    violations: list[Violation]


def violations(
    session: Session, visit_id: UUID, technician_id: UUID, starts_at: datetime
) -> list[Violation]:
    """The rules that this technician would break at this visit then."""
    visit = get_visit(session, visit_id)
    return rules.violations(queries.propose(session, visit, technician_id, starts_at))


def check_assignment(
    session: Session, visit_id: UUID, technician_ids: Sequence[UUID], starts_at: datetime
) -> AssignmentCheck:
    """Violations, travel and cost of a whole crew."""
    visit = get_visit(session, visit_id)
    crew = [
        queries.propose(session, visit, key, starts_at, technician_ids) for key in technician_ids
    ]
    people = [proposal.technician.technician for proposal in crew]
    return AssignmentCheck(
        technician_ids=tuple(technician_ids),
        starts_at=starts_at,
        ends_at=max(proposal.ends_at for proposal in crew),
        travel_seconds=sum(proposal.leg.travel_seconds for proposal in crew),
        cost_cents=sum(
            cost_cents(person, proposal.leg.travel_seconds, proposal.ends_at - proposal.starts_at)
            for person, proposal in zip(people, crew, strict=True)
        ),
        currency=people[0].currency,
        violations=[found for proposal in crew for found in rules.violations(proposal)],
    )


def cost_cents(technician: Technician, travel_seconds: int, work: timedelta) -> int:
    """What the trip there and the work cost, rounded to the cent."""
    travel = travel_seconds * technician.travel_cents_per_hour
    return round((travel + work.total_seconds() * technician.hourly_cents) / 3600)
