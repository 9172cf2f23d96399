"""Orders that wait for parts."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.parts import service as parts
from dispatch.work_orders import service
from dispatch.work_orders.lifecycle import ReservationStatus, VisitStatus, WorkOrderStatus
from dispatch.work_orders.models import WorkOrder
from dispatch.work_orders.reservations.queries import list_reserved_parts
from tests.factories.parts import make_part, make_stock
from tests.factories.work_orders import make_work_order, make_work_type

V = VisitStatus
W = WorkOrderStatus
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class TestShortage:
    def short_order(self, session: Session, number: str, **over: object) -> WorkOrder:
        work_type = make_work_type(session, parts=[{"number": number, "quantity": 2}])
        return make_work_order(session, work_type=work_type, **over)

    def test_ends_with_the_arrival(self, session: Session, run_jobs: Callable[[], int]) -> None:
        part = make_part(session)
        order = self.short_order(session, part.number)
        assert order.status is W.ON_HOLD
        stock = parts.arrive(session, part.id, 3)
        run_jobs()
        session.refresh(order)
        assert order.status is W.OPEN
        assert stock.quantity == 1

    def test_goes_on_when_too_few_arrive(self, session: Session) -> None:
        part = make_part(session)
        order = self.short_order(session, part.number)
        parts.arrive(session, part.id, 1)
        assert service.fill_shortages(session, part.id) == []
        assert order.status is W.ON_HOLD

    def test_is_filled_for_the_most_urgent_first(self, session: Session) -> None:
        part = make_part(session)
        early = self.short_order(session, part.number, priority=2)
        urgent = self.short_order(session, part.number, priority=5)
        parts.arrive(session, part.id, 2)
        assert service.fill_shortages(session, part.id) == [urgent.id]
        assert early.status is W.ON_HOLD

    def test_does_not_end_a_hold_for_another_reason(self, session: Session) -> None:
        part = make_part(session)
        order = self.short_order(session, part.number)
        service.hold(session, order.id, "credit")
        parts.arrive(session, part.id, 2)
        service.fill_shortages(session, part.id)
        assert order.status is W.ON_HOLD
        [reserved] = list_reserved_parts(session, order.id)
        assert reserved.reservation.status is ReservationStatus.RESERVED

    def test_is_ended_by_what_a_cancelled_order_gives_back(self, session: Session) -> None:
        part = make_part(session)
        make_stock(session, part, quantity=2)
        first = self.short_order(session, part.number)
        second = self.short_order(session, part.number)
        service.cancel(session, first.id, "called off")
        service.fill_shortages(session, part.id)
        assert second.status is W.OPEN
