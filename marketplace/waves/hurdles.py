"""What stands in the way of offering a visit, or of asking somebody for it."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.scheduling.checks.rules import ViolationCode
from dispatch.scheduling.checks.service import violations
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from dispatch.work_orders.queries import is_visit_plannable
from kernel.errors import Conflict, Invalid
from marketplace.crowd.matching import Candidate, Refusal

BLOCKING = frozenset(
    {
        ViolationCode.OVERLAP,
        ViolationCode.TRAVEL,
        ViolationCode.LANGUAGE,
        ViolationCode.PINNED,
    }
)
"""What the schedule refuses, or somebody has fixed, beyond what matching looks at."""


def is_offerable(session: Session, visit: Visit) -> bool:
    # A crew starts together or not at all, and one acceptance fills one seat only.
    return (
        visit.status is VisitStatus.UNSCHEDULED
        and visit.crew_size == 1
        and is_visit_plannable(session, visit.id)
    )


def require_offerable(session: Session, visit: Visit) -> None:
    """Raise Conflict `visit_not_offerable`."""
    if not is_offerable(session, visit):
        raise Conflict(
            "Only an open visit for one person that nobody is assigned to can be offered.",
            code="visit_not_offerable",
            visit_status=str(visit.status),
            crew_size=visit.crew_size,
        )


def why_not(session: Session, visit: Visit, candidate: Candidate) -> Refusal | None:
    """What the schedule itself has against the proposal, such as the way from the stop before."""
    for found in violations(session, visit.id, candidate.technician_id, candidate.starts_at):
        if found.code in BLOCKING:
            return Refusal(candidate.technician_id, str(found.code), found.sentence)
    return None


def require_eligible(
    session: Session,
    visit: Visit,
    named: Collection[UUID],
    verdicts: Collection[Candidate | Refusal],
) -> None:
    """Raise Invalid `technician_not_eligible` with the reasons of those named who cannot."""
    refusals = [verdict for verdict in verdicts if isinstance(verdict, Refusal)]
    able = [verdict for verdict in verdicts if isinstance(verdict, Candidate)]
    refusals += filter(None, (why_not(session, visit, candidate) for candidate in able))
    unknown = set(named) - {verdict.technician_id for verdict in verdicts}
    refusals += [Refusal(key, "unknown", "Is not known.") for key in sorted(unknown)]
    if refusals:
        raise Invalid(
            "Not everybody who was named can take the visit.",
            code="technician_not_eligible",
            refusals=[
                {"technician_id": str(r.technician_id), "code": r.code, "sentence": r.sentence}
                for r in refusals
            ],
        )
