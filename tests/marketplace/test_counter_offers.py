"""Other terms for an offer: who may do what when, and that accepting them is one acceptance."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.models import Assignment
from kernel import clock
from kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from marketplace.counter_offers import queries, service
from marketplace.counter_offers.lifecycle import (
    MOST_ROUNDS,
    CounterMove,
    CounterStatus,
    counter_moves,
    offer_moves,
)
from marketplace.counter_offers.models import CounterOffer
from marketplace.counter_offers.service import Wanted
from marketplace.offers import service as offers
from marketplace.offers.lifecycle import OfferStatus
from marketplace.offers.models import Offer
from marketplace.pay_changes.lifecycle import Side
from tests import principals
from tests.client import ApiClient
from tests.factories.marketplace import make_freelancer, make_offer
from tests.factories.technicians import make_credential
from tests.factories.work_orders import make_visit

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
THEIRS, OURS = Side.FREELANCER, Side.OFFICE
RunJobs = Callable[[], int]
Client = Callable[..., ApiClient]


@pytest.fixture(autouse=True)
def monday_morning(session: Session) -> None:
    clock.freeze(session, NOW)


def asked_for_more(session: Session, offer: Offer | None = None, **over: Any) -> CounterOffer:
    made = offer or make_offer(session)
    wanted = Wanted(**({"pay_cents": 7500} | over))
    return service.propose(session, made.id, THEIRS, wanted, technician_id=made.technician_id)


def offer_of(session: Session, counter: CounterOffer) -> Offer:
    offer = session.get_one(Offer, counter.offer_id)
    session.refresh(offer)
    return offer


def refusal(kind: type[DomainError], action: Callable[[], object]) -> str:
    with pytest.raises(kind) as refused:
        action()
    return refused.value.code


class TestPropose:
    def test_keeps_the_offer_open_until_it_can_be_answered(self, session: Session) -> None:
        offer = make_offer(session, expires_at=NOW + timedelta(minutes=5))
        asked_for_more(session, offer)
        assert offer.status is OfferStatus.COUNTERED
        assert offer.expires_at == NOW + timedelta(minutes=30)

    def test_what_is_left_out_stays_as_offered(self, session: Session) -> None:
        later = NOW + timedelta(hours=3)
        counter = asked_for_more(session, pay_cents=None, starts_at=later, expenses_cents=900)
        assert (counter.pay_cents, counter.starts_at) == (6000, later)

    def test_the_same_terms_are_none(self, session: Session) -> None:
        assert refusal(Invalid, lambda: asked_for_more(session, pay_cents=None)) == "counter_same"

    def test_nobody_starts_before_one_could_be_there(self, session: Session) -> None:
        soon = NOW + timedelta(minutes=5)
        code = refusal(Invalid, lambda: asked_for_more(session, starts_at=soon))
        assert code == "counter_too_late"

    def test_the_window_of_the_work_holds(self, session: Session) -> None:
        visit = make_visit(
            session, window_start=NOW + timedelta(hours=1), window_end=NOW + timedelta(hours=4)
        )
        offer = make_offer(session, visit)
        evening = NOW + timedelta(hours=9)
        code = refusal(Invalid, lambda: asked_for_more(session, offer, starts_at=evening))
        assert code == "outside_window"

    def test_somebody_elses_offer_does_not_exist(self, session: Session) -> None:
        offer, other = make_offer(session), make_freelancer(session)
        with pytest.raises(NotFound):
            service.propose(session, offer.id, THEIRS, Wanted(1), technician_id=other.id)

    def test_the_office_does_not_bargain_with_itself(self, session: Session) -> None:
        offer = make_offer(session)
        code = refusal(
            Conflict, lambda: service.propose(session, offer.id, OURS, Wanted(pay_cents=1))
        )
        assert code == "counter_not_possible"

    def test_a_proposal_answers_the_one_before(self, session: Session) -> None:
        first = asked_for_more(session)
        second = service.propose(session, first.offer_id, OURS, Wanted(pay_cents=7000))
        session.refresh(first)
        assert (first.status, second.status) == (CounterStatus.COUNTERED, CounterStatus.OPEN)

    def test_ends_after_some_rounds(self, session: Session) -> None:
        offer = make_offer(session)
        for number in range(MOST_ROUNDS):
            asked_for_more(session, offer, pay_cents=9000 - number)
            service.propose(session, offer.id, OURS, Wanted(pay_cents=6500 + number))
        code = refusal(Conflict, lambda: asked_for_more(session, offer, pay_cents=8000))
        assert code == "counter_not_possible"

    def test_an_expired_offer_is_over(self, session: Session) -> None:
        offer = make_offer(session)
        clock.freeze(session, offer.expires_at)
        assert refusal(Conflict, lambda: asked_for_more(session, offer)) == "offer_expired"


class TestAccept:
    def test_gives_the_visit_on_the_terms_agreed(self, session: Session) -> None:
        later = NOW + timedelta(hours=3)
        counter = asked_for_more(session, starts_at=later, expenses_cents=900)
        counter, offer = service.accept(session, counter.id, OURS)
        assignment = session.get_one(Assignment, offer.assignment_id)
        assert (offer.status, counter.status) == ("accepted", "accepted")
        assert (offer.pay_cents, offer.expenses_cents, offer.starts_at) == (7500, 900, later)
        assert offer.ends_at == later + timedelta(hours=1)
        assert (assignment.cost_cents, assignment.starts_at) == (7500, later)

    def test_ends_what_was_owed_if_the_job_beside_it_fell_away(self, session: Session) -> None:
        offer = make_offer(session, beside_visit_id=make_visit(session).id, apart_cents=900)
        counter = asked_for_more(session, offer)
        service.accept(session, counter.id, OURS)
        assert (offer.beside_visit_id, offer.apart_cents) == (None, 0)

    def test_proofs_last_until_the_agreed_end(self, session: Session) -> None:
        person = make_freelancer(session)
        make_credential(session, person, kind="gas", expires_at=NOW + timedelta(hours=4))
        offer = make_offer(session, make_visit(session, credentials=["gas"]), person)
        late = asked_for_more(session, offer, starts_at=NOW + timedelta(hours=4))
        assert refusal(Conflict, lambda: service.accept(session, late.id, OURS)) == "taker_barred"

    def test_repeating_it_changes_nothing(self, session: Session) -> None:
        counter = asked_for_more(session)
        _, first = service.accept(session, counter.id, OURS)
        version = first.version
        _, again = service.accept(session, counter.id, OURS)
        assert again.version == version

    def test_fills_the_other_offers_and_ends_their_terms(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        visit = make_visit(session)
        mine = asked_for_more(session, make_offer(session, visit))
        other = asked_for_more(session, make_offer(session, visit))
        service.accept(session, mine.id, OURS)
        run_jobs()
        session.refresh(other)
        assert offer_of(session, other).status is OfferStatus.FILLED
        assert other.status is CounterStatus.LAPSED
        assert refusal(Conflict, lambda: service.accept(session, other.id, OURS)) in (
            "counter_not_possible",
            "offer_taken",
        )

    def test_nobody_accepts_own_terms(self, session: Session) -> None:
        counter = asked_for_more(session)
        code = refusal(
            Conflict,
            lambda: service.accept(
                session, counter.id, THEIRS, technician_id=offer_of(session, counter).technician_id
            ),
        )
        assert code == "counter_not_possible"

    def test_the_freelancer_takes_what_the_office_proposed(self, session: Session) -> None:
        first = asked_for_more(session)
        ours = service.propose(session, first.offer_id, OURS, Wanted(pay_cents=7000))
        person = offer_of(session, first).technician_id
        _, offer = service.accept(session, ours.id, THEIRS, technician_id=person)
        assert (offer.status, offer.pay_cents) == (OfferStatus.ACCEPTED, 7000)

    @pytest.mark.parametrize("side", [OURS, THEIRS])
    def test_is_refused_at_the_moment_of_expiry(self, session: Session, side: Side) -> None:
        asked = asked_for_more(session)
        if side is THEIRS:
            asked = service.propose(session, asked.offer_id, OURS, Wanted(pay_cents=7000))
        offer = offer_of(session, asked)
        clock.freeze(session, offer.expires_at)
        who = {"technician_id": offer.technician_id if side is THEIRS else None}
        with pytest.raises(Conflict):
            service.accept(session, asked.id, side, **who)
        assert offer_of(session, asked).status is OfferStatus.COUNTERED
        assert session.scalars(select(Assignment)).all() == []

    def test_a_dispatcher_has_a_limit(self, session: Session) -> None:
        dear = asked_for_more(session, pay_cents=60_000)
        dispatcher = principals.principal("dispatcher")
        code = refusal(
            Forbidden, lambda: service.accept(session, dear.id, OURS, principal=dispatcher)
        )
        assert code == "above_limit"
        boss = principals.principal("supervisor")
        _, offer = service.accept(session, dear.id, OURS, principal=boss)
        assert offer.status is OfferStatus.ACCEPTED


class TestDecline:
    def test_the_offer_stands_as_it_was_made(self, session: Session) -> None:
        counter = asked_for_more(session)
        service.decline(session, counter.id, OURS, answer="too dear")
        offer = offer_of(session, counter)
        assert (offer.status, counter.answer) == (OfferStatus.VIEWED, "too dear")
        taken = offers.accept(session, offer.id, offer.technician_id)
        assert taken.pay_cents == 6000

    def test_nobody_takes_it_too_late_to_be_there(self, session: Session) -> None:
        soon = NOW + timedelta(minutes=20)
        offer = make_offer(session, starts_at=soon, expires_at=NOW + timedelta(minutes=10))
        counter = asked_for_more(session, offer, starts_at=NOW + timedelta(hours=3))
        assert offer.expires_at == NOW + timedelta(minutes=30)
        service.decline(session, counter.id, OURS)
        assert offer.expires_at == NOW + timedelta(minutes=10)

    def test_taking_back_does_the_same(self, session: Session) -> None:
        counter = asked_for_more(session)
        person = offer_of(session, counter).technician_id
        service.take_back(session, counter.id, THEIRS, technician_id=person)
        assert offer_of(session, counter).status is OfferStatus.VIEWED

    def test_only_the_offers_own_terms_are_taken_unless_countered(self, session: Session) -> None:
        counter = asked_for_more(session)
        offer = offer_of(session, counter)
        code = refusal(Conflict, lambda: offers.accept(session, offer.id, offer.technician_id))
        assert code == "offer_closed"


class TestMoves:
    def test_every_move_that_is_shown_is_legal_and_no_other(self, session: Session) -> None:
        acts: dict[CounterMove, Callable[[UUID, Side, UUID], object]] = {
            CounterMove.ACCEPT: lambda key, side, who: service.accept(
                session, key, side, technician_id=who
            ),
            CounterMove.DECLINE: lambda key, side, who: service.decline(
                session, key, side, technician_id=who
            ),
            CounterMove.TAKE_BACK: lambda key, side, who: service.take_back(
                session, key, side, technician_id=who
            ),
        }
        for proposer in Side:
            first = asked_for_more(session)
            counter = first
            if proposer is OURS:
                counter = service.propose(session, first.offer_id, OURS, Wanted(pay_cents=6500))
            offer = offer_of(session, counter)
            for side in Side:
                bargain = queries.bargain_of(session, offer.id)
                shown = bargain.counter_moves(offer, counter, side)
                for move, act in acts.items():
                    with session.begin_nested() as attempt:
                        try:
                            act(counter.id, side, offer.technician_id)
                            done = True
                        except Conflict:
                            done = False
                        attempt.rollback()
                    session.expire_all()
                    assert done is (move in shown), (proposer, side, move)

    @pytest.mark.parametrize("status", list(OfferStatus))
    def test_an_ended_offer_has_none(self, status: OfferStatus) -> None:
        is_open = status in ("sent", "viewed", "countered")
        assert bool(offer_moves(status, 0)) is is_open
        shown = counter_moves(CounterStatus.OPEN, status, THEIRS, OURS, 0)
        assert bool(shown) is (status is OfferStatus.COUNTERED)


class TestHttp:
    def test_a_bargain_from_both_ends(self, session: Session, client: Client) -> None:
        offer = make_offer(session)
        phone = client(principals.principal("freelancer", subject_id=offer.technician_id))
        desk = client(principals.principal("dispatcher"))
        url = f"/api/technician/offers/{offer.id}/counter"
        sent = phone.post(url, json={"pay_cents": 7200, "note": "The ferry costs 5 euros."})
        assert (sent.status_code, sent.json()["moves"]) == (201, ["take_back"])
        [waiting] = desk.get("/api/counter-offers", params={"status": "open"}).json()["items"]
        assert (waiting["note"], waiting["moves"]) == (
            "The ferry costs 5 euros.",
            ["accept", "decline", "counter"],
        )
        answer = desk.post(f"/api/offers/{offer.id}/counter", json={"pay_cents": 6800}).json()
        [card] = phone.get("/api/technician/offers").json()
        assert (card["status"], card["moves"]) == ("countered", ["decline"])
        assert card["counter"]["moves"] == ["accept", "decline", "counter"]
        taken = phone.post(f"/api/technician/counter-offers/{answer['id']}/accept").json()
        assert taken["status"] == "accepted"
        session.refresh(offer)
        assert offer.pay_cents == 6800

    def test_nonsense_is_refused(self, session: Session, client: Client) -> None:
        offer = make_offer(session)
        phone = client(principals.principal("freelancer", subject_id=offer.technician_id))
        url = f"/api/technician/offers/{offer.id}/counter"
        for body in ({"pay_cents": -1}, {"pay_cents": 10**12}, {"starts_at": "2026-03-02T10:00"}):
            assert phone.post(url, json=body).status_code == 422
