"""What the planner and the office find."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.work_orders import queries, service
from dispatch.work_orders.lifecycle import VisitStatus, WorkOrderStatus
from dispatch.work_orders.models import WorkOrder
from kernel import clock
from tests.factories.customers import make_customer
from tests.factories.work_orders import make_visit, make_work_order, make_work_type

V = VisitStatus
W = WorkOrderStatus
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class TestVisitsWaiting:
    def found(self, session: Session, order: WorkOrder) -> bool:
        now = clock.now(session)
        waiting = queries.visits_waiting(
            session, [order.territory_id] if order.territory_id else None, now, now + 24 * HOUR
        )
        return order.id in {w.work_order.id for w in waiting}

    def test_has_what_nobody_is_sent_to_yet(self, session: Session) -> None:
        order = make_work_order(session)
        assert self.found(session, order)
        make_visit(session, order, status=V.SCHEDULED)
        assert not self.found(session, order)

    def test_leaves_out_orders_on_hold(self, session: Session) -> None:
        order = make_work_order(session)
        service.hold(session, order.id, "credit")
        assert not self.found(session, order)
        service.release(session, order.id)
        assert self.found(session, order)

    def test_leaves_out_orders_that_need_review(self, session: Session) -> None:
        assert not self.found(session, make_work_order(session, needs_review=True))

    def test_waits_for_open_prerequisites(self, session: Session) -> None:
        work_type = make_work_type(session, prerequisites=[{"kind": "permit", "title": "Road"}])
        order = make_work_order(session, work_type=work_type)
        assert not self.found(session, order)
        [permit] = queries.list_prerequisites(session, order.id)
        service.complete_prerequisite(session, order.id, permit.id)
        assert self.found(session, order)

    def test_waits_while_the_customer_cannot_be_reached(self, session: Session) -> None:
        order = make_work_order(session)
        service.pause_sla(session, order.id, reason="no_access")
        assert not self.found(session, order)
        service.resume_sla(session, order.id)
        assert self.found(session, order)

    def test_leaves_later_work_to_a_later_horizon(self, session: Session) -> None:
        now = clock.now(session)
        assert not self.found(session, make_work_order(session, earliest_at=now + 48 * HOUR))
        later = (now + 48 * HOUR, now + 50 * HOUR)
        assert not self.found(session, make_work_order(session, window=later))

    def test_gives_those_planned_ones_that_were_named_beside_what_waits(
        self, session: Session
    ) -> None:
        end = clock.now(session) + HOUR
        waiting, planned, other = (
            make_visit(session, status=status)
            for status in (V.UNSCHEDULED, V.DISPATCHED, V.DISPATCHED)
        )
        running = make_visit(session, status=V.EN_ROUTE)
        named = {planned.id, running.id}
        found = {o.visit.id for o in queries.visits_open(session, None, end, named)}
        assert {waiting.id, planned.id} <= found
        assert not {running.id, other.id} & found


class TestSelectWorkOrders:
    def test_finds_by_number_title_customer_and_address(self, session: Session) -> None:
        customer = make_customer(session, name="Zaphod Beeblebrox")
        order = make_work_order(session, customer=customer, title="Improbable drive")
        for words in (order.number, "improbable", "zaphod"):
            wanted = queries.WorkOrderFilter(q=words)
            assert session.scalars(queries.select_work_orders(wanted)).all() == [order]
