"""What waits for the office about freelancers: in which list a visit stands, and until when."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from dispatch.scheduling.moves.delays import announce_late
from dispatch.scheduling.staffing import service as staffing
from dispatch.work_orders.models import Visit
from kernel import clock
from marketplace.back_outs import service as back_outs
from marketplace.confirmations import service as confirmations
from marketplace.counter_offers import service as counters
from marketplace.counter_offers.service import Wanted
from marketplace.offers import service as offers
from marketplace.offers.models import Offer
from marketplace.pay_changes.lifecycle import Side
from marketplace.pay_terms.service import set_terms
from marketplace.payouts import service as payouts
from tests import principals
from tests.client import ApiClient
from tests.factories.marketplace import make_confirmation, make_offer

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
Client = Callable[..., ApiClient]
Desk = Callable[[Offer], dict[str, list[dict[str, Any]]]]


@pytest.fixture(autouse=True)
def monday_morning(session: Session) -> None:
    clock.freeze(session, NOW)


@pytest.fixture
def waiting(session: Session, client: Client) -> Desk:
    """The lists of the offer's territory that are not empty."""
    desk = client(principals.principal("dispatcher"))

    def ask(offer: Offer) -> dict[str, list[dict[str, Any]]]:
        territory_id = session.get_one(Visit, offer.visit_id).territory_id
        reply = desk.get(f"/api/crowd/answers?territory_id={territory_id}")
        assert reply.status_code == 200, reply.text
        return {name: rows for name, rows in reply.json().items() if rows}

    return ask


def accepted(session: Session, hours: float = 2) -> Offer:
    made = make_offer(session, starts_at=NOW + timedelta(hours=hours))
    return offers.accept(session, made.id, made.technician_id)


class TestAnswers:
    def test_nothing_waits(self, session: Session, waiting: Desk) -> None:
        assert waiting(accepted(session)) == {}

    def test_other_terms_wait_while_the_offer_stands(self, session: Session, waiting: Desk) -> None:
        offer = make_offer(session)
        terms = Wanted(pay_cents=7500, note="far away")
        who = {"technician_id": offer.technician_id}
        counters.propose(session, offer.id, Side.FREELANCER, terms, **who)
        [found] = waiting(offer)["counter_offers"]
        assert found["counter"]["moves"] == ["accept", "decline", "counter"]
        assert found["counter"]["offered_cents"] == 6000
        assert found["customer_name"]
        assert found["technician_id"] == str(offer.technician_id)
        clock.freeze(session, NOW + timedelta(hours=12))
        assert waiting(offer) == {}

    def test_the_offices_own_terms_can_be_taken_back(self, session: Session, waiting: Desk) -> None:
        offer = make_offer(session)
        who = {"technician_id": offer.technician_id}
        counters.propose(session, offer.id, Side.FREELANCER, Wanted(pay_cents=9000), **who)
        counters.propose(session, offer.id, Side.OFFICE, Wanted(pay_cents=7000))
        [found] = waiting(offer)["counter_offers"]
        assert found["counter"]["moves"] == ["take_back"]

    def test_no_answer_waits_until_others_are_asked(self, session: Session, waiting: Desk) -> None:
        offer = accepted(session, 20)
        asked = make_confirmation(session, session.get_one(Visit, offer.visit_id))
        assert waiting(offer) == {}
        clock.freeze(session, asked.answer_by)
        confirmations.follow_up(session)
        [found] = waiting(offer)["unanswered"]
        assert found["confirmation_id"] == str(asked.id)
        released = datetime.fromisoformat(found["released_at"])
        assert released == asked.answer_by + timedelta(hours=1)

    def test_nobody_set_off_is_told_after_ten_minutes(
        self, session: Session, waiting: Desk
    ) -> None:
        offer = accepted(session)
        clock.freeze(session, offer.starts_at + timedelta(minutes=10))
        assert waiting(offer) == {}
        clock.freeze(session, offer.starts_at + timedelta(minutes=11))
        assert [one["visit_id"] for one in waiting(offer)["overdue"]] == [str(offer.visit_id)]

    def test_who_is_late_by_own_word_is_not_overdue(self, session: Session, waiting: Desk) -> None:
        offer = accepted(session)
        clock.freeze(session, offer.starts_at + timedelta(minutes=11))
        for minutes in (10, 40):
            announce_late(session, offer.visit_id, offer.technician_id, minutes, "traffic")
        found = waiting(offer)
        assert found.keys() == {"late"}
        [late] = found["late"]
        assert late["reason"] == "traffic"
        at = clock.now(session) + timedelta(minutes=40)
        assert datetime.fromisoformat(late["arrives_at"]) == at
        clock.freeze(session, at + timedelta(minutes=1))
        assert waiting(offer).keys() == {"late", "overdue"}

    def test_a_lost_visit_says_what_follows(self, session: Session, waiting: Desk) -> None:
        set_terms(session, {"no_show_pct": 30})
        offer = accepted(session)
        clock.freeze(session, offer.starts_at + timedelta(minutes=30))
        back_outs.record_no_show(session, offer.visit_id, "nobody there")
        payouts.settle_lost(session, offer.visit_id, offer.technician_id)
        make_offer(session, session.get_one(Visit, offer.visit_id))
        [lost] = waiting(offer)["lost"]
        assert (lost["how"], lost["reason"]) == ("technician_no_show", "nobody there")
        assert (lost["fee"]["kind"], lost["fee"]["amount_cents"]) == ("no_show", -1800)
        assert lost["asked_count"] == 1
        assert lost["review_id"] is None
        clock.freeze(session, NOW + timedelta(days=2))
        assert "lost" not in waiting(offer)

    def test_a_visit_taken_away_stands_there_when_it_costs(
        self, session: Session, waiting: Desk
    ) -> None:
        free = accepted(session, 48)
        staffing.unassign(session, free.visit_id, "plans changed")
        payouts.settle_lost(session, free.visit_id, free.technician_id)
        assert "lost" not in waiting(free)
        set_terms(session, {"cancel_steps": [{"hours": 12, "pct": 50}]})
        dear = accepted(session)
        staffing.unassign(session, dear.visit_id, "plans changed")
        payouts.settle_lost(session, dear.visit_id, dear.technician_id)
        [lost] = waiting(dear)["lost"]
        assert lost["fee"]["amount_cents"] == 3000

    def test_of_another_territory_nothing_is_told(
        self, session: Session, client: Client, waiting: Desk
    ) -> None:
        offer = accepted(session)
        clock.freeze(session, offer.starts_at + timedelta(hours=1))
        desk = client(principals.principal("dispatcher"))
        reply = desk.get(f"/api/crowd/answers?territory_id={offer.id}")
        assert all(rows == [] for rows in reply.json().values())
