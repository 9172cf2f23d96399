"""I2: one winner per seat, however many reach for it at once."""

from datetime import timedelta

import pytest

from benchmarks.invariants.winners import one_slot, one_winner
from kernel.db import transaction
from tests.conftest import Database
from tests.factories.scheduling import MONDAY, make_town, make_waiting

pytestmark = pytest.mark.committed
HOUR = timedelta(hours=1)


class TestOneWinner:
    def test_thirty_two_accept_one_visit(self, database: Database) -> None:
        with transaction("test") as session:
            town = make_town(session, 32)
            visit = make_waiting(session, town).id
            people = [technician.id for technician in town.technicians]
        found = one_winner(visit, people, MONDAY + HOUR)
        assert found.violations == []
        assert found.figures["winners"] == 1


class TestOneSlot:
    def test_thirty_two_customers_choose_one_window(self, database: Database) -> None:
        with transaction("test") as session:
            town = make_town(session, 2)
            visits = [make_waiting(session, town).id for _ in range(32)]
        found = one_slot(visits, MONDAY, MONDAY + 2 * HOUR, room=4)
        assert found.violations == []
