"""What becomes money, how much, and who has to agree."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.scheduling import service as scheduling
from dispatch.scheduling.assignments.lifecycle import SUSPENDED
from dispatch.scheduling.staffing import service as staffing
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.models import Technician
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel import clock
from kernel.db import get
from kernel.errors import Conflict
from marketplace.back_outs import service as back_outs
from marketplace.ledger import queries as ledger
from marketplace.ledger.lifecycle import AccountKind
from marketplace.offers import service as offers
from marketplace.offers.models import Offer
from marketplace.pay_terms.service import set_terms
from marketplace.payouts import service
from marketplace.payouts.lifecycle import PayoutKind, PayoutStatus, fee_of, share_of
from marketplace.payouts.models import Payout
from tests.factories.marketplace import make_freelancer, make_offer
from tests.factories.payouts import make_payout
from tests.factories.technicians import make_technician
from tests.factories.work_orders import make_visit

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RunJobs = Callable[[], int]
A, S, V = AccountKind, PayoutStatus, VisitStatus


@pytest.fixture(autouse=True)
def monday_morning(session: Session) -> None:
    clock.freeze(session, NOW)


def has(session: Session, account: AccountKind, holder_id: UUID | None = None) -> int:
    return sum(
        b.cents
        for b in ledger.balances(session)
        if b.kind is account and holder_id in (None, b.holder_id)
    )


def accepted(session: Session, **over: object) -> Offer:
    offer = make_offer(session, **over)  # type: ignore[arg-type]  # handed on as it comes
    return offers.accept(session, offer.id, offer.technician_id)


def work(session: Session, visit_id: UUID, *ends: V, reason: str | None = None) -> None:
    for status in (V.EN_ROUTE, V.ON_SITE, V.IN_PROGRESS, *ends):
        scheduling.move(session, visit_id, status, reason=reason if status in ends else None)


def payouts_of(session: Session, visit_id: UUID) -> list[Payout]:
    statement = select(Payout).where(Payout.visit_id == visit_id).order_by(Payout.id)
    return list(session.scalars(statement.execution_options(populate_existing=True)))


class TestShares:
    def test_are_whole_cents_half_a_cent_upwards(self) -> None:
        assert [share_of(101, 50), share_of(99, 50), share_of(101, -50)] == [51, 50, -51]
        assert [fee_of(10_000, 250), fee_of(1, 5_000)] == [250, 1]


class TestHold:
    def test_sets_aside_the_dearest_offer_with_its_fee(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        set_terms(session, {"fee_bp": 1000})
        visit = make_visit(session)
        for cents in (5000, 7000):
            make_offer(session, visit, pay_cents=cents)
        service.hold(session, visit.id)
        service.hold(session, visit.id)
        assert (has(session, A.HELD), has(session, A.BUYER)) == (7700, -7700)

    def test_follows_offers_until_nobody_can_take_it(self, session: Session) -> None:
        offer = make_offer(session)
        service.hold(session, offer.visit_id)
        offers.withdraw(session, offer.id)
        service.hold(session, offer.visit_id)
        assert has(session, A.HELD) == 0


class TestBesideAnOwnJob:
    """A job is paid with the way that it adds; what that saved is owed if the other falls away."""

    def both(self, session: Session) -> tuple[UUID, Offer]:
        first = accepted(session)
        person = get(session, Technician, first.technician_id)
        offer = accepted(
            session,
            technician=person,
            starts_at=first.ends_at + timedelta(minutes=30),
            beside_visit_id=first.visit_id,
            apart_cents=900,
        )
        return first.visit_id, offer

    def test_the_most_is_set_aside(self, session: Session) -> None:
        offer = make_offer(session, beside_visit_id=make_visit(session).id, apart_cents=900)
        service.hold(session, offer.visit_id)
        assert has(session, A.HELD) == 6900

    def test_is_worth_its_pay_with_both_done(self, session: Session, run_jobs: RunJobs) -> None:
        first, offer = self.both(session)
        for visit_id in (first, offer.visit_id):
            work(session, visit_id, V.COMPLETED)
        run_jobs()
        assert [p.amount_cents for p in payouts_of(session, offer.visit_id)] == [6000]

    def test_is_worth_more_when_the_office_takes_the_other_away(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        first, offer = self.both(session)
        staffing.unassign(session, first, "plans changed")
        work(session, offer.visit_id, V.COMPLETED)
        run_jobs()
        assert [p.amount_cents for p in payouts_of(session, offer.visit_id)] == [6900]

    def test_not_when_the_other_is_lost_with_a_suspension(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        first, offer = self.both(session)
        staffing.unassign(session, first, SUSPENDED)
        work(session, offer.visit_id, V.COMPLETED)
        run_jobs()
        assert [p.amount_cents for p in payouts_of(session, offer.visit_id)] == [6000]

    def test_not_when_the_person_gives_the_other_back(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        first, offer = self.both(session)
        back_outs.back_out(session, first, offer.technician_id, "ill")
        work(session, offer.visit_id, V.COMPLETED)
        run_jobs()
        assert [p.amount_cents for p in payouts_of(session, offer.visit_id)] == [6000]


class TestSettleVisit:
    def test_a_visit_that_is_done_is_worth_its_pay(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        set_terms(session, {"fee_bp": 1000})
        offer = accepted(session)
        run_jobs()
        assert has(session, A.HELD) == 6600
        work(session, offer.visit_id, V.COMPLETED)
        run_jobs()
        [payout] = payouts_of(session, offer.visit_id)
        assert (payout.kind, payout.status) == (PayoutKind.PAY, S.EARNED)
        assert (payout.amount_cents, payout.fee_cents) == (6000, 600)
        assert payout.approve_by == NOW + timedelta(hours=72)
        money = {account: has(session, account) for account in A}
        assert {a: c for a, c in money.items() if c} == {
            A.EARNED: 6000,
            A.PLATFORM: 600,
            A.BUYER: -6600,
        }

    def test_each_once_however_often_it_is_told(self, session: Session, run_jobs: RunJobs) -> None:
        offer = accepted(session)
        work(session, offer.visit_id, V.COMPLETED)
        run_jobs()
        service.settle_visit(session, offer.visit_id)
        assert len(payouts_of(session, offer.visit_id)) == 1

    @pytest.mark.parametrize(("reason", "cents"), [("customer_absent", 3000), ("skill_missing", 0)])
    def test_the_way_alone_is_worth_a_share_unless_it_was_theirs(
        self, session: Session, run_jobs: RunJobs, reason: str, cents: int
    ) -> None:
        offer = accepted(session)
        work(session, offer.visit_id, V.INCOMPLETE, reason=reason)
        run_jobs()
        assert sum(p.amount_cents for p in payouts_of(session, offer.visit_id)) == cents

    def test_a_mis_tap_takes_it_back_and_the_end_owes_it_again(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        offer = accepted(session)
        work(session, offer.visit_id, V.COMPLETED)
        run_jobs()
        scheduling.move(session, offer.visit_id, V.IN_PROGRESS)
        run_jobs()
        assert (has(session, A.EARNED), has(session, A.HELD)) == (0, 6000)
        scheduling.move(session, offer.visit_id, V.COMPLETED)
        run_jobs()
        found = [p.status for p in payouts_of(session, offer.visit_id)]
        assert found == [S.REVERSED, S.EARNED]
        assert (has(session, A.EARNED), has(session, A.HELD)) == (6000, 0)

    def test_staff_have_their_wages(self, session: Session, run_jobs: RunJobs) -> None:
        visit, person = make_visit(session), make_technician(session, skills={"boiler": 3})
        staffing.assign(session, visit.id, [person.id], NOW + timedelta(hours=1), source="plan")
        scheduling.dispatch(session, visit.id)
        work(session, visit.id, V.COMPLETED)
        run_jobs()
        assert payouts_of(session, visit.id) == []

    def test_partners_work_is_paid_to_their_provider(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        person = make_technician(session, employment=Employment.PARTNER, skills={"boiler": 3})
        offer = accepted(session, technician=person)
        work(session, offer.visit_id, V.COMPLETED)
        run_jobs()
        assert has(session, A.EARNED, person.provider_id) == 6000


class TestSettleLost:
    def lost(self, session: Session, run_jobs: RunJobs, hours: float) -> list[int]:
        offer = accepted(session, starts_at=NOW + timedelta(hours=hours))
        staffing.unassign(session, offer.visit_id, "plans changed")
        run_jobs()
        return [p.amount_cents for p in payouts_of(session, offer.visit_id)]

    def test_shortly_before_is_worth_half(self, session: Session, run_jobs: RunJobs) -> None:
        assert self.lost(session, run_jobs, 3) == [3000]

    def test_in_good_time_is_worth_nothing(self, session: Session, run_jobs: RunJobs) -> None:
        assert self.lost(session, run_jobs, 30) == []

    def test_giving_back_late_costs_what_the_terms_say(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        set_terms(session, {"late_back_out_pct": 10})
        offer = accepted(session)
        back_outs.back_out(session, offer.visit_id, offer.technician_id, "ill")
        run_jobs()
        [payout] = payouts_of(session, offer.visit_id)
        assert (payout.kind, payout.amount_cents) == (PayoutKind.BACK_OUT, -600)


class TestApprove:
    def test_makes_it_payable_once(self, session: Session) -> None:
        payout = make_payout(session)
        service.approve(session, payout.id)
        service.approve(session, payout.id)
        assert (has(session, A.EARNED), has(session, A.PAYABLE)) == (0, 6000)

    def test_happens_by_itself_in_time(self, session: Session) -> None:
        payout = make_payout(session)
        assert service.approve_due(session) == 0
        clock.freeze(session, NOW + timedelta(days=3))
        assert service.approve_due(session) == 1
        assert payout.status is S.APPROVED

    def test_waits_for_a_dispute(self, session: Session) -> None:
        payout = make_payout(session)
        service.dispute(session, payout.id, "not done")
        clock.freeze(session, NOW + timedelta(days=30))
        assert service.approve_due(session) == 0
        with pytest.raises(Conflict):
            service.approve(session, payout.id)


class TestReverse:
    def test_leaves_nothing_and_keeps_both(self, session: Session) -> None:
        payout = make_payout(session)
        service.approve(session, payout.id)
        service.reverse(session, payout.id, "twice")
        service.reverse(session, payout.id, "twice")
        assert {b.cents for b in ledger.balances(session)} == {0}
        assert len(session.scalars(ledger.select_entries(payout.id)).all()) == 4


def test_one_person_cannot_be_owed_twice_by_rule(session: Session) -> None:
    visit, person = make_visit(session), make_freelancer(session)
    make_payout(session, person, visit_id=visit.id)
    with pytest.raises(Exception, match="uq_payouts_by_rule"):
        make_payout(session, person, visit_id=visit.id)
    assert isinstance(visit, Visit)
