"""Payout runs: what is sent, once, and what becomes of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.invariants.bank import Bank, open_bank
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.models import Technician
from kernel import clock
from kernel.errors import Conflict
from marketplace.ledger import queries as ledger
from marketplace.ledger.lifecycle import AccountKind
from marketplace.payments.ports import PaymentRefused, PaymentUnknown
from marketplace.payments.sandbox import Sandbox
from marketplace.payments.transfer_api import TransferApi
from marketplace.payouts import service as payouts
from marketplace.payouts.lifecycle import PayoutKind, PayoutStatus
from marketplace.payouts.models import Payout
from marketplace.statements.amounts import written
from marketplace.statements.papers import to_csv, to_pdf
from marketplace.statements.queries import reconcile
from marketplace.transfers import service
from marketplace.transfers.lifecycle import TransferStatus, is_iban
from marketplace.transfers.models import Transfer
from tests import principals
from tests.client import ApiClient
from tests.factories.marketplace import make_freelancer
from tests.factories.payouts import make_payout
from tests.factories.technicians import make_provider, make_technician

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
IBAN = "DE89 3704 0044 0532 0130 00"
Client = Callable[..., ApiClient]
A = AccountKind


@pytest.fixture(autouse=True)
def monday_morning(session: Session) -> None:
    clock.freeze(session, NOW)


@pytest.fixture
def person(session: Session) -> Technician:
    made = make_freelancer(session)
    service.set_destination(session, made.id, "k", made.name, IBAN)
    return made


def approved(session: Session, person: Technician, cents: int, **over: object) -> Payout:
    payout = make_payout(session, person, cents, **over)
    return payouts.approve(session, payout.id)


def transfers(session: Session) -> list[Transfer]:
    return list(session.scalars(select(Transfer).order_by(Transfer.id)))


def has(session: Session, account: AccountKind) -> int:
    return sum(b.cents for b in ledger.balances(session) if b.kind is account)


class TestIban:
    @pytest.mark.parametrize(
        ("text", "good"), [("DE89370400440532013000", True), ("DE88370400440532013000", False)]
    )
    def test_has_its_check_digits(self, text: str, good: bool) -> None:
        assert is_iban(text) is good


class TestStartRun:
    def test_sends_each_payee_one_amount(self, session: Session, person: Technician) -> None:
        approved(session, person, 6000)
        approved(session, person, -500, kind=PayoutKind.ADJUSTMENT)
        make_payout(session, person, 9999)
        run = service.start_run(session)
        [transfer] = transfers(session)
        assert (run.transfer_count, transfer.amount_cents) == (1, 5500)
        assert (has(session, A.PAYABLE), has(session, A.IN_TRANSIT)) == (0, 5500)
        assert service.start_run(session).transfer_count == 0

    def test_leaves_out_who_has_no_bank_details(self, session: Session) -> None:
        person = make_freelancer(session)
        approved(session, person, 6000)
        assert service.start_run(session).left_out == [person.id]

    def test_carries_over_what_is_below_zero(self, session: Session, person: Technician) -> None:
        approved(session, person, -500, kind=PayoutKind.ADJUSTMENT)
        assert service.start_run(session).transfer_count == 0

    def test_takes_back_from_later_pay_what_was_paid_too_much(
        self, session: Session, person: Technician
    ) -> None:
        approved(session, person, 6000)
        service.start_run(session)
        service.settle(session, transfers(session)[0].id, "tr_1")
        approved(session, person, -2000, kind=PayoutKind.ADJUSTMENT)
        approved(session, person, 1500)
        assert service.start_run(session).transfer_count == 0
        assert has(session, A.PAYABLE) == -500
        approved(session, person, 700)
        service.start_run(session)
        assert [one.amount_cents for one in transfers(session)] == [6000, 200]
        assert has(session, A.PAYABLE) == 0
        assert all(one.agrees for one in reconcile(session))


class TestSettle:
    def sent(self, session: Session, person: Technician) -> tuple[Payout, Transfer]:
        payout = approved(session, person, 6000)
        service.start_run(session)
        [transfer] = transfers(session)
        for _ in range(2):
            service.settle(session, transfer.id, "tr_1")
        return payout, transfer

    def test_pays_once(self, session: Session, person: Technician) -> None:
        payout, _ = self.sent(session, person)
        assert (payout.status, has(session, A.BANK)) == (PayoutStatus.PAID, 6000)
        assert all(one.agrees for one in reconcile(session))

    def test_what_the_bank_returns_is_payable_again(
        self, session: Session, person: Technician
    ) -> None:
        payout, transfer = self.sent(session, person)
        service.take_returned(session, transfer.id, "account closed")
        assert (payout.status, has(session, A.PAYABLE)) == (PayoutStatus.APPROVED, 6000)
        assert service.start_run(session).transfer_count == 1
        assert all(one.agrees for one in reconcile(session))

    def test_what_came_back_can_be_disputed_once_more(
        self, session: Session, person: Technician
    ) -> None:
        payout = make_payout(session, person)
        payouts.dispute(session, payout.id, "not done")
        payouts.resolve(session, payout.id, "it was")
        service.start_run(session)
        [transfer] = transfers(session)
        service.settle(session, transfer.id, "tr_1")
        service.take_returned(session, transfer.id, "account closed")
        payouts.dispute(session, payout.id, "not done, the customer says")
        assert (has(session, A.DISPUTED), has(session, A.PAYABLE)) == (6000, 0)
        payouts.resolve(session, payout.id, "it was")
        assert (has(session, A.DISPUTED), has(session, A.PAYABLE)) == (0, 6000)

    def test_what_the_provider_refuses_is_payable_again(
        self, session: Session, person: Technician
    ) -> None:
        approved(session, person, 6000)
        service.start_run(session)
        service.fail(session, transfers(session)[0].id, "no such account")
        assert has(session, A.PAYABLE) == 6000

    def test_nothing_on_its_way_can_be_taken_back(
        self, session: Session, person: Technician
    ) -> None:
        payout = approved(session, person, 6000)
        service.start_run(session)
        with pytest.raises(Conflict) as refusal:
            payouts.reverse(session, payout.id, "a mistake")
        assert refusal.value.code == "payout_under_way"


class TestBegin:
    def test_a_repeat_is_known_as_one(self, session: Session, person: Technician) -> None:
        approved(session, person, 6000)
        service.start_run(session)
        [transfer] = transfers(session)
        orders = [service.begin(session, transfer.id) for _ in range(2)]
        assert [order.is_repeated for order in orders if order] == [False, True]
        service.settle(session, transfer.id, "tr_1")
        assert service.begin(session, transfer.id) is None

    def test_what_was_not_heard_of_is_asked_again(
        self, session: Session, person: Technician
    ) -> None:
        approved(session, person, 6000)
        service.start_run(session)
        assert service.resend_stuck(session) == 0
        clock.freeze(session, NOW + timedelta(hours=2))
        assert service.resend_stuck(session) == 1
        assert transfers(session)[0].status is TransferStatus.PREPARED


class TestTransferApi:
    @pytest.mark.parametrize("fault", ["dropped_after", "error_after", "stale", "in_flight"])
    def test_does_not_know_and_pays_once_under_the_key(
        self, fault: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bank = Bank()
        with open_bank(bank):
            api, key = TransferApi(bank.url, "sk_test", 5), uuid4().hex
            monkeypatch.setattr(bank, "fault", lambda: fault)
            with pytest.raises(PaymentUnknown):
                api.transfer(key, "ba_1", 1250, "EUR")
            monkeypatch.setattr(bank, "fault", lambda: "healthy")
            assert api.transfer(key, "ba_1", 1250, "EUR") == api.find(key)
        assert bank.totals() == {"ba_1": 1250}

    def test_a_clear_no_is_no(self) -> None:
        bank = Bank()
        with open_bank(bank):
            api = TransferApi(f"{bank.url}/nowhere", "sk_test", 5)
            with pytest.raises((PaymentRefused, PaymentUnknown)):
                api.register("k", "Ada", "DE89370400440532013000")
            assert api.find("never") is None


class TestPapers:
    def test_amounts_are_written_in_their_currency(self) -> None:
        shown = [written(-1250, "EUR"), written(5, "EUR"), written(1250, "JPY"), written(1, "KWD")]
        assert shown == ["-12.50", "0.05", "1250", "0.001"]

    def test_csv_runs_no_formula(self) -> None:
        assert to_csv([("=1+1", "-12.50", 'a "b"')]) == '\'=1+1,-12.50,"a ""b"""\r\n'

    def test_pdf_has_a_place_for_every_object(self) -> None:
        paper = to_pdf([f"line {n} (é)" for n in range(120)])
        table = int(paper.split(b"startxref\n")[1].split()[0])
        assert paper[table:].startswith(b"xref\n0 10\n")
        for number, place in enumerate(paper[table:].split(b"\n")[3:12], 1):
            assert paper[int(place[:10]) :].startswith(b"%d 0 obj" % number)

    def test_statement_and_tax_export_say_what_was_paid(
        self, session: Session, client: Client, person: Technician
    ) -> None:
        approved(session, person, 6000)
        service.start_run(session)
        service.settle(session, transfers(session)[0].id, "tr_1")
        when = {"year": 2026, "month": 3, "format": "csv"}
        phone = client(principals.technician_principal(person))
        own = phone.get("/api/technician/statement", params=when).text
        assert "2026-03-02,pay,paid,60.00,EUR," in own
        assert ",all paid,,60.00,EUR," in own
        finance = client(principals.principal("finance"))
        tax = finance.get("/api/tax-export", params={"year": 2026}).text
        assert f"{person.name},pay,EUR,1,60.00" in tax
        assert finance.get("/api/reconciliation").json()["agrees"] is True
        paper = finance.get(f"/api/payees/{person.id}/statement", params={**when, "format": "pdf"})
        assert paper.content.startswith(b"%PDF-1.4")


