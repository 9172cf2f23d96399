"""I5: a write whose reply was lost is safe to repeat."""

import pytest

from benchmarks.invariants.retries import attack
from tests.conftest import Database

pytestmark = pytest.mark.committed


def test_has_one_effect_and_one_answer(database: Database) -> None:
    found = attack(writes=150)
    assert found.violations == []
    assert found.faults > 30
