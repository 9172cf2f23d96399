"""Pauses and breaches of SLA clocks."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.sla.lifecycle import ClockKind
from dispatch.work_orders import queries, service
from dispatch.work_orders.clocks.queries import list_clocks
from dispatch.work_orders.lifecycle import VisitStatus, WorkOrderStatus
from dispatch.work_orders.models import WorkType
from kernel import clock
from kernel.errors import Conflict
from kernel.events import EventRow
from tests.factories.sla import make_calendar, make_policy
from tests.factories.work_orders import make_visit, make_work_order, make_work_type

V = VisitStatus
W = WorkOrderStatus
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def names(session: Session) -> list[str]:
    return list(session.scalars(select(EventRow.name).order_by(EventRow.id)))


def with_clocks(session: Session, **over: int) -> WorkType:
    return make_work_type(session, sla_policy_id=make_policy(session, **over).id)


class TestPauseSla:
    def test_moves_the_due_times_by_what_did_not_count(self, session: Session) -> None:
        clock.freeze(session, MONDAY)
        order = make_work_order(session, work_type=with_clocks(session))
        clock.freeze(session, MONDAY + HOUR)
        pause = service.pause_sla(
            session, order.id, reason="customer_absent", evidence={"calls": 3}
        )
        assert pause.evidence == {"calls": 3}
        clock.freeze(session, MONDAY + 3 * HOUR)
        service.resume_sla(session, order.id)
        due = {c.kind: c.due_at for c in list_clocks(session, order.id)}
        assert due[ClockKind.ARRIVE] == MONDAY + 6 * HOUR
        assert order.due_at == MONDAY + 6 * HOUR
        assert queries.list_visits_of(session, order.id)[0].due_at == MONDAY + 6 * HOUR

    def test_leaves_met_clocks_and_own_due_times_alone(self, session: Session) -> None:
        clock.freeze(session, MONDAY)
        due = MONDAY + 100 * HOUR
        order = make_work_order(session, work_type=with_clocks(session), due_at=due)
        make_visit(session, order, status=V.SCHEDULED)
        service.pause_sla(session, order.id, reason="customer")
        clock.freeze(session, MONDAY + HOUR)
        service.resume_sla(session, order.id)
        respond = next(c for c in list_clocks(session, order.id) if c.kind is ClockKind.RESPOND)
        assert respond.due_at == MONDAY + timedelta(minutes=30)
        assert order.due_at == due

    def test_ends_when_a_visit_is_planned(self, session: Session) -> None:
        order = make_work_order(session, work_type=with_clocks(session))
        pause = service.pause_sla(session, order.id, reason="no_access")
        make_visit(session, order, status=V.SCHEDULED)
        assert pause.ends_at is not None

    def test_cannot_be_doubled(self, session: Session) -> None:
        order = make_work_order(session)
        service.pause_sla(session, order.id, reason="no_access")
        with pytest.raises(Conflict) as refused:
            service.pause_sla(session, order.id, reason="no_access")
        assert refused.value.code == "sla_paused"

    def test_counts_opening_hours_only(self, session: Session) -> None:
        clock.freeze(session, MONDAY)  # ten in Berlin
        calendar = make_calendar(session)
        policy = make_policy(session, calendar_id=calendar.id, arrive_minutes=600)
        order = make_work_order(session, work_type=make_work_type(session, sla_policy_id=policy.id))
        assert order.due_at == MONDAY + 24 * HOUR
        service.pause_sla(session, order.id, reason="customer")
        clock.freeze(session, MONDAY + 2 * HOUR)
        service.resume_sla(session, order.id)
        assert order.due_at == MONDAY + 26 * HOUR

    def test_nothing_to_resume_is_no_error(self, session: Session) -> None:
        assert service.resume_sla(session, make_work_order(session).id) is None


class TestMarkBreaches:
    def test_marks_each_clock_that_ran_out_once(self, session: Session) -> None:
        clock.freeze(session, MONDAY)
        order = make_work_order(session, work_type=with_clocks(session))
        clock.freeze(session, MONDAY + HOUR)
        assert service.mark_breaches(session) == 1
        assert service.mark_breaches(session) == 0
        broken = [c.kind for c in list_clocks(session, order.id) if c.breached]
        assert broken == [ClockKind.RESPOND]
        assert names(session)[-1] == "dispatch.SlaBreached"

    def test_leaves_paused_orders_alone(self, session: Session) -> None:
        clock.freeze(session, MONDAY)
        order = make_work_order(session, work_type=with_clocks(session))
        service.pause_sla(session, order.id, reason="customer")
        clock.freeze(session, MONDAY + HOUR)
        assert service.mark_breaches(session) == 0