class TestBankDetails:
    def test_are_not_kept(self, session: Session, client: Client) -> None:
        person = make_freelancer(session)
        phone = client(principals.technician_principal(person))
        wanted = {"holder": "Ada", "iban": IBAN}
        shown = phone.put("/api/technician/bank-details", json=wanted).json()
        assert shown["label"] == "DE** 3000"
        wrong = phone.put("/api/technician/bank-details", json={**wanted, "iban": IBAN[:-1] + "1"})
        assert wrong.json()["code"] == "iban_wrong"


class TestPayees:
    def test_say_who_is_paid_and_whose_bank_is_known(
        self, session: Session, client: Client, person: Technician
    ) -> None:
        company = make_provider(session)
        partner = make_technician(session, employment=Employment.PARTNER, provider_id=company.id)
        staff = make_technician(session)
        approved(session, person, 6000)
        service.start_run(session)
        finance = client(principals.principal("finance"))
        payees = {one["id"]: one for one in finance.get("/api/payees").json()}
        assert payees[str(person.id)]["bank"] == "DE** 3000"
        assert payees[str(partner.id)]["through"] == str(company.id)
        assert (payees[str(company.id)]["is_company"], payees[str(company.id)]["bank"]) == (
            True,
            None,
        )
        assert str(staff.id) not in payees
        told = client(principals.dispatcher()).get("/api/payees").json()
        assert {one["bank"] for one in told} == {None}
        path = f"/api/transfers?payee_id={person.id}"
        assert [one["amount_cents"] for one in finance.get(path).json()["items"]] == [6000]
        assert finance.get(f"/api/transfers?payee_id={company.id}").json()["items"] == []


def test_the_sandbox_repeats_itself() -> None:
    assert Sandbox().transfer("k", "t", 1, "EUR") == Sandbox().transfer("k", "t", 1, "EUR")
