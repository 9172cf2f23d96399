"""Settling offers: one winner, deadlines, and what each answer does to the others."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.lifecycle import AssignmentSource
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.staffing import service as staffing
from dispatch.work_orders.lifecycle import VisitStatus
from kernel import clock
from kernel.errors import Conflict, NotFound
from kernel.events import EventRow
from marketplace.back_outs import service as back_outs
from marketplace.events import OfferFilled
from marketplace.offers import service, taking
from marketplace.offers.lifecycle import OfferStatus
from marketplace.offers.models import Offer
from tests.factories.marketplace import make_freelancer, make_offer
from tests.factories.technicians import make_technician
from tests.factories.work_orders import make_visit
from tests.statements import counted

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RunJobs = Callable[[], int]


@pytest.fixture(autouse=True)
def monday_morning(session: Session) -> None:
    clock.freeze(session, NOW)


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(Conflict) as refusal:
        action()
    return refusal.value.code


def assignment_of(session: Session, offer: Offer) -> Assignment:
    return session.get_one(Assignment, offer.assignment_id)


def won_in_statements(session: Session, others: int) -> int:
    """How many it takes to win against so many others, who are all told."""
    visit = make_visit(session)
    mine, *rest = (make_offer(session, visit) for _ in range(others + 1))
    session.expire_all()
    with counted(session) as statements:
        service.accept(session, mine.id, mine.technician_id)
    told = select(func.count()).where(
        EventRow.name == OfferFilled.name, EventRow.payload["visit_id"].astext == str(visit.id)
    )
    assert session.scalar(told) == others
    assert {(offer.status, offer.version) for offer in rest} == {(OfferStatus.FILLED, 2)}
    return len(statements)


class TestAccept:
    def test_somebody_who_works_for_us_no_more_cannot(self, session: Session) -> None:
        freelancer = make_freelancer(session)
        offer = make_offer(session, technician=freelancer)
        freelancer.active = False
        session.flush()
        answer = refused(lambda: service.accept(session, offer.id, freelancer.id))
        assert answer == "offer_withdrawn"
        assert offer.status is OfferStatus.SENT

    def test_makes_the_assignment_for_the_agreed_pay(self, session: Session) -> None:
        offer = service.accept(session, (made := make_offer(session)).id, made.technician_id)
        assignment = assignment_of(session, offer)
        assert offer.status is OfferStatus.ACCEPTED
        assert assignment.technician_id == made.technician_id
        assert assignment.starts_at == made.starts_at
        assert assignment.source is AssignmentSource.OFFER
        assert assignment.cost_cents == 6000

    def test_schedules_dispatches_and_accepts_the_visit(self, session: Session) -> None:
        visit = make_visit(session)
        offer = make_offer(session, visit)
        service.accept(session, offer.id, offer.technician_id)
        session.refresh(visit)
        assert visit.status is VisitStatus.ACCEPTED

    def test_asks_the_database_no_more_often_however_many_were_asked(
        self, session: Session
    ) -> None:
        _, few, many = (won_in_statements(session, others) for others in (1, 1, 12))
        assert many == few

    def test_a_loser_is_told_by_one_statement(self, session: Session) -> None:
        visit = make_visit(session)
        mine, other = make_offer(session, visit), make_offer(session, visit)
        service.accept(session, mine.id, mine.technician_id)
        with counted(session) as statements:
            answer = refused(lambda: service.accept(session, other.id, other.technician_id))
        assert answer == "offer_taken"
        assert len(statements) == 1

    def test_fills_every_other_offer(self, session: Session) -> None:
        visit = make_visit(session)
        mine, viewed, declined = (make_offer(session, visit) for _ in range(3))
        service.mark_viewed(session, viewed.id, viewed.technician_id)
        service.decline(session, declined.id, declined.technician_id)
        service.accept(session, mine.id, mine.technician_id)
        for offer in (viewed, declined):
            session.refresh(offer)
        assert viewed.status is OfferStatus.FILLED
        assert declined.status is OfferStatus.DECLINED

    def test_the_loser_is_told_that_it_is_taken(self, session: Session) -> None:
        visit = make_visit(session)
        mine, other = make_offer(session, visit), make_offer(session, visit)
        service.accept(session, mine.id, mine.technician_id)
        assert (
            refused(lambda: service.accept(session, other.id, other.technician_id)) == "offer_taken"
        )

    def test_the_winner_may_repeat_it(self, session: Session) -> None:
        offer = make_offer(session)
        first = service.accept(session, offer.id, offer.technician_id)
        version, assignment_id = first.version, first.assignment_id
        again = service.accept(session, offer.id, offer.technician_id)
        assert (again.version, again.assignment_id) == (version, assignment_id)

    def test_repeating_after_backing_out_is_refused(self, session: Session) -> None:
        offer = make_offer(session)
        service.accept(session, offer.id, offer.technician_id)
        back_outs.back_out(session, offer.visit_id, offer.technician_id, "ill")
        assert (
            refused(lambda: service.accept(session, offer.id, offer.technician_id))
            == "offer_closed"
        )

    def test_is_refused_at_the_moment_of_expiry(self, session: Session) -> None:
        offer = make_offer(session)
        clock.freeze(session, offer.expires_at)
        assert (
            refused(lambda: service.accept(session, offer.id, offer.technician_id))
            == "offer_expired"
        )

    def test_the_database_decides_the_deadline(self, session: Session) -> None:
        offer = make_offer(session)
        clock.freeze(session, offer.expires_at)
        session.flush()
        assert refused(lambda: taking._win(session, offer, offer.visit_id)) == "offer_expired"

    def test_is_refused_to_who_is_busy_then(self, session: Session) -> None:
        freelancer = make_freelancer(session)
        first = make_offer(session, technician=freelancer)
        second = make_offer(session, technician=freelancer)
        service.accept(session, first.id, freelancer.id)
        assert (
            refused(lambda: service.accept(session, second.id, freelancer.id)) == "technician_busy"
        )

    def test_is_refused_when_the_dispatcher_was_faster(self, session: Session) -> None:
        visit = make_visit(session)
        offer = make_offer(session, visit)
        staff = make_technician(session, skills={"boiler": 3})
        staffing.assign(
            session, visit.id, [staff.id], offer.starts_at, source=AssignmentSource.DISPATCHER
        )
        assert (
            refused(lambda: service.accept(session, offer.id, offer.technician_id)) == "offer_taken"
        )

    def test_somebody_elses_offer_does_not_exist(self, session: Session) -> None:
        offer = make_offer(session)
        with pytest.raises(NotFound):
            service.accept(session, offer.id, make_freelancer(session).id)


class TestDecline:
    def test_keeps_the_reason(self, session: Session) -> None:
        offer = make_offer(session)
        service.decline(session, offer.id, offer.technician_id, "too far")
        assert (offer.status, offer.decline_reason) == (OfferStatus.DECLINED, "too far")

    def test_repeating_it_changes_nothing(self, session: Session) -> None:
        offer = make_offer(session)
        service.decline(session, offer.id, offer.technician_id, "too far")
        version = offer.version
        service.decline(session, offer.id, offer.technician_id, "another reason")
        assert (offer.version, offer.decline_reason) == (version, "too far")

    def test_after_accepting_is_refused(self, session: Session) -> None:
        offer = make_offer(session)
        service.accept(session, offer.id, offer.technician_id)
        assert (
            refused(lambda: service.decline(session, offer.id, offer.technician_id))
            == "offer_closed"
        )


class TestMarkViewed:
    def test_says_that_it_was_seen(self, session: Session) -> None:
        offer = make_offer(session)
        assert service.mark_viewed(session, offer.id, offer.technician_id).status == "viewed"

    def test_leaves_an_ended_offer_alone(self, session: Session) -> None:
        offer = make_offer(session)
        service.withdraw(session, offer.id)
        assert service.mark_viewed(session, offer.id, offer.technician_id).status == "withdrawn"


class TestWithdraw:
    def test_takes_an_open_offer_back(self, session: Session) -> None:
        offer = make_offer(session)
        service.withdraw(session, offer.id)
        assert (
            refused(lambda: service.accept(session, offer.id, offer.technician_id))
            == "offer_withdrawn"
        )

    def test_an_accepted_offer_cannot_be_withdrawn(self, session: Session) -> None:
        offer = make_offer(session)
        service.accept(session, offer.id, offer.technician_id)
        assert refused(lambda: service.withdraw(session, offer.id)) == "illegal_move"

    def test_happens_by_itself_when_the_visit_is_assigned(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        visit = make_visit(session)
        offer = make_offer(session, visit)
        staff = make_technician(session, skills={"boiler": 3})
        staffing.assign(
            session, visit.id, [staff.id], offer.starts_at, source=AssignmentSource.DISPATCHER
        )
        run_jobs()
        session.refresh(offer)
        assert offer.status is OfferStatus.WITHDRAWN


class TestExpireDue:
    def test_closes_what_has_run_out_and_nothing_else(self, session: Session) -> None:
        late = make_offer(session, expires_at=NOW + timedelta(minutes=10))
        open_still = make_offer(session, expires_at=NOW + timedelta(minutes=11))
        clock.freeze(session, NOW + timedelta(minutes=10))
        assert service.expire_due(session) == 1
        assert (late.status, open_still.status) == (OfferStatus.EXPIRED, OfferStatus.SENT)


def test_an_accepted_offer_always_has_its_assignment(session: Session) -> None:
    offer = make_offer(session)
    assert offer.assignment_id is None
    service.accept(session, offer.id, offer.technician_id)
    assert session.get_one(Offer, offer.id).assignment_id is not None
