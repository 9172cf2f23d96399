"""Changes of pay and disputes: one side asks, the other decides."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy.orm import Session

from dispatch.technicians.models import Technician
from dispatch.work_orders.models import WorkOrder
from kernel import clock
from kernel.db import get
from marketplace.back_outs.service import back_out
from marketplace.offers import service as offers
from marketplace.offers.models import Offer
from marketplace.payouts.models import Payout
from tests import principals
from tests.client import ApiClient
from tests.factories.marketplace import make_freelancer, make_offer
from tests.factories.payouts import make_payout
from tests.factories.work_orders import make_visit

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
Client = Callable[..., ApiClient]
PDF = base64.b64encode(b"%PDF-1.7 a receipt").decode()


@pytest.fixture(autouse=True)
def monday_morning(session: Session) -> None:
    clock.freeze(session, NOW)


@pytest.fixture
def person(session: Session) -> Technician:
    return make_freelancer(session)


@pytest.fixture
def phone(client: Client, person: Technician) -> ApiClient:
    return client(principals.technician_principal(person))


@pytest.fixture
def office(client: Client) -> ApiClient:
    return client(principals.dispatcher())


def earnings(phone: ApiClient) -> dict[str, int]:
    [purse] = phone.get("/api/technician/earnings").json()["purses"]
    return {name: cents for name, cents in purse.items() if name != "currency" and cents}


def expense(phone: ApiClient, cents: int = 1250, **over: Any) -> Any:
    paper = {"name": "valve.pdf", "content": PDF}
    document = phone.post("/api/technician/documents", json=paper).json()
    wanted = {"kind": "expense", "amount_cents": cents, "reason": "a valve"}
    wanted |= {"document_id": document.get("id"), **over}
    return phone.post("/api/technician/pay-changes", json=wanted)


class TestExpense:
    def test_is_payable_once_the_office_agrees(self, phone: ApiClient, office: ApiClient) -> None:
        change = expense(phone).json()
        for _ in range(2):
            reply = office.post(f"/api/pay-changes/{change['id']}/approve")
            assert reply.json()["status"] == "approved"
        assert earnings(phone) == {"payable": 1250}

    def test_needs_its_receipt(self, phone: ApiClient) -> None:
        assert expense(phone, document_id=None).json()["code"] == "receipt_missing"

    def test_with_anothers_receipt_is_not_found(
        self, phone: ApiClient, client: Client, session: Session
    ) -> None:
        other = client(principals.technician_principal(make_freelancer(session)))
        paper = other.post(
            "/api/technician/documents", json={"name": "a.pdf", "content": PDF}
        ).json()
        assert expense(phone, document_id=paper["id"]).status_code == 404

    def test_above_the_limit_is_for_supervisors(
        self, phone: ApiClient, office: ApiClient, client: Client
    ) -> None:
        path = f"/api/pay-changes/{expense(phone, 20_001).json()['id']}/approve"
        assert office.post(path).json()["code"] == "above_limit"
        assert client(principals.principal("supervisor")).post(path).status_code == 200

    def test_that_is_no_picture_or_pdf_is_refused(self, phone: ApiClient) -> None:
        for content in (base64.b64encode(b"<script>").decode(), "no base64!", "nön-"):
            reply = phone.post("/api/technician/documents", json={"name": "x", "content": content})
            assert reply.json()["code"] == "document_kind"


class TestAgreedExpense:
    @pytest.fixture
    def offer(self, session: Session, person: Technician) -> Offer:
        made = make_offer(session, technician=person, expenses_cents=2000)
        return offers.accept(session, made.id, person.id)

    def test_is_payable_at_once_up_to_what_was_agreed(self, phone: ApiClient, offer: Offer) -> None:
        where = {"visit_id": str(offer.visit_id)}
        first = expense(phone, 1500, **where).json()
        second = expense(phone, 600, **where).json()
        assert (first["status"], second["status"]) == ("approved", "asked")

    def test_is_not_agreed_with_who_gave_the_visit_back(
        self, session: Session, phone: ApiClient, offer: Offer
    ) -> None:
        back_out(session, offer.visit_id, offer.technician_id, "ill")
        change = expense(phone, 1500, visit_id=str(offer.visit_id)).json()
        assert change["status"] == "asked"


class TestAdjustment:
    def test_less_pay_is_for_the_freelancer_to_agree_to(
        self, phone: ApiClient, office: ApiClient, client: Client, person: Technician
    ) -> None:
        wanted = {
            "technician_id": str(person.id),
            "kind": "adjustment",
            "amount_cents": -500,
            "reason": "left early",
        }
        change = office.post("/api/pay-changes", json=wanted).json()
        other = client(principals.dispatcher())
        assert other.post(f"/api/pay-changes/{change['id']}/approve").status_code == 404
        assert phone.post(f"/api/technician/pay-changes/{change['id']}/approve").status_code == 200
        assert earnings(phone) == {"payable": -500}

    def test_more_pay_is_not_for_whom_proposed_it(
        self, office: ApiClient, client: Client, phone: ApiClient, person: Technician
    ) -> None:
        wanted = {
            "technician_id": str(person.id),
            "kind": "bonus",
            "amount_cents": 2000,
            "reason": "came at night",
        }
        change = office.post("/api/pay-changes", json=wanted).json()
        path = f"/api/pay-changes/{change['id']}"
        assert office.post(f"{path}/approve").json()["code"] == "own_change"
        refused = client(principals.dispatcher()).post(f"{path}/refuse", json={"reason": "no"})
        assert refused.status_code == 422, "a reason has three letters"
        assert client(principals.dispatcher()).post(f"{path}/approve").status_code == 200
        assert earnings(phone) == {"payable": 2000}


class TestDispute:
    def opened(self, phone: ApiClient, payout: Payout) -> Any:
        reply = phone.post(
            f"/api/technician/payouts/{payout.id}/dispute", json={"reason": "two hours, not one"}
        )
        assert reply.status_code == 201
        return reply.json()

    def settle(self, client: Client, dispute: Any, cents: int) -> Any:
        return client(principals.principal("supervisor")).post(
            f"/api/disputes/{dispute['id']}/settle",
            json={"answer": "you are right", "change_cents": cents},
        )

    def test_stops_the_money_until_it_is_settled_for_more(
        self, session: Session, phone: ApiClient, client: Client, person: Technician
    ) -> None:
        dispute = self.opened(phone, make_payout(session, person))
        assert earnings(phone) == {"disputed": 6000}
        assert datetime.fromisoformat(dispute["answer_by"]) == NOW + timedelta(days=5)
        assert self.settle(client, dispute, 1500).json()["status"] == "settled"
        assert earnings(phone) == {"payable": 7500}
        assert self.settle(client, dispute, 1500).json()["code"] == "dispute_settled"

    def test_is_the_same_when_opened_again(
        self, session: Session, phone: ApiClient, person: Technician
    ) -> None:
        payout = make_payout(session, person)
        assert self.opened(phone, payout)["id"] == self.opened(phone, payout)["id"]

    def test_cannot_take_more_than_there_was(
        self, session: Session, phone: ApiClient, client: Client, person: Technician
    ) -> None:
        dispute = self.opened(phone, make_payout(session, person))
        assert self.settle(client, dispute, -6001).json()["code"] == "adjustment_too_large"

    def test_is_not_settled_by_who_opened_it(
        self, session: Session, client: Client, person: Technician
    ) -> None:
        boss = client(principals.principal("supervisor"))
        body = {"payout_id": str(make_payout(session, person).id), "reason": "not done"}
        dispute = boss.post("/api/disputes", json=body).json()
        reply = boss.post(f"/api/disputes/{dispute['id']}/settle", json={"answer": "not done"})
        assert reply.json()["code"] == "own_dispute"


class TestOffice:
    def test_approves_and_reads_the_ledger(
        self, session: Session, office: ApiClient, client: Client, person: Technician
    ) -> None:
        payout = make_payout(session, person)
        shown = office.post(f"/api/payouts/{payout.id}/approve").json()
        assert (shown["status"], set(shown["moves"])) == (
            "approved",
            {"paid", "disputed", "reversed"},
        )
        finance = client(principals.principal("finance"))
        entries = finance.get("/api/ledger/entries", params={"subject_id": str(payout.id)}).json()
        assert [entry["movement"] for entry in entries["items"]] == ["approve", "earn"]
        balances = finance.get("/api/ledger/balances").json()
        assert sum(balance["cents"] for balance in balances) == 0

    def test_finds_movements_by_account_payee_and_work_order(
        self, session: Session, client: Client, person: Technician
    ) -> None:
        visit = make_visit(session)
        make_payout(session, person, visit_id=visit.id)
        make_payout(session)
        finance = client(principals.principal("finance"))

        def found(**wanted: object) -> list[str | None]:
            path = "/api/ledger/entries?" + urlencode(wanted)
            return [entry["work_order"] for entry in finance.get(path).json()["items"]]

        number = get(session, WorkOrder, visit.work_order_id).number
        assert found(account="earned") == [None, number]
        assert found(account="earned", holder_id=person.id) == [number]
        assert found(account="payable", holder_id=person.id) == []
        assert found(work_order=number) == [number]
        assert found(work_order="WO-999999") == []

    def test_reversing_is_for_finance(
        self, session: Session, office: ApiClient, client: Client, person: Technician
    ) -> None:
        path = f"/api/payouts/{make_payout(session, person).id}/reverse"
        body = {"reason": "a mistake"}
        assert office.post(path, json=body).status_code == 403
        finance = client(principals.principal("finance"))
        assert finance.post(path, json=body).json()["status"] == "reversed"

    def test_new_terms_count_from_now_on(self, client: Client) -> None:
        finance = client(principals.principal("finance"))
        finance.post("/api/pay-terms", json={"approve_hours": 1})
        assert finance.get("/api/pay-terms").json()["approve_hours"] == 1
