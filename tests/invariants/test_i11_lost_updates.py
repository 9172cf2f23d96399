"""I11: two consoles and a phone change one order, and no change is lost."""

import pytest

from benchmarks.invariants.versions import attack
from tests.conftest import Database

pytestmark = pytest.mark.committed


def test_every_change_that_was_accepted_is_there(database: Database) -> None:
    found = attack(writes=40)
    assert found.violations == []
    assert found.figures["written"] == 40
    assert found.figures["moved"] > 0
