"""Several visits as one route: who is asked, and that it is all or nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.scheduling.staffing import service as staffing
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel import clock
from kernel.errors import Conflict, Invalid, NotFound
from kernel.geo import Point
from marketplace.bundles import service
from marketplace.bundles.routing import best_route
from marketplace.crowd.matching import Freelancer, Job
from marketplace.offers import service as offers
from marketplace.offers.lifecycle import OPEN, OfferStatus
from marketplace.offers.models import Offer
from tests import principals
from tests.client import ApiClient
from tests.factories.customers import make_site
from tests.factories.marketplace import make_freelancer
from tests.factories.technicians import make_technician
from tests.factories.work_orders import make_visit

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOME = Point(52.50, 13.40)
RunJobs = Callable[[], int]
Client = Callable[..., ApiClient]


@pytest.fixture(autouse=True)
def monday_morning(session: Session) -> None:
    clock.freeze(session, NOW)


def near(session: Session, number: int) -> Visit:
    site = make_site(session, latitude=52.50 + 0.01 * number, longitude=13.40)
    return make_visit(session, site=site, window_start=NOW, window_end=NOW + timedelta(hours=8))


def statuses(made: list[Offer]) -> set[str]:
    return {str(one.status) for one in made}


def job(number: int, *, latest: float = 8) -> Job:
    return Job(
        visit_id=uuid4(),
        place=Point(52.50 + 0.01 * number, 13.40),
        skills=(),
        credentials=(),
        minutes=60,
        ready_at=NOW,
        earliest=NOW,
        latest=NOW + timedelta(hours=latest),
    )


def freelancer(**over: object) -> Freelancer:
    values = {
        "technician_id": uuid4(),
        "employment": "freelance",
        "active": True,
        "home": HOME,
        "max_travel_km": 50,
        "hourly_cents": 3600,
        "travel_cents_per_hour": 3600,
        "currency": "EUR",
        "available": [(NOW, NOW + timedelta(hours=9))],
    }
    return Freelancer(**{**values, **over})


class TestBestRoute:
    def test_goes_out_and_comes_back(self) -> None:
        jobs = [job(3), job(1), job(2)]
        route = best_route(jobs, freelancer(), NOW)
        assert route is not None
        places = [stop.job.place.latitude for stop in route.stops]
        assert places in (sorted(places), sorted(places, reverse=True))
        assert route.stops[1].leaves_at >= route.stops[0].ends_at

    def test_what_is_due_first_comes_first(self) -> None:
        far = job(3, latest=0.6)
        route = best_route([job(1), job(2), far], freelancer(), NOW)
        assert route is not None
        assert route.stops[0].job is far

    def test_there_is_none_that_is_too_long(self) -> None:
        short = freelancer(available=[(NOW, NOW + timedelta(hours=2))])
        assert best_route([job(1), job(2)], short, NOW) is None

    def test_pays_every_minute_of_work_and_way_once(self) -> None:
        route = best_route([job(1), job(2)], freelancer(), NOW)
        assert route is not None
        assert sum(route.pays(freelancer())) == pytest.approx(
            2 * 3600 + route.travel_seconds, abs=2
        )


class TestOfferBundle:
    def test_asks_the_best_three_for_all_of_it(self, session: Session) -> None:
        for _ in range(4):
            make_freelancer(session)
        visits = [near(session, n) for n in (1, 2, 3)]
        made = service.offer_bundle(session, [visit.id for visit in visits])
        assert len(made) == 9
        assert {one.visit_id for one in made} == {visit.id for visit in visits}
        assert len({one.bundle_id for one in made}) == 1
        by_person = [o for o in made if o.technician_id == made[0].technician_id]
        assert len({one.expires_at for one in by_person}) == 1

    def test_nobody_who_can_do_only_a_part(self, session: Session) -> None:
        make_freelancer(session, skills={"boiler": 1})
        assert service.offer_bundle(session, [near(session, n).id for n in (1, 2)]) == []

    def test_one_visit_is_no_bundle(self, session: Session) -> None:
        key = near(session, 1).id
        with pytest.raises(Invalid, match="several"):
            service.offer_bundle(session, [key, key])


class TestAcceptBundle:
    def test_takes_all_of_it(self, session: Session) -> None:
        person, _ = make_freelancer(session), make_freelancer(session)
        visits = [near(session, n) for n in (1, 2, 3)]
        made = service.offer_bundle(session, [visit.id for visit in visits])
        bundle_id = made[0].bundle_id
        assert bundle_id is not None
        taken = offers.accept_bundle(session, bundle_id, person.id)
        again = offers.accept_bundle(session, bundle_id, person.id)
        assert statuses(taken) == {"accepted"}
        assert [o.assignment_id for o in taken] == [o.assignment_id for o in again]
        others = [one for one in made if one.technician_id != person.id]
        for one in others:
            session.refresh(one)
        assert statuses(others) == {"filled"}
        for visit in visits:
            session.refresh(visit)
            assert visit.status is VisitStatus.ACCEPTED

    def test_or_nothing(self, session: Session) -> None:
        person = make_freelancer(session)
        visits = [near(session, n) for n in (1, 2)]
        made = service.offer_bundle(session, [visit.id for visit in visits])
        staff = make_technician(session, skills={"boiler": 3})
        staffing.assign(session, visits[1].id, [staff.id], made[1].starts_at, source="dispatcher")
        with session.begin_nested() as attempt:
            with pytest.raises(Conflict) as refusal:
                offers.accept_bundle(session, made[0].bundle_id, person.id)
            attempt.rollback()
        session.refresh(visits[0])
        assert refusal.value.code == "offer_taken"
        assert visits[0].status is VisitStatus.UNSCHEDULED

    def test_one_part_alone_is_refused(self, session: Session) -> None:
        person = make_freelancer(session)
        made = service.offer_bundle(session, [near(session, n).id for n in (1, 2)])
        with pytest.raises(Conflict) as refusal:
            offers.accept(session, made[0].id, person.id)
        assert refusal.value.code == "offer_bundled"

    def test_somebody_elses_does_not_exist(self, session: Session) -> None:
        make_freelancer(session)
        made = service.offer_bundle(session, [near(session, n).id for n in (1, 2)])
        with pytest.raises(NotFound):
            offers.accept_bundle(session, made[0].bundle_id, make_freelancer(session).id)


def test_a_bundle_that_lost_a_part_is_taken_back(session: Session, run_jobs: RunJobs) -> None:
    make_freelancer(session)
    visits = [near(session, n) for n in (1, 2)]
    made = service.offer_bundle(session, [visit.id for visit in visits])
    offers.withdraw(session, made[0].id)
    run_jobs()
    session.refresh(made[1])
    assert made[1].status is OfferStatus.WITHDRAWN


def test_over_http(session: Session, client: Client) -> None:
    person = make_freelancer(session)
    keys = [str(near(session, n).id) for n in (1, 2)]
    desk = client(principals.dispatcher())
    made = desk.post("/api/bundles", json={"visit_ids": keys}).json()
    assert [one["kind"] for one in made] == ["bundle", "bundle"]
    phone = client(principals.technician_principal(person))
    cards = phone.get("/api/technician/offers").json()
    assert {card["bundle_id"] for card in cards} == {made[0]["bundle_id"]}
    assert {move for card in cards for move in card["moves"]} == {"accept", "decline"}
    url = f"/api/technician/bundles/{made[0]['bundle_id']}/decline"
    assert {one["status"] for one in phone.post(url, json={}).json()} == {"declined"}
    assert not list(session.scalars(select(Offer).where(Offer.status.in_(OPEN))))
