"""Every action in every state of a work order: a legal move or a refusal, nothing else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from dispatch.work_orders import service
from dispatch.work_orders.lifecycle import WORK_ORDER, VisitStatus, WorkOrderStatus
from dispatch.work_orders.models import WorkOrder
from kernel import clock
from kernel.audit import history
from kernel.errors import Conflict
from tests.factories.work_orders import make_visit, make_work_order

W = WorkOrderStatus
Action = Callable[[Session, WorkOrder], Any]

ACTIONS: dict[str, Action] = {
    "hold": lambda s, o: service.hold(s, o.id, "credit"),
    "release": lambda s, o: service.release(s, o.id),
    "cancel": lambda s, o: service.cancel(s, o.id, "called off"),
    "complete_remotely": lambda s, o: service.complete_remotely(s, o.id, "by phone"),
    "review": lambda s, o: service.review(s, o.id),
    "close": lambda s, o: service.close(s, o.id),
    "add_visit": lambda s, o: service.add_visit(s, o.id),
    "edit": lambda s, o: service.edit(s, o.id, {"title": "Another"}),
    "override_priority": lambda s, o: service.override_priority(
        s, o.id, 5, "school", clock.now(s) + timedelta(hours=1)
    ),
    "pause_sla": lambda s, o: service.pause_sla(s, o.id, reason="customer"),
    "resume_sla": lambda s, o: service.resume_sla(s, o.id),
}
ALLOWED: dict[str, set[WorkOrderStatus]] = {
    "hold": {W.NEW, W.OPEN, W.SCHEDULED, W.IN_PROGRESS, W.ON_HOLD},
    "release": set(W),
    "cancel": {W.NEW, W.OPEN, W.SCHEDULED, W.IN_PROGRESS, W.ON_HOLD, W.CANCELLED},
    "complete_remotely": {W.NEW, W.OPEN, W.SCHEDULED, W.ON_HOLD},
    "review": {W.COMPLETED, W.REVIEWED},
    "close": {W.REVIEWED, W.CLOSED},
    "add_visit": {W.NEW, W.OPEN, W.SCHEDULED, W.IN_PROGRESS, W.ON_HOLD},
    "edit": {W.NEW, W.OPEN, W.SCHEDULED, W.IN_PROGRESS, W.ON_HOLD},
    "override_priority": {W.NEW, W.OPEN, W.SCHEDULED, W.IN_PROGRESS, W.ON_HOLD},
    "pause_sla": {W.NEW, W.OPEN, W.SCHEDULED, W.IN_PROGRESS, W.ON_HOLD},
    "resume_sla": set(W),
}


def order_in(session: Session, state: WorkOrderStatus) -> WorkOrder:
    if state is W.NEW:
        return make_work_order(session, needs_review=True)
    order = make_work_order(session)
    match state:
        case W.SCHEDULED | W.IN_PROGRESS | W.COMPLETED | W.REVIEWED | W.CLOSED:
            ended = {W.SCHEDULED: VisitStatus.SCHEDULED, W.IN_PROGRESS: VisitStatus.ON_SITE}
            make_visit(session, order, status=ended.get(state, VisitStatus.COMPLETED))
            if state in (W.REVIEWED, W.CLOSED):
                service.review(session, order.id)
            if state is W.CLOSED:
                service.close(session, order.id)
        case W.ON_HOLD:
            service.hold(session, order.id, "credit")
        case W.CANCELLED:
            service.cancel(session, order.id, "called off")
    assert order.status is state
    return order


def moves_of(session: Session, order: WorkOrder) -> list[tuple[W, W]]:
    return [
        (W(entry.changes["status"][0]), W(entry.changes["status"][1]))
        for entry in history(session, order.id)
        if entry.action == "update" and "status" in entry.changes
    ]


class TestEveryAction:
    @pytest.mark.parametrize("name", list(ACTIONS))
    def test_is_legal_or_refused_in_every_state(self, session: Session, name: str) -> None:
        for state in W:
            order = order_in(session, state)
            if state in ALLOWED[name]:
                ACTIONS[name](session, order)
                assert all(WORK_ORDER.allows(frm, to) for frm, to in moves_of(session, order))
            else:
                with pytest.raises(Conflict):
                    ACTIONS[name](session, order)
                assert order.status is state
