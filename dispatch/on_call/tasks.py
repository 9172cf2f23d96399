"""What calls people out: emergencies outside hours or without a place in the day, and silence."""

from sqlalchemy.orm import Session

from dispatch.events import CallOutDue, VisitMoved, VisitUnserved, WorkOrderOpened
from dispatch.on_call import queries, service
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.queries import get_visit
from kernel import clock
from kernel.jobs import on

EMERGENCY = 5
"""The priority that does not wait for the morning."""
ENDED = frozenset({VisitStatus.COMPLETED, VisitStatus.INCOMPLETE})


@on(
    WorkOrderOpened,
    name="on_call.call_out",
    queue="critical",
    when=lambda event: event.priority >= EMERGENCY,
)
def call_out(session: Session, event: WorkOrderOpened) -> None:
    if event.territory_id is not None and queries.is_outside_hours(
        session, event.territory_id, clock.now(session)
    ):
        service.call_out(session, event.visit_id)


@on(VisitUnserved, name="on_call.call_out_unserved", queue="critical")
def call_out_unserved(session: Session, event: VisitUnserved) -> None:
    """By day an emergency without a place goes to whoever stands by; plans tell of it again."""
    visit = get_visit(session, event.visit_id)
    if visit.priority >= EMERGENCY and queries.is_first_call(session, visit, clock.now(session)):
        service.call_out(session, visit.id)


@on(CallOutDue, name="on_call.escalate", queue="critical")
def escalate(session: Session, event: CallOutDue) -> None:
    service.expire(session, event.call_out_id)


@on(VisitMoved, name="on_call.grant_rest", when=lambda event: event.to_status in ENDED)
def grant_rest(session: Session, event: VisitMoved) -> None:
    service.grant_rest(session, event.visit_id)
