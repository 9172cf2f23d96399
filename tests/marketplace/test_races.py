"""I2 and I3 for offers: one winner, and none after expiry, with real threads."""

import pytest

from tests.conftest import Database
from tests.marketplace.races import WON, race_accepts, race_sweeper

pytestmark = pytest.mark.committed


@pytest.fixture
def a_connection_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Losers must lose to each other, not to a pool that is too small."""
    monkeypatch.setenv("FIRSTFIX_POOL_SIZE", "48")


def test_32_people_accept_and_one_wins(a_connection_each: None, database: Database) -> None:
    tally = race_accepts(database.transaction, rounds=20, threads=32)
    assert tally.violations == []
    assert tally.answers[WON] == tally.rounds == 20
    assert tally.answers["offer_taken"] == 20 * 31


def test_the_sweeper_races_those_who_accept(a_connection_each: None, database: Database) -> None:
    tally = race_sweeper(database.transaction, rounds=24, threads=8)
    assert tally.violations == []
    assert tally.answers[WON] > 0
    assert tally.answers["offer_expired"] > 0
