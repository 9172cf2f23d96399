"""The office's calls about offers."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from dispatch.work_orders.models import Visit
from kernel import clock
from marketplace.offers import service
from marketplace.offers.queries import list_for_board
from tests import principals
from tests.client import ApiClient
from tests.factories.marketplace import make_freelancer, make_offer
from tests.factories.work_orders import make_visit

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
Client = Callable[..., ApiClient]


@pytest.fixture(autouse=True)
def monday_morning(session: Session) -> None:
    clock.freeze(session, NOW)


class TestOfferVisit:
    def test_answers_with_the_offers(self, session: Session, client: Client) -> None:
        person = make_freelancer(session)
        visit = make_visit(session)
        reply = client(principals.dispatcher()).post(
            "/api/offers", json={"visit_id": str(visit.id)}
        )
        assert reply.status_code == 201
        assert [offer["technician_id"] for offer in reply.json()] == [str(person.id)]

    def test_call_agents_may_not(self, session: Session, client: Client) -> None:
        visit = make_visit(session)
        reply = client(principals.call_agent()).post(
            "/api/offers", json={"visit_id": str(visit.id)}
        )
        assert reply.status_code == 403


class TestListOffers:
    def test_narrows_by_visit_and_status(self, session: Session, client: Client) -> None:
        offer = make_offer(session)
        make_offer(session)
        reply = client(principals.dispatcher()).get(
            "/api/offers", params={"visit_id": str(offer.visit_id), "status": "sent"}
        )
        assert [entry["id"] for entry in reply.json()["items"]] == [str(offer.id)]

    def test_freelancers_see_only_their_own_page(self, session: Session, client: Client) -> None:
        freelancer = make_freelancer(session)
        reply = client(principals.technician_principal(freelancer)).get("/api/offers")
        assert reply.status_code == 403


class TestWithdraw:
    def test_takes_it_back(self, session: Session, client: Client) -> None:
        offer = make_offer(session)
        reply = client(principals.dispatcher()).post(f"/api/offers/{offer.id}/withdraw")
        assert reply.json()["status"] == "withdrawn"


class TestBoard:
    def test_open_offers_are_told_to_the_board(self, session: Session) -> None:
        offer = make_offer(session)
        closed = make_offer(session)
        service.withdraw(session, closed.id)
        visit = session.get_one(Visit, offer.visit_id)
        assert visit.territory_id is not None
        found = list_for_board(session, visit.territory_id, NOW, NOW + timedelta(days=1))
        assert [shown.id for shown in found] == [offer.id]
