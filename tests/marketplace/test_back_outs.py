"""Accepted visits that fall through: given back, nobody came, taken away, and what that costs."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.scheduling import service as scheduling
from dispatch.scheduling.assignments.lifecycle import AssignmentSource, AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.moves.models import LateNotice
from dispatch.scheduling.plans.models import Plan
from dispatch.scheduling.staffing import service as staffing
from dispatch.technicians.models import Technician
from dispatch.technicians.preferences.lifecycle import Stance, Wisher
from dispatch.technicians.preferences.service import set_preference
from dispatch.technicians.qualifications.service import expire_credentials
from dispatch.technicians.suspensions.service import suspend
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel import clock
from kernel.errors import Conflict, NotFound
from marketplace.back_outs import service
from marketplace.offers import service as offers
from marketplace.offers.lifecycle import OPEN
from marketplace.offers.models import Offer
from marketplace.pay_terms.notice import pct_at
from marketplace.pay_terms.service import set_terms
from marketplace.payouts.lifecycle import PayoutKind
from marketplace.payouts.models import Payout
from tests import principals
from tests.client import ApiClient
from tests.factories.marketplace import make_freelancer, make_offer
from tests.factories.technicians import make_credential, make_technician
from tests.factories.territories import make_territory
from tests.factories.work_orders import make_visit

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STEPS = [{"hours": 12, "pct": 50}, {"hours": 2, "pct": 100}]
RunJobs = Callable[[], int]
Client = Callable[..., ApiClient]


@pytest.fixture(autouse=True)
def monday_morning(session: Session) -> None:
    clock.freeze(session, NOW)


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(Conflict) as refusal:
        action()
    return refusal.value.code


def assignment_of(session: Session, offer: Offer) -> Assignment:
    assignment = session.get_one(Assignment, offer.assignment_id)
    session.refresh(assignment)
    return assignment


def accepted(session: Session, hours: float = 2) -> Offer:
    made = make_offer(session, starts_at=NOW + timedelta(hours=hours))
    return offers.accept(session, made.id, made.technician_id)


def owed(session: Session, visit_id: object) -> list[tuple[str, int]]:
    rows = session.scalars(select(Payout).where(Payout.visit_id == visit_id).order_by(Payout.id))
    return [(row.kind, row.amount_cents) for row in rows]


class TestBackOut:
    def test_frees_the_visit(self, session: Session) -> None:
        offer = make_offer(session)
        offers.accept(session, offer.id, offer.technician_id)
        service.back_out(session, offer.visit_id, offer.technician_id, "car broke down")
        assignment = assignment_of(session, offer)
        session.refresh(assignment)
        assert assignment.status is AssignmentStatus.BACKED_OUT

    def test_staff_cannot(self, session: Session) -> None:
        visit = make_visit(session)
        staff = make_technician(session, skills={"boiler": 3})
        staffing.assign(
            session,
            visit.id,
            [staff.id],
            NOW + timedelta(hours=2),
            source=AssignmentSource.DISPATCHER,
        )
        assert (
            refused(lambda: service.back_out(session, visit.id, staff.id, "no"))
            == "not_a_freelancer"
        )

    def test_somebody_who_lost_the_visit_meanwhile_takes_nobody_off(self, session: Session) -> None:
        offer = make_offer(session)
        offers.accept(session, offer.id, offer.technician_id)
        other = make_freelancer(session)
        with pytest.raises(NotFound):
            service.back_out(session, offer.visit_id, other.id, "not mine")
        assert assignment_of(session, offer).status is AssignmentStatus.CONFIRMED

    def test_nobody_backs_out_on_the_way(self, session: Session) -> None:
        offer = make_offer(session)
        offers.accept(session, offer.id, offer.technician_id)
        scheduling.move(session, offer.visit_id, VisitStatus.EN_ROUTE)
        assert (
            refused(lambda: service.back_out(session, offer.visit_id, offer.technician_id, "no"))
            == "under_way"
        )

    def test_one_of_a_crew_quits_and_the_other_has_not(self, session: Session) -> None:
        territory = make_territory(session)
        quitter, mate = (make_freelancer(session, territory) for _ in range(2))
        visit = make_visit(session, crew_size=2)
        crew = staffing.assign(
            session,
            visit.id,
            [quitter.id, mate.id],
            NOW + timedelta(hours=2),
            source=AssignmentSource.DISPATCHER,
        )
        service.back_out(session, visit.id, quitter.id, "ill")
        ended = {row.technician_id: row.status for row in crew}
        assert ended[quitter.id] is AssignmentStatus.BACKED_OUT
        assert ended[mate.id] is AssignmentStatus.REMOVED

    def test_others_are_asked_at_once_and_the_day_is_planned_again(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        offer = accepted(session)
        run_jobs()
        other = make_freelancer(session)
        service.back_out(session, offer.visit_id, offer.technician_id, "ill")
        run_jobs()
        asked = session.scalars(select(Offer.technician_id).where(Offer.status.in_(OPEN)))
        assert list(asked) == [other.id]
        assert "backed_out" in session.scalars(select(Plan.trigger)).all()


class TestFees:
    @pytest.mark.parametrize(
        ("hours", "cents"), [(30, []), (20, [-600]), (11, [-3000]), (1.5, [-6000])]
    )
    def test_grow_the_shorter_the_notice(
        self, session: Session, run_jobs: RunJobs, hours: float, cents: list[int]
    ) -> None:
        set_terms(session, {"late_back_out_pct": 10, "back_out_steps": STEPS})
        offer = accepted(session, hours)
        told = service.cost_now(session, offer.visit_id, offer.technician_id)
        service.back_out(session, offer.visit_id, offer.technician_id, "ill")
        run_jobs()
        assert [amount for _, amount in owed(session, offer.visit_id)] == cents
        assert -told.fee_cents == sum(cents)

    def test_hold_for_the_office_too(self, session: Session, run_jobs: RunJobs) -> None:
        set_terms(session, {"cancel_steps": STEPS})
        offer = accepted(session, 1.5)
        staffing.unassign(session, offer.visit_id, "plans changed")
        run_jobs()
        assert owed(session, offer.visit_id) == [(PayoutKind.CANCELLATION, 6000)]

    def test_pay_nobody_who_is_suspended(self, session: Session, run_jobs: RunJobs) -> None:
        set_terms(session, {"cancel_steps": STEPS})
        offer = accepted(session, 1.5)
        suspend(session, offer.technician_id, "No-show twice.", principals.principal("supervisor"))
        run_jobs()
        assert assignment_of(session, offer).status is AssignmentStatus.REMOVED
        assert owed(session, offer.visit_id) == []

    def test_pay_nobody_whose_proof_has_ended(self, session: Session, run_jobs: RunJobs) -> None:
        set_terms(session, {"cancel_steps": STEPS})
        offer = accepted(session, 1.5)
        visit = session.get_one(Visit, offer.visit_id)
        visit.credentials = ["gas"]
        person = session.get_one(Technician, offer.technician_id)
        make_credential(session, person, kind="gas", expires_at=NOW + timedelta(hours=1))
        clock.freeze(session, NOW + timedelta(hours=1))
        expire_credentials(session)
        run_jobs()
        assert assignment_of(session, offer).status is AssignmentStatus.REMOVED
        assert owed(session, offer.visit_id) == []

    @pytest.mark.parametrize(
        ("side", "ended", "cents"),
        [
            (Wisher.TECHNICIAN, AssignmentStatus.BACKED_OUT, -6000),
            (Wisher.CUSTOMER, AssignmentStatus.REMOVED, 6000),
        ],
    )
    def test_take_a_block_of_the_customer_for_giving_back(
        self,
        session: Session,
        run_jobs: RunJobs,
        side: Wisher,
        ended: AssignmentStatus,
        cents: int,
    ) -> None:
        set_terms(session, {"cancel_steps": STEPS, "back_out_steps": STEPS})
        offer = accepted(session, 1.5)
        customer_id = session.get_one(Visit, offer.visit_id).customer_id
        set_preference(session, side, customer_id, offer.technician_id, Stance.BLOCK)
        run_jobs()
        assert assignment_of(session, offer).status is ended
        assert [amount for _, amount in owed(session, offer.visit_id)] == [cents]

    def test_steps_need_no_order(self) -> None:
        soon = timedelta(hours=1)
        assert pct_at(soon, STEPS) == pct_at(soon, STEPS[::-1]) == 100
        assert pct_at(timedelta(hours=12), STEPS) == 0


class TestRecordNoShow:
    def test_frees_the_visit_and_costs_by_rule(self, session: Session, run_jobs: RunJobs) -> None:
        set_terms(session, {"no_show_pct": 30})
        offer = accepted(session)
        other = make_freelancer(session)
        clock.freeze(session, offer.starts_at + timedelta(minutes=30))
        service.record_no_show(session, offer.visit_id, "nobody there")
        run_jobs()
        assert assignment_of(session, offer).status is AssignmentStatus.TECHNICIAN_NO_SHOW
        assert owed(session, offer.visit_id) == [(PayoutKind.NO_SHOW, -1800)]
        asked = session.scalars(select(Offer.technician_id).where(Offer.status.in_(OPEN)))
        assert list(asked) == [other.id]

    def test_repeating_it_changes_nothing(self, session: Session) -> None:
        offer = accepted(session)
        clock.freeze(session, offer.starts_at)
        for _ in range(2):
            service.record_no_show(session, offer.visit_id, "nobody there")
        assert session.get_one(Visit, offer.visit_id).status is VisitStatus.UNSCHEDULED

    def test_nobody_is_missing_before_the_start(self, session: Session) -> None:
        offer = accepted(session)
        code = refused(lambda: service.record_no_show(session, offer.visit_id, "late"))
        assert code == "not_due_yet"

    def test_who_works_there_came(self, session: Session) -> None:
        offer = accepted(session)
        clock.freeze(session, offer.starts_at)
        for step in (VisitStatus.EN_ROUTE, VisitStatus.ON_SITE):
            scheduling.move(session, offer.visit_id, step)
        code = refused(lambda: service.record_no_show(session, offer.visit_id, "late"))
        assert code == "under_way"

    def test_staff_are_no_freelancers(self, session: Session) -> None:
        visit, staff = make_visit(session), make_technician(session, skills={"boiler": 3})
        staffing.assign(session, visit.id, [staff.id], NOW + timedelta(hours=1), source="plan")
        clock.freeze(session, NOW + timedelta(hours=2))
        code = refused(lambda: service.record_no_show(session, visit.id, "late"))
        assert code == "not_a_freelancer"


class TestHttp:
    def test_the_phone_tells_what_it_costs_and_gives_back(
        self, session: Session, client: Client
    ) -> None:
        set_terms(session, {"late_back_out_pct": 10})
        offer = accepted(session)
        phone = client(principals.principal("freelancer", subject_id=offer.technician_id))
        url = f"/api/technician/visits/{offer.visit_id}"
        assert phone.get(url).json()["may_back_out"] is True
        told = phone.get(f"{url}/back-out").json()
        assert (told["pct"], told["fee_cents"], told["currency"]) == (10, 600, "EUR")
        assert phone.post(f"{url}/back-out", json={"reason": "ill"}).status_code == 204
        assert phone.get(f"{url}/back-out").status_code == 404

    def test_running_late_is_a_signal(self, session: Session, client: Client) -> None:
        offer = accepted(session)
        phone = client(principals.principal("freelancer", subject_id=offer.technician_id))
        url = f"/api/technician/visits/{offer.visit_id}"
        reply = phone.post(f"{url}/late", json={"minutes": 180, "reason": "traffic"})
        assert reply.status_code == 200
        assert reply.json()["at_risk"] is True
        assert reply.json()["expected_at"] == "2026-03-02T12:00:00Z"
        phone.post(f"{url}/late", json={"minutes": 121, "reason": "it clears"})
        assert phone.get(url).json()["at_risk"] is False
        assert len(list(session.scalars(select(LateNotice)))) == 2

    def test_who_is_there_is_not_late(self, session: Session, client: Client) -> None:
        offer = accepted(session)
        for step in (VisitStatus.EN_ROUTE, VisitStatus.ON_SITE):
            scheduling.move(session, offer.visit_id, step)
        phone = client(principals.principal("freelancer", subject_id=offer.technician_id))
        reply = phone.post(f"/api/technician/visits/{offer.visit_id}/late", json={"minutes": 30})
        assert (reply.status_code, reply.json()["code"]) == (409, "already_there")
        assert reply.json()["code"] == "already_there"
