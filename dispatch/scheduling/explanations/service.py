"""Doing what an explanation says could be done: as a draft, which shows it before it is applied."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.scheduling.changes.grouping import differences
from dispatch.scheduling.explanations import queries
from dispatch.scheduling.explanations.ways import Way
from dispatch.scheduling.plans.models import Plan
from dispatch.scheduling.plans.service import draft_made
from kernel.errors import Conflict
from optimizer.explain import carried_out
from optimizer.explaining.facts import Candidate, Explanation, Relaxation

TRIGGER = "explanation"


def draft(
    session: Session,
    visit_id: UUID,
    way: Way,
    technician_ids: Collection[UUID],
    *,
    code: str | None = None,
    name: str | None = None,
) -> Plan:
    """The draft of one candidate, of the earlier start, or of one relaxation.

    A relaxation is found by its `code` and `name`. Raises Conflict `no_longer_possible` when the
    schedule has changed so that it is not there any more.
    """
    asked = queries.ask(session, visit_id)
    found = None if asked is None else asked.found
    people = {str(key) for key in technician_ids}
    choice = None if found is None else _choice(found, way, people, code, name)
    if asked is None or choice is None:
        raise Conflict(
            "The schedule has changed: this is not possible any more.", code="no_longer_possible"
        )
    built = asked.standing.built
    solution = carried_out(built.problem, asked.standing.plan, choice)
    touched = {asked.job_id, *(moved.job_id for moved in choice.moved)}
    changes = [change for change in differences(built, solution) if str(change.visit_id) in touched]
    return draft_made(session, built, solution, changes, asked.territory_ids(session), TRIGGER)


def _choice(
    found: Explanation, way: Way, people: set[str], code: str | None, name: str | None
) -> Candidate | Relaxation | None:
    if way is Way.RELAXATION:
        fitting: Iterable[Candidate | Relaxation] = (
            one for one in found.relaxations if (one.code, one.name) == (code, name)
        )
    elif way is Way.EARLIER:
        fitting = () if found.earlier is None else (found.earlier,)
    else:
        fitting = (one for one in found.candidates if one.is_feasible and not one.is_present)
    return next((one for one in fitting if set(one.technician_ids) == people), None)
