"""I18: what people lock stays where they put it, whatever is being planned meanwhile."""

import pytest

from benchmarks.invariants.pins import edit_during_plans
from tests.conftest import Database

pytestmark = pytest.mark.committed


class TestPins:
    def test_nothing_locked_is_moved_by_plans(self, database: Database) -> None:
        found = edit_during_plans(seconds=6)
        assert found.violations == []
        assert found.operations > 0
