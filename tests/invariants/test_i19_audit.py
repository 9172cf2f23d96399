"""I19: every write is audited, and the trail cannot be changed unnoticed."""

import pytest

from benchmarks.invariants.schedule import make_arena
from benchmarks.invariants.storms import storm
from benchmarks.invariants.trail import attack
from tests.conftest import Database

pytestmark = pytest.mark.committed


def test_the_trail_is_whole_and_guarded(database: Database) -> None:
    storm(make_arena(4, 12, 2), operations=64, threads=8)
    found = attack()
    assert not found.violations, found.violations
    assert found.operations > 100
