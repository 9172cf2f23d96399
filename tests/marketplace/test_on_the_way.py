"""A job beside one that somebody has already: when it is proposed, and what its way is worth."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.lifecycle import AssignmentSource
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.staffing import service as staffing
from dispatch.technicians.models import Technician
from dispatch.travel.times import travel_times
from kernel import clock
from kernel.db import get
from kernel.geo import Point
from marketplace.crowd.matching import Candidate, Freelancer, Job, OwnJob, SkillHeld, judge, pay
from marketplace.crowd.on_the_way import on_the_way
from marketplace.estimates import queries as answers
from marketplace.offers import service as offers
from marketplace.waves import service
from tests import principals
from tests.client import ApiClient
from tests.factories.customers import make_site
from tests.factories.marketplace import make_freelancer
from tests.factories.work_orders import make_visit

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
HOME, OWN, NEAR = Point(52.50, 13.40), Point(52.58, 13.40), Point(52.59, 13.40)
ONE = OwnJob(uuid4(), OWN, NOW + 4 * HOUR, NOW + 5 * HOUR)
PERSON = Freelancer(
    technician_id=uuid4(),
    employment="freelance",
    active=True,
    home=HOME,
    max_travel_km=30,
    hourly_cents=6000,
    travel_cents_per_hour=3600,
    currency="EUR",
    skills=[SkillHeld("boiler", 1)],
    available=[(NOW + 2 * HOUR, NOW + 12 * HOUR)],
    own_jobs=[ONE],
)
JOB = Job(uuid4(), NEAR, [("boiler", 1)], (), 60, NOW, NOW, NOW + 12 * HOUR)
Client = Callable[..., ApiClient]


def seconds(origin: Point, target: Point) -> int:
    return int(travel_times().between(origin, target))


def beside(
    job: Job = JOB,
    person: Freelancer = PERSON,
    *,
    leaves_from: datetime = NOW,
) -> Candidate | None:
    leaves = [
        own.starts_at - timedelta(seconds=seconds(HOME, own.place)) for own in person.own_jobs
    ]
    taken = [(a, own.ends_at) for a, own in zip(leaves, person.own_jobs, strict=True)]
    person = replace(person, busy=[*person.busy, *taken])
    alone = judge(job, person)
    assert isinstance(alone, Candidate), alone
    return on_the_way(job, person, alone, leaves_from=leaves_from)


class TestOnTheWay:
    def test_follows_the_own_job_and_pays_the_way_that_it_adds(self) -> None:
        found = beside(leaves_from=NOW + 4 * HOUR)
        assert found is not None
        assert found.leaves_at >= ONE.ends_at
        assert found.leaves_at - ONE.ends_at < MINUTE
        assert found.travel_seconds == seconds(OWN, NEAR)
        added = seconds(OWN, NEAR) + seconds(NEAR, HOME) - seconds(HOME, OWN)
        assert found.way_seconds == added
        way = timedelta(seconds=added)
        assert found.pay_cents == pay(PERSON, minutes=60, way=way, wave=1, hourly_cents=6000)
        assert found.beside_visit_id == ONE.visit_id

    def test_what_is_saved_is_owed_if_the_own_job_falls_away(self) -> None:
        found, alone = beside(), judge(JOB, PERSON)
        assert found is not None
        assert isinstance(alone, Candidate)
        assert found.pay_cents + found.apart_cents == alone.pay_cents

    def test_comes_before_the_own_job_where_that_is_less_way(self) -> None:
        on_route = replace(JOB, place=Point(52.54, 13.40), latest=NOW + 4 * HOUR)
        found = beside(on_route)
        assert found is not None
        assert found.ends_at <= ONE.starts_at - timedelta(seconds=seconds(HOME, OWN))
        assert found.travel_seconds == seconds(HOME, on_route.place)

    def test_not_where_it_saves_little(self) -> None:
        assert beside(replace(JOB, place=Point(52.26, 13.40))) is None

    def test_not_after_a_pause_in_which_people_go_home(self) -> None:
        late = replace(JOB, earliest=NOW + 7 * HOUR)
        assert beside(late) is None

    def test_not_before_the_offer_has_run_out_or_after_the_last_start(self) -> None:
        assert beside(leaves_from=NOW + 8 * HOUR) is None
        due = replace(JOB, latest=NOW + 5 * HOUR)
        assert beside(due, leaves_from=NOW + 4 * HOUR) is None

    def test_not_while_the_person_is_away_or_without_hours(self) -> None:
        after = NOW + 5 * HOUR
        away = replace(PERSON, busy=[(after, NOW + 7 * HOUR)])
        assert beside(person=away, leaves_from=NOW + 4 * HOUR) is None
        closes = replace(PERSON, available=[(NOW + 2 * HOUR, after + HOUR)])
        assert beside(person=closes, leaves_from=NOW + 4 * HOUR) is None

    def test_somebody_without_jobs_comes_from_home(self) -> None:
        assert beside(person=replace(PERSON, own_jobs=())) is None


@pytest.fixture
def own_job(session: Session) -> tuple[UUID, Assignment]:
    """A freelancer at the south end of town, who has a job at the north end from ten to eleven."""
    clock.freeze(session, NOW)
    person = make_freelancer(session, latitude=52.50, longitude=13.40)
    visit = make_visit(session, site=make_site(session, latitude=52.58, longitude=13.40))
    [assignment] = staffing.assign(
        session, visit.id, [person.id], NOW + 4 * HOUR, source=AssignmentSource.OFFER
    )
    return person.id, assignment


class TestOffers:
    def test_an_offer_beside_an_own_job_says_so(
        self, session: Session, own_job: tuple[UUID, Assignment], client: Client
    ) -> None:
        technician_id, own = own_job
        north = make_site(session, latitude=52.59, longitude=13.40)
        [made] = service.offer_visit(session, make_visit(session, site=north).id)
        assert made.technician_id == technician_id
        assert made.beside_visit_id == own.visit_id
        assert made.way_seconds is not None
        assert made.way_seconds < 2 * seconds(HOME, NEAR)
        phone = client(principals.technician_principal(get(session, Technician, technician_id)))
        [card] = phone.get("/api/technician/offers").json()
        assert card["beside_visit_id"] == str(own.visit_id)
        whole = made.expected_minutes * 60 + made.way_seconds
        assert card["pay_cents_per_hour"] == round(made.pay_cents * 3600 / whole)

    def test_taken_it_lies_right_after_the_own_job(
        self, session: Session, own_job: tuple[UUID, Assignment]
    ) -> None:
        technician_id, _ = own_job
        north = make_site(session, latitude=52.59, longitude=13.40)
        [made] = service.offer_visit(session, make_visit(session, site=north).id)
        offers.accept(session, made.id, technician_id)
        taken = session.scalars(
            select(Assignment).where(Assignment.visit_id == made.visit_id)
        ).one()
        assert taken.travel_seconds == made.travel_seconds
        [case] = answers.list_answers(session, NOW)
        assert case.ask.travel_seconds == (made.way_seconds or 0) // 2

    def test_after_it_where_there_is_no_time_before(self, session: Session) -> None:
        clock.freeze(session, NOW + 2 * HOUR)
        person = make_freelancer(session, latitude=52.50, longitude=13.40)
        first = make_visit(session, site=make_site(session, latitude=52.58, longitude=13.40))
        [own] = staffing.assign(
            session, first.id, [person.id], NOW + 3 * HOUR, source=AssignmentSource.OFFER
        )
        north = make_site(session, latitude=52.59, longitude=13.40)
        [made] = service.offer_visit(session, make_visit(session, site=north).id)
        assert made.beside_visit_id == first.id
        assert made.starts_at - own.ends_at - timedelta(seconds=made.travel_seconds) < MINUTE
        offers.accept(session, made.id, person.id)

    def test_a_pay_that_the_office_names_is_for_coming_from_home(
        self, session: Session, own_job: tuple[UUID, Assignment]
    ) -> None:
        north = make_site(session, latitude=52.59, longitude=13.40)
        [made] = service.offer_visit(session, make_visit(session, site=north).id, pay_cents=20_000)
        assert (made.beside_visit_id, made.apart_cents) == (None, 0)
