"""I2 and I3 for offers: one winner, and none after expiry, with real threads."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import text

from dispatch.scheduling.assignments.lifecycle import AssignmentSource
from dispatch.scheduling.staffing import service as staffing
from kernel import clock
from kernel.db import locked
from kernel.errors import Conflict
from marketplace.offers import service
from marketplace.offers.lifecycle import OfferStatus
from marketplace.offers.models import Offer
from tests.conftest import Database
from tests.factories.marketplace import make_freelancer, make_offer
from tests.factories.technicians import make_technician
from tests.factories.work_orders import make_visit
from tests.marketplace.races import WON, race_accepts, race_sweeper

pytestmark = pytest.mark.committed

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture
def a_connection_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Losers must lose to each other, not to a pool that is too small."""
    monkeypatch.setenv("FIRSTFIX_POOL_SIZE", "48")


def test_32_people_accept_and_one_wins(a_connection_each: None, database: Database) -> None:
    tally = race_accepts(database.transaction, rounds=20, threads=32)
    assert tally.violations == []
    assert tally.answers[WON] == tally.rounds == 20
    assert tally.answers["offer_taken"] == 20 * 31


def test_two_offers_that_fit_the_week_alone_are_not_both_taken(database: Database) -> None:
    with database.transaction() as session:
        at = clock.now(session)
        person = make_freelancer(session, max_week_hours=1)
        person_id = person.id
        starts_at = at + timedelta(days=8 - at.weekday())  # on a Tuesday, far from a week's end
        later = starts_at + timedelta(minutes=90)
        made = [make_offer(session, None, person, starts_at=one).id for one in (starts_at, later)]
    start = Barrier(2)

    def take(offer_id: UUID) -> str:
        start.wait(timeout=30)
        try:
            with database.transaction() as session:
                service.accept(session, offer_id, person_id)
        except Conflict as refusal:
            return refusal.code
        return WON

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, made)) == ["hours_full", WON]


def test_the_sweeper_races_those_who_accept(a_connection_each: None, database: Database) -> None:
    tally = race_sweeper(database.transaction, rounds=24, threads=8)
    assert tally.violations == []
    assert tally.answers[WON] > 0
    assert tally.answers["offer_expired"] > 0


def test_taking_offers_back_leaves_alone_what_expires_meanwhile(database: Database) -> None:
    with database.transaction() as session:
        visit = make_visit(session)
        offer_id, visit_id = make_offer(session, visit).id, visit.id
        staff = make_technician(session, skills={"boiler": 3})
        starts_at = clock.now(session) + timedelta(hours=2)
        staffing.assign(session, visit.id, [staff.id], starts_at, source=AssignmentSource.PLAN)

    def withdraw() -> int:
        with database.transaction() as session:
            return service.withdraw_of_visit(session, visit_id)

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            [offer] = locked(session, Offer, [offer_id])
            offer.status = OfferStatus.EXPIRED
            session.flush()
            withdrawn = pool.submit(withdraw)
            while session.scalar(text(WAITING)) == 0:
                assert not withdrawn.done()
        assert withdrawn.result() == 0
