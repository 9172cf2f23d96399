"""How likely the crowd takes a visit, and what planning makes of it."""

from datetime import timedelta

from sqlalchemy.orm import Session

from dispatch.scheduling.plans.service import request_plan
from dispatch.scheduling.plans.solving import run_plan
from dispatch.scheduling.problems.build import build_for_plan
from dispatch.scheduling.problems.queries import load_demand, load_staff
from dispatch.scheduling.staffing.service import assign
from kernel import clock
from marketplace.estimates.queries import list_answers
from marketplace.estimates.service import chances, estimate, learn
from marketplace.offers.lifecycle import OfferStatus
from marketplace.rate_cards.lifecycle import RateCardStatus
from marketplace.rate_cards.models import RateCard
from tests.factories.marketplace import make_freelancer, make_offer
from tests.factories.scheduling import MONDAY, make_town, make_waiting, quickly, use_rules

HOUR = timedelta(hours=1)


class TestEstimate:
    def test_names_who_can_with_pay_and_chance(self, session: Session) -> None:
        town = make_town(session, technicians=0)
        able = make_freelancer(session, town.territory, hourly_cents=6_000)
        make_freelancer(session, town.territory, skills={})
        visit = make_waiting(session, town)
        for _ in range(5):
            offer = make_offer(session, technician=able)
            offer.status = OfferStatus.DECLINED
        session.flush()
        before = estimate(session, [visit.id])[visit.id]
        learn(session)
        usual, dearer = estimate(session, [visit.id])[visit.id]
        assert (usual.technician_id, dearer.technician_id) == (able.id, able.id)
        assert dearer.pay_cents > usual.pay_cents >= 6_000
        assert dearer.accept_pct > usual.accept_pct
        assert usual.accept_pct < before[0].accept_pct
        assert usual.show_pct == before[0].show_pct > 90

    def test_forgets_what_it_learned_of_records_that_are_gone(self, session: Session) -> None:
        offer = make_offer(session)
        offer.status = OfferStatus.DECLINED
        session.flush()
        learn(session)
        assert chances(session).accept.people[offer.technician_id] < 0
        offer.created_at = clock.now(session) - timedelta(days=200)
        session.flush()
        learn(session)
        assert chances(session).accept.people == {}

    def test_learns_pay_against_the_rate_for_what_the_visit_asks(self, session: Session) -> None:
        town = make_town(session, technicians=0)
        dear = make_freelancer(session, town.territory, hourly_cents=6_000)
        card = RateCard(
            technician_id=dear.id,
            status=RateCardStatus.IN_FORCE,
            hourly_cents=6_000,
            travel_cents_per_hour=0,
            skill_cents={"boiler": 9_000},
            currency="EUR",
        )
        session.add(card)
        visit = make_waiting(session, town)
        offer = make_offer(session, visit, dear)
        offer.status = OfferStatus.DECLINED
        session.flush()
        [case] = list_answers(session, clock.now(session))
        assert visit.skills == [{"skill": "boiler", "level": 2}]
        assert case.ask.hourly_cents == 9_000

    def test_leaves_out_what_nobody_can_take(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        assert estimate(session, [make_waiting(session, town).id]) == {}


class TestPlanning:
    def test_a_visit_without_a_technician_of_ours_has_a_crowd(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        freelancer = make_freelancer(session, town.territory)
        free, taken = make_waiting(session, town), make_waiting(session, town)
        assign(session, taken.id, [town.first.id], MONDAY + 3 * HOUR, source="plan")
        ids, end = [town.territory.id], MONDAY + timedelta(days=1)
        staff = load_staff(session, ids, MONDAY, end)
        built = build_for_plan(staff, load_demand(session, ids, MONDAY, end), MONDAY, end)
        jobs = built.problem.job_by_id
        assert jobs[str(taken.id)].crowd is None
        crowd = jobs[str(free.id)].crowd
        assert crowd is not None
        assert {offer.technician_id for offer in crowd.offers} == {str(freelancer.id)}
        assert crowd.fallback_cents == jobs[str(free.id)].unserved_cents

    def test_a_plan_says_whom_to_ask_for_what_it_leaves_out(self, session: Session) -> None:
        town = make_town(session, technicians=1, hours=0.5)
        freelancer = make_freelancer(session, town.territory)
        visit = make_waiting(session, town)
        plan = request_plan(session, territory_ids=[town.territory.id])
        session.flush()
        run_plan(plan.id, quickly)
        session.expire_all()
        [left] = plan.unassigned
        assert left["visit_id"] == str(visit.id)
        asked = left["asked"]
        assert [offer["technician_id"] for offer in asked["offers"]] == [str(freelancer.id)]
        assert (asked["is_firm"], asked["backup"]) == (False, None)
        assert 20 <= asked["done_pct"] <= 90

    def test_a_policy_may_do_without(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        make_freelancer(session, town.territory)
        make_waiting(session, town)
        use_rules(session, None, crowd_minutes=None)
        ids, end = [town.territory.id], clock.now(session) + timedelta(days=1)
        staff = load_staff(session, ids, MONDAY, end)
        built = build_for_plan(staff, load_demand(session, ids, MONDAY, end), MONDAY, end)
        assert [job.crowd for job in built.problem.jobs] == [None]
