"""I8 and I9: nobody is paid twice, whatever is killed around the payment call."""

import pytest

from benchmarks.invariants.payouts import attack_here
from tests.conftest import Database


@pytest.mark.committed
def test_payouts_survive_kills_to_the_cent(database: Database) -> None:
    found = attack_here(kills=3, seed=3, people=3)
    assert found.violations == []
    assert found.figures["kills"] >= 3
