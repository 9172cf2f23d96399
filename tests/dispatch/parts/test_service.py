"""Movements of parts."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.parts import queries, service
from dispatch.parts.models import Stock
from kernel.errors import Conflict, Invalid, NotFound
from kernel.events import EventRow
from tests.factories.parts import make_part, make_stock
from tests.factories.technicians import make_technician


def quantities(session: Session, part_id: Any) -> list[int]:
    return [stock.quantity for stock in queries.list_stock(session, [part_id])]


class TestSetStock:
    def test_makes_the_place_at_the_first_count(self, session: Session) -> None:
        part = make_part(session)
        service.set_stock(session, part.id, None, 7)
        service.set_stock(session, part.id, None, 4)
        assert quantities(session, part.id) == [4]

    def test_of_more_than_before_is_an_arrival(self, session: Session) -> None:
        part = make_part(session)
        service.set_stock(session, part.id, None, 7)
        service.set_stock(session, part.id, None, 4)
        told = session.scalars(select(EventRow.name)).all()
        assert told == ["dispatch.PartArrived"]

    def test_refuses_unknown_places(self, session: Session) -> None:
        with pytest.raises(NotFound):
            service.set_stock(session, make_part(session).id, uuid4(), 1)
        with pytest.raises(NotFound):
            service.set_stock(session, uuid4(), None, 1)


class TestArrive:
    def test_adds_pieces(self, session: Session) -> None:
        part = make_part(session)
        service.arrive(session, part.id, 2)
        assert service.arrive(session, part.id, 3).quantity == 5

    def test_refuses_nothing(self, session: Session) -> None:
        with pytest.raises(Invalid):
            service.arrive(session, make_part(session).id, 0)


class TestTransfer:
    def test_keeps_the_sum(self, session: Session) -> None:
        technician = make_technician(session)
        part = make_part(session)
        make_stock(session, part, quantity=5)
        service.transfer(
            session,
            part.id,
            from_technician_id=None,
            to_technician_id=technician.id,
            quantity=2,
        )
        assert quantities(session, part.id) == [3, 2]

    def test_refuses_more_than_there_is(self, session: Session) -> None:
        part = make_part(session)
        with pytest.raises(Conflict) as refused:
            service.transfer(
                session,
                part.id,
                from_technician_id=None,
                to_technician_id=make_technician(session).id,
                quantity=1,
            )
        assert refused.value.code == "stock_short"


class TestTake:
    def test_prefers_the_depot(self, session: Session) -> None:
        part = make_part(session)
        depot = make_stock(session, part, quantity=2)
        make_stock(session, part, make_technician(session), quantity=9)
        assert service.take(session, part.id, 2) is depot

    def test_goes_to_the_fullest_of_the_named_vans(self, session: Session) -> None:
        part = make_part(session)
        near, far = make_technician(session), make_technician(session)
        make_stock(session, part, far, quantity=9)
        van = make_stock(session, part, near, quantity=3)
        assert service.take(session, part.id, 2, [near.id]) is van

    def test_does_not_add_up_places(self, session: Session) -> None:
        part = make_part(session)
        make_stock(session, part, quantity=1)
        make_stock(session, part, make_technician(session), quantity=1)
        assert service.take(session, part.id, 2) is None

    def test_gives_the_last_piece_once_however_many_ask(self, database: Any) -> None:
        with database.transaction() as session:
            part_id = make_part(session).id
            service.set_stock(session, part_id, None, 3)

        def ask(_: int) -> bool:
            with database.transaction() as session:
                return service.take(session, part_id, 1) is not None

        with ThreadPoolExecutor(8) as pool:
            won = sum(pool.map(ask, range(16)))
        with database.transaction() as session:
            left = session.scalars(select(Stock.quantity)).one()
        assert (won, left) == (3, 0)

    def test_makes_one_place_however_many_deliver(self, database: Any) -> None:
        with database.transaction() as session:
            part_id = make_part(session).id

        def deliver(_: int) -> None:
            with database.transaction() as session:
                service.arrive(session, part_id, 1)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(deliver, range(8)))
        with database.transaction() as session:
            assert quantities(session, part_id) == [8]
