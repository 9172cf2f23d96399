"""I3: nothing is confirmed after it has expired, whatever the sweeper does meanwhile."""

import pytest

from benchmarks.invariants.winners import race_expiry
from kernel.db import transaction
from tests.conftest import Database
from tests.factories.scheduling import make_town, make_waiting

pytestmark = pytest.mark.committed


class TestRaceExpiry:
    def test_a_hold_is_confirmed_in_time_or_not_at_all(self, database: Database) -> None:
        with transaction("test") as session:
            town = make_town(session, 6)
            visits = [make_waiting(session, town).id for _ in range(36)]
        found = race_expiry(visits)
        assert found.violations == []
