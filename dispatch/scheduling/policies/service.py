"""Versions of policies, and sending visits out by hand or by the policy of the territory."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.events import PolicyActivated
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.assignments.service import ensure_seen, lock_schedule
from dispatch.scheduling.policies import queries
from dispatch.scheduling.policies.lifecycle import POLICY, DispatchMode, PolicyStatus
from dispatch.scheduling.policies.models import Policy
from dispatch.scheduling.policies.queries import Dispatchable
from dispatch.scheduling.policies.rules import Rules, rules_to_json
from dispatch.territories.queries import get_territory
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from dispatch.work_orders.queries import find_work_type, list_prerequisites
from kernel import clock
from kernel.db import locked, present_actor
from kernel.errors import Conflict, Invalid
from kernel.events import publish

LOOK_AHEAD = timedelta(days=2)


def dispatch(session: Session, visit_id: UUID, *, expected_version: int | None = None) -> Visit:
    """Send a scheduled visit out to its technicians.

    Raises Conflict `nobody_assigned`, `illegal_move`, or `prerequisites_open` with their titles.
    """
    schedule = lock_schedule(session, [visit_id])
    ensure_seen(schedule.visits[visit_id], expected_version)
    return dispatch_visit(session, schedule.visits[visit_id], schedule.of(visit_id))


def dispatch_visit(session: Session, visit: Visit, rows: Sequence[Assignment]) -> Visit:
    """`dispatch` for a visit that is locked with its technicians."""
    if visit.status is VisitStatus.DISPATCHED:
        return visit
    if not rows:
        raise Conflict("Nobody is assigned to this visit.", code="nobody_assigned")
    if visit.status is not VisitStatus.SCHEDULED:
        raise Conflict("Only a planned visit can be sent out.", code="illegal_move")
    waiting = [p.title for p in list_prerequisites(session, visit.work_order_id) if not p.done_at]
    if waiting:
        raise Conflict(
            f"Before this can go out: {', '.join(waiting)}.",
            code="prerequisites_open",
            prerequisites=waiting,
        )
    return work_orders.set_visit_status(
        session, visit, VisitStatus.DISPATCHED, technician_id=rows[0].technician_id
    )


def dispatch_due(session: Session) -> list[UUID]:
    """Send out what the policies of the territories say is due; gives the visits."""
    now = clock.now(session)
    waiting = queries.list_dispatchable(session, now + LOOK_AHEAD)
    policies = queries.policies_in_force(session)
    in_hand = queries.busy_technicians(session, {item.technician_id for item in waiting})
    due: list[UUID] = []
    for item in waiting:
        if is_due(policies.of(item.territory_id), item, now, has_one=item.technician_id in in_hand):
            in_hand.add(item.technician_id)
            due.append(item.visit_id)
    schedule = lock_schedule(session, due)
    for visit in schedule.visits.values():
        if visit.status is VisitStatus.SCHEDULED:
            dispatch_visit(session, visit, schedule.of(visit.id))
    return due


def is_due(rules: Rules, item: Dispatchable, now: datetime, *, has_one: bool) -> bool:
    """Whether the rules send this visit out now.

    Day before: as soon as it is for tomorrow. Lead time: so many minutes before the technician
    must leave. Drip: the next of the day once nothing else is in the technician's hands.
    """
    if rules.mode is DispatchMode.LEAD_TIME:
        return item.leaves_at - timedelta(minutes=rules.lead_minutes) <= now
    day, today = item.starts_at.astimezone(item.zone).date(), now.astimezone(item.zone).date()
    if rules.mode is DispatchMode.DAY_BEFORE:
        return day <= today + timedelta(days=1)
    return day <= today and not has_one


def create_version(
    session: Session,
    name: str,
    rules: Rules,
    *,
    territory_id: UUID | None = None,
    note: str = "",
) -> Policy:
    """The next version of that name, as a draft; a name belongs to one territory, or to the rest.

    Raises Conflict `policy_elsewhere` for a name that is used in another territory, Invalid
    `unknown_work_type` for a share of a work type that does not exist.
    """
    if "@" in name:
        raise Invalid("A policy's name has no @ in it.", code="policy_name")
    if territory_id is not None:
        get_territory(session, territory_id)
    _require_work_types(session, rules.crowd_share_pct_by_work_type)
    queries.lock_versions(session)
    older = queries.list_policies(session, name=name)
    if older and older[0].territory_id != territory_id:
        raise Conflict(f"{name} is a policy of another territory.", code="policy_elsewhere")
    policy = Policy(
        name=name,
        number=older[0].number + 1 if older else 1,
        territory_id=territory_id,
        status=PolicyStatus.DRAFT,
        note=note,
        made_by=present_actor(session),
        rules_json=rules_to_json(rules),
    )
    session.add(policy)
    session.flush()
    return policy


def _require_work_types(session: Session, codes: Iterable[str]) -> None:
    for code in codes:
        if find_work_type(session, code) is None:
            raise Invalid(
                f"There is no work type {code}.", code="unknown_work_type", work_type=code
            )


def activate(session: Session, policy_id: UUID) -> Policy:
    """Put a version in force in its territory; the one before is retired."""
    wanted = queries.get_policy(session, policy_id)
    queries.lock_versions(session)
    before = queries.find_active(session, wanted.territory_id)
    ids = {wanted.id} if before is None else {wanted.id, before.id}
    found = {policy.id: policy for policy in locked(session, Policy, ids)}
    policy = found.pop(wanted.id)
    if policy.status is PolicyStatus.ACTIVE:
        return policy
    for other in found.values():
        _move(other, PolicyStatus.RETIRED)
    session.flush()
    _move(policy, PolicyStatus.ACTIVE)
    session.flush()
    publish(session, PolicyActivated(policy_id=policy.id, territory_id=policy.territory_id))
    return policy


def retire(session: Session, policy_id: UUID) -> Policy:
    """Retire a draft that nobody wants, or a territory's policy, where the one for the rest
    then holds.

    Raises Conflict `policy_needed` for the one that holds for the rest.
    """
    queries.lock_versions(session)
    [policy] = locked(session, Policy, [policy_id])
    was_active = policy.status is PolicyStatus.ACTIVE
    if was_active and policy.territory_id is None:
        raise Conflict("Activate another one in its place.", code="policy_needed")
    _move(policy, PolicyStatus.RETIRED)
    session.flush()
    if was_active:
        publish(session, PolicyActivated(policy_id=policy.id, territory_id=policy.territory_id))
    return policy


def _move(policy: Policy, to: PolicyStatus) -> None:
    POLICY.check(policy.status, to)
    policy.status = to
