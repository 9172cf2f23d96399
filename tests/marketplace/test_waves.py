"""Who is asked next, for how much, and when the visit goes back to the dispatcher."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.events import VisitUnserved
from dispatch.technicians.lifecycle import Employment
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.models import Visit
from kernel import clock
from kernel.errors import Conflict, Forbidden, Invalid
from kernel.events import publish
from marketplace.back_outs import service as back_outs
from marketplace.offers import service as offers
from marketplace.offers.lifecycle import OPEN, OfferKind, OfferStatus
from marketplace.offers.models import Offer
from marketplace.pools.service import create_pool, name_member
from marketplace.waves import service
from marketplace.waves.building import RULES
from marketplace.waves.models import Consideration
from tests.factories.customers import make_site
from tests.factories.marketplace import make_freelancer
from tests.factories.technicians import make_absence, make_shift, make_technician
from tests.factories.territories import make_territory
from tests.factories.work_orders import make_visit, make_work_type
from tests.principals import principal

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RunJobs = Callable[[], int]


@pytest.fixture(autouse=True)
def monday_morning(session: Session) -> None:
    clock.freeze(session, NOW)


def open_offers(session: Session, visit: Visit) -> list[Offer]:
    return list(
        session.scalars(
            select(Offer)
            .where(Offer.visit_id == visit.id, Offer.status.in_(OPEN))
            .execution_options(populate_existing=True)
        )
    )


class TestOfferVisit:
    def test_asks_those_whose_yes_is_cheapest(self, session: Session) -> None:
        people = [
            make_freelancer(session, latitude=52.50 - 0.01 * n, longitude=13.4)
            for n in range(6, -1, -1)
        ]
        made = service.offer_visit(session, make_visit(session).id)
        nearest = [person.id for person in reversed(people)]
        assert {offer.technician_id for offer in made} == set(nearest[: len(made)])
        assert {offer.asked_count for offer in made} == {len(made)}
        assert all(offer.accept_pct and offer.show_pct for offer in made)

    def test_notes_of_everybody_why_they_were_asked_or_not(self, session: Session) -> None:
        able, unable = make_freelancer(session), make_freelancer(session, skills={})
        visit = make_visit(session)
        service.offer_visit(session, visit.id)
        rows = session.scalars(select(Consideration).where(Consideration.visit_id == visit.id))
        noted = {row.technician_id: row.code for row in rows}
        assert noted == {able.id: "asked", unable.id: "skill_missing"}

    def test_who_had_more_than_a_share_waits(self, session: Session) -> None:
        near = make_freelancer(session, latitude=52.50, longitude=13.4)
        far = make_freelancer(session, latitude=52.44, longitude=13.4)
        visit = make_visit(session)
        session.add(
            Consideration(
                visit_id=visit.id, technician_id=near.id, wave=1, decided_at=NOW,
                code="asked", sentence="", gained=RULES.most_ahead,
            )
        )  # fmt: skip
        session.flush()
        made = service.offer_visit(session, visit.id)
        assert [offer.technician_id for offer in made] == [far.id]

    def test_a_preferred_person_is_asked_alone_first(self, session: Session) -> None:
        make_freelancer(session)
        friend = make_freelancer(session, latitude=52.44, longitude=13.4)
        visit = make_visit(session, preferred_technician_ids=[friend.id])
        made = service.offer_visit(session, visit.id)
        assert [offer.technician_id for offer in made] == [friend.id]

    def test_pays_minutes_and_travel(self, session: Session) -> None:
        make_freelancer(session, hourly_cents=6000, travel_cents_per_hour=3600)
        [offer] = service.offer_visit(session, make_visit(session).id)
        usual = 6000 + 2 * offer.travel_seconds
        assert usual <= offer.pay_cents <= usual * 1.1 + 1

    def test_leaves_staff_the_absent_and_the_unskilled_alone(self, session: Session) -> None:
        make_technician(session, skills={"boiler": 5})
        make_freelancer(session, skills={"boiler": 1})
        away = make_freelancer(session)
        make_absence(session, away, NOW, NOW + timedelta(days=10))
        partner = make_technician(session, skills={"boiler": 2}, employment=Employment.PARTNER)
        made = service.offer_visit(session, make_visit(session).id)
        assert [offer.technician_id for offer in made] == [partner.id]

    def test_proposes_a_time_inside_window_and_shift(self, session: Session) -> None:
        person = make_freelancer(session)
        make_shift(session, person, NOW + timedelta(hours=3), hours=4)
        visit = make_visit(
            session,
            window_start=NOW + timedelta(hours=1),
            window_end=NOW + timedelta(hours=6),
        )
        [offer] = service.offer_visit(session, visit.id)
        assert offer.starts_at - timedelta(seconds=offer.travel_seconds) == NOW + timedelta(hours=3)

    def test_without_shifts_the_working_day_counts(self, session: Session) -> None:
        make_freelancer(session)
        clock.freeze(session, datetime(2026, 3, 2, 20, 0, tzinfo=UTC))
        [offer] = service.offer_visit(session, make_visit(session).id)
        # 8:00 in Berlin is 7:00 UTC in winter.
        leaves_at = offer.starts_at - timedelta(seconds=offer.travel_seconds)
        assert leaves_at == datetime(2026, 3, 3, 7, 0, tzinfo=UTC)

    def test_somebody_named_who_cannot_is_explained(self, session: Session) -> None:
        unskilled = make_freelancer(session, skills={})
        with pytest.raises(Invalid) as refusal:
            service.offer_visit(
                session, make_visit(session).id, technician_ids=[unskilled.id, (ghost := uuid4())]
            )
        told = {entry["technician_id"]: entry["code"] for entry in refusal.value.facts["refusals"]}
        assert told == {str(unskilled.id): "skill_missing", str(ghost): "unknown"}

    def test_the_office_can_set_the_pay(self, session: Session) -> None:
        person = make_freelancer(session)
        [offer] = service.offer_visit(
            session, make_visit(session).id, technician_ids=[person.id], pay_cents=9900
        )
        assert offer.pay_cents == 9900
        assert offer.accept_pct

    def test_the_chance_kept_is_that_of_the_pay_the_office_named(self, session: Session) -> None:
        make_freelancer(session)
        [usual] = service.offer_visit(session, make_visit(session).id)
        rich = usual.pay_cents * 2
        [offer] = service.offer_visit(session, make_visit(session).id, pay_cents=rich)
        assert offer.pay_cents == rich
        assert offer.accept_pct is not None
        assert usual.accept_pct is not None
        assert offer.accept_pct > usual.accept_pct

    def test_nobody_is_offered_less_than_the_agreed_rates(self, session: Session) -> None:
        cheap, dear = make_freelancer(session), make_freelancer(session, hourly_cents=9000)
        visit, other = make_visit(session), make_visit(session)
        [usual] = service.offer_visit(session, other.id, technician_ids=[cheap.id])
        with pytest.raises(Invalid) as refused:
            service.offer_visit(
                session, visit.id, technician_ids=[dear.id], pay_cents=usual.pay_cents
            )
        assert refused.value.facts["refusals"][0]["code"] == "below_rate"
        made = service.offer_visit(session, visit.id, market=True, pay_cents=usual.pay_cents)
        assert [offer.technician_id for offer in made] == [cheap.id]
        assert service.offer_visit(session, make_visit(session).id, pay_cents=1) == []

    def test_a_dispatcher_names_no_more_than_the_limit_above_the_rates(
        self, session: Session
    ) -> None:
        person, visit = make_freelancer(session), make_visit(session)
        wanted = {"technician_ids": [person.id], "pay_cents": 60_000}
        with pytest.raises(Forbidden) as refused:
            service.offer_by_hand(session, visit.id, principal=principal("dispatcher"), **wanted)
        assert refused.value.code == "above_limit"
        boss = principal("supervisor")
        [offer] = service.offer_by_hand(session, visit.id, principal=boss, **wanted)
        assert offer.pay_cents == 60_000

    def test_a_pool_is_asked_before_others(self, session: Session) -> None:
        make_freelancer(session)
        member = make_freelancer(session, latitude=52.46, longitude=13.4)
        pool = create_pool(session, name="boilers", rule=[])
        name_member(session, pool.id, member.id)
        [offer] = service.offer_visit(session, make_visit(session).id, pool_id=pool.id)
        assert (offer.technician_id, offer.kind) == (member.id, OfferKind.POOL)

    def test_the_market_is_everybody_who_can(self, session: Session) -> None:
        able = {make_freelancer(session).id for _ in range(6)}
        make_freelancer(session, skills={})
        made = service.offer_visit(session, make_visit(session).id, market=True)
        assert {offer.technician_id for offer in made} == able
        assert {offer.kind for offer in made} == {OfferKind.MARKET}

    def test_the_market_leaves_out_who_refused_that_pay(self, session: Session) -> None:
        refuser, other = make_freelancer(session), make_freelancer(session)
        visit = make_visit(session)
        [first] = service.offer_visit(session, visit.id, technician_ids=[refuser.id])
        offers.decline(session, first.id, refuser.id)
        made = service.offer_visit(session, visit.id, market=True)
        assert [offer.technician_id for offer in made] == [other.id]

    def test_nobody_is_asked_twice_at_once(self, session: Session) -> None:
        make_freelancer(session)
        visit = make_visit(session)
        service.offer_visit(session, visit.id)
        assert service.offer_visit(session, visit.id) == []

    def test_a_crew_is_not_offered(self, session: Session) -> None:
        visit = make_visit(session, work_type=make_work_type(session, crew_size=2))
        with pytest.raises(Conflict) as refusal:
            service.offer_visit(session, visit.id)
        assert refusal.value.code == "visit_not_offerable"

    def test_a_held_order_is_not_offered(self, session: Session) -> None:
        visit = make_visit(session)
        work_orders.hold(session, visit.work_order_id, "customer")
        with pytest.raises(Conflict):
            service.offer_visit(session, visit.id)


class TestNextWave:
    def test_pays_more_when_everybody_has_declined(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        person = make_freelancer(session, travel_cents_per_hour=0)
        visit = make_visit(session)
        [first] = service.offer_visit(session, visit.id)
        offers.decline(session, first.id, person.id)
        run_jobs()
        [second] = open_offers(session, visit)
        assert second.wave == 2
        assert second.pay_cents > first.pay_cents

    def test_waits_while_one_offer_is_open(self, session: Session, run_jobs: RunJobs) -> None:
        people = [make_freelancer(session) for _ in range(2)]
        visit = make_visit(session)
        first, _ = service.offer_visit(
            session, visit.id, technician_ids=[person.id for person in people]
        )
        offers.decline(session, first.id, first.technician_id)
        run_jobs()
        assert {offer.wave for offer in open_offers(session, visit)} == {1}

    def test_asks_new_people_first(self, session: Session, run_jobs: RunJobs) -> None:
        people = [make_freelancer(session) for _ in range(6)]
        visit = make_visit(session)
        for offer in service.offer_visit(session, visit.id):
            offers.decline(session, offer.id, offer.technician_id)
        asked = {o.technician_id for o in session.scalars(select(Offer))}
        run_jobs()
        left = {person.id for person in people} - asked
        assert {offer.technician_id for offer in open_offers(session, visit)} <= left

    def test_after_being_asked_twice_the_dispatcher_is_warned(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        make_freelancer(session)
        visit = make_visit(session)
        service.offer_visit(session, visit.id)
        for wave in (1, 2):
            [offer] = open_offers(session, visit)
            assert offer.wave == wave
            clock.freeze(session, offer.expires_at)
            offers.expire_due(session)
            run_jobs()
        session.refresh(visit)
        assert open_offers(session, visit) == []
        assert visit.at_risk

    def test_the_dispatcher_is_warned_before_it_is_too_late(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        make_freelancer(session)
        make_freelancer(session)
        ends = NOW + timedelta(hours=2)
        visit = make_visit(session, window_start=NOW, window_end=ends)
        while made := open_offers(session, visit) or service.offer_visit(session, visit.id):
            clock.freeze(session, max(offer.expires_at for offer in made))
            offers.expire_due(session)
            run_jobs()
            if visit.at_risk:
                break
        assert clock.now(session) < ends - timedelta(hours=1)

    def test_does_not_start_after_somebody_has_taken_it(self, session: Session) -> None:
        make_freelancer(session)
        visit = make_visit(session)
        [offer] = service.offer_visit(session, visit.id)
        offers.accept(session, offer.id, offer.technician_id)
        assert service.next_wave(session, visit.id) == []


class TestOfferUnserved:
    def test_starts_when_planning_finds_nobody(self, session: Session, run_jobs: RunJobs) -> None:
        make_freelancer(session)
        visit = make_visit(session)
        for _ in range(2):
            publish(
                session, VisitUnserved(visit_id=visit.id, plan_id=uuid4(), reason="no_technician")
            )
            run_jobs()
        assert len(open_offers(session, visit)) == 1

    def test_nobody_near_puts_the_visit_at_risk(self, session: Session) -> None:
        territory = make_territory(session)
        site = make_site(session, territory_id=territory.id, latitude=48.1, longitude=11.6)
        make_freelancer(session)
        visit = make_visit(session, site=site)
        assert service.offer_unserved(session, visit.id) == []
        assert visit.at_risk

    def test_rests_after_the_last_wave(self, session: Session, run_jobs: RunJobs) -> None:
        make_freelancer(session)
        visit = make_visit(session)
        for _ in range(2):
            [offer] = open_offers(session, visit) or service.offer_unserved(session, visit.id)
            clock.freeze(session, offer.expires_at)
            offers.expire_due(session)
            run_jobs()
        session.refresh(visit)
        assert visit.at_risk
        assert service.offer_unserved(session, visit.id) == []
        clock.freeze(session, NOW + timedelta(hours=25))
        [again] = service.offer_unserved(session, visit.id)
        assert again.wave == 1

    def test_somebody_who_backed_out_is_not_asked_again(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        quitter, other = make_freelancer(session), make_freelancer(session)
        visit = make_visit(session)
        [offer] = service.offer_visit(session, visit.id, technician_ids=[quitter.id])
        offers.accept(session, offer.id, quitter.id)
        back_outs.back_out(session, visit.id, quitter.id, "ill")
        run_jobs()
        assert [o.technician_id for o in open_offers(session, visit)] == [other.id]
        assert offer.status is OfferStatus.ACCEPTED
