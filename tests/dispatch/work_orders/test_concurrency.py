"""Orders and visits changed by many at once."""

from concurrent.futures import ThreadPoolExecutor, wait
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dispatch.parts import service as parts
from dispatch.work_orders import queries, service
from dispatch.work_orders.lifecycle import VISIT, VisitStatus, WorkOrderStatus, roll_up
from dispatch.work_orders.models import PartReservation, Visit, WorkOrder
from kernel.db import locked
from kernel.errors import Conflict
from tests.factories.parts import make_part
from tests.factories.work_orders import make_work_order, make_work_type

THREADS = 8


def outcomes(work: Any, count: int) -> list[str]:
    """Runs `work(number)` in threads; refusals are outcomes, anything else is an error."""

    def guarded(number: int) -> str:
        try:
            return str(work(number))
        except Conflict as refusal:
            return refusal.code

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(guarded, range(count)))


class TestVisitsOfOneOrder:
    def test_moved_at_once_leave_the_order_in_step(self, database: Any) -> None:
        with database.transaction() as session:
            order = make_work_order(session)
            for _ in range(3):
                service.add_visit(session, order.id)
            order_id = order.id
            visit_ids = [visit.id for visit in queries.list_visits_of(session, order_id)]

        def walk(number: int) -> str:
            random = Random(number)
            with database.transaction() as session:
                [visit] = locked(session, Visit, [random.choice(visit_ids)])
                to = random.choice(VISIT.moves_from(visit.status) or [visit.status])
                service.set_visit_status(session, visit, VisitStatus(to), reason="other")
                return "moved"

        assert set(outcomes(walk, 120)) <= {"moved", "illegal_move", "too_late_to_correct"}
        with database.transaction() as session:
            order = queries.get_work_order(session, order_id)
            states = queries.list_visit_states(session, order_id)
            assert order.status is roll_up(states)

    def test_cancelled_while_they_move_end_cancelled(self, database: Any) -> None:
        with database.transaction() as session:
            order_ids = [make_work_order(session).id for _ in range(12)]

        def act(number: int) -> str:
            order_id: UUID = order_ids[number % 12]
            with database.transaction() as session:
                if number % 2:
                    service.cancel(session, order_id, "called off")
                    return "cancelled"
                visit_id = queries.list_visits_of(session, order_id)[0].id
                [visit] = locked(session, Visit, [visit_id])
                service.set_visit_status(session, visit, VisitStatus.SCHEDULED)
                return "scheduled"

        # 12 is even: each order is either only moved or only cancelled; shift half of them
        def mixed(number: int) -> str:
            return act(number + number // 12)

        outcomes(mixed, 48)
        with database.transaction() as session:
            rows = session.execute(
                select(WorkOrder.status, Visit.status).join(
                    Visit, Visit.work_order_id == WorkOrder.id
                )
            ).all()
        assert {tuple(row) for row in rows} <= {
            (WorkOrderStatus.CANCELLED, VisitStatus.CANCELLED),
            (WorkOrderStatus.SCHEDULED, VisitStatus.SCHEDULED),
        }

    def test_get_numbers_of_their_own(self, database: Any) -> None:
        with database.transaction() as session:
            order_id = make_work_order(session).id

        def add(_: int) -> int:
            with database.transaction() as session:
                return service.add_visit(session, order_id).sequence

        assert sorted(map(int, outcomes(add, 10))) == list(range(2, 12))


class TestPartsOfManyOrders:
    def test_are_given_out_behind_whoever_holds_the_visit(self, database: Any) -> None:
        with database.transaction() as session:
            part = make_part(session)
            work_type = make_work_type(session, parts=[{"number": part.number, "quantity": 1}])
            order = make_work_order(session, work_type_code=work_type.code)
            part_id, visit_id = part.id, queries.list_visits_of(session, order.id)[0].id
            parts.arrive(session, part_id, 1)

        def give_out() -> None:
            with database.transaction() as session:
                service.fill_shortages(session, part_id)

        with ThreadPoolExecutor(1) as pool:
            with database.transaction() as session:
                [visit] = locked(session, Visit, [visit_id])
                giving = pool.submit(give_out)
                wait([giving], timeout=1)  # until it waits for the visit
                service.set_visit_status(session, visit, VisitStatus.CANCELLED)
            giving.result(timeout=10)

    def test_are_never_promised_twice(self, database: Any) -> None:
        with database.transaction() as session:
            part = make_part(session)
            part_id, number = part.id, part.number
            work_type = make_work_type(session, parts=[{"number": number, "quantity": 1}])
            code = work_type.code

        def act(turn: int) -> str:
            with database.transaction() as session:
                if turn % 4 == 0:
                    parts.arrive(session, part_id, 1)
                    service.fill_shortages(session, part_id)
                    return "arrived"
                return make_work_order(session, work_type_code=code).status

        outcomes(act, 40)
        with database.transaction() as session:
            service.fill_shortages(session, part_id)
        with database.transaction() as session:
            reserved = session.scalars(
                select(PartReservation.quantity).where(PartReservation.status == "reserved")
            ).all()
            open_orders = session.scalars(
                select(WorkOrder.id).where(WorkOrder.status == WorkOrderStatus.OPEN)
            ).all()
        assert sum(reserved) == len(open_orders) == 10
