"""At which time of day somebody is proposed to come."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from kernel.geo import Point
from marketplace.crowd.matching import Candidate, Freelancer, Job, SkillHeld, judge
from marketplace.estimates.features import ACCEPT_PRIOR, SHOW_PRIOR
from marketplace.estimates.learning import Model, believed
from marketplace.estimates.service import Chances
from marketplace.waves.starts import best_start

MONDAY = datetime(2026, 3, 2, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PLACE = Point(52.52, 13.405)
ANNA = UUID(int=1)
JOB = Job(uuid4(), PLACE, [("boiler", 1)], (), 60, MONDAY, MONDAY, MONDAY + 3 * DAY)
PERSON = Freelancer(
    technician_id=ANNA,
    employment="freelance",
    active=True,
    home=PLACE,
    max_travel_km=30,
    hourly_cents=6000,
    travel_cents_per_hour=3000,
    currency="EUR",
    skills=[SkillHeld("boiler", 1)],
    available=[(MONDAY + n * DAY + 8 * HOUR, MONDAY + n * DAY + 20 * HOUR) for n in range(4)],
)
NOBODY_KNOWN, SHOW = believed(ACCEPT_PRIOR), believed(SHOW_PRIOR)


def chosen(job: Job, accept: Model, *, until: datetime = JOB.latest) -> datetime:
    first = judge(job, PERSON)
    assert isinstance(first, Candidate)
    start = best_start(
        job, PERSON, first, at=MONDAY, life=HOUR, until=until, chances=Chances(accept, SHOW)
    )
    assert start.ends_at - start.starts_at == first.ends_at - first.starts_at
    assert start.pay_cents == first.pay_cents
    return start.starts_at


def likes(daypart: str) -> Model:
    return replace(NOBODY_KNOWN, dayparts={(ANNA, daypart): 1.5})


class TestBestStart:
    def test_of_somebody_unknown_it_is_the_first(self) -> None:
        assert chosen(JOB, NOBODY_KNOWN) == MONDAY + 8 * HOUR

    def test_is_in_the_part_of_the_day_that_the_person_likes(self) -> None:
        assert chosen(JOB, likes("afternoon")) == MONDAY + 12 * HOUR
        assert chosen(JOB, likes("evening")) == MONDAY + 17 * HOUR

    def test_parts_of_a_day_are_those_of_the_site(self) -> None:
        there = replace(JOB, zone=ZoneInfo("Europe/Berlin"))
        assert chosen(there, likes("afternoon")) == MONDAY + 11 * HOUR

    def test_may_be_the_next_morning(self) -> None:
        evening = replace(JOB, ready_at=MONDAY + 18 * HOUR)
        assert chosen(evening, likes("morning")) == MONDAY + DAY + 8 * HOUR

    def test_is_never_too_late_to_ask_others_should_the_person_not_come(self) -> None:
        until = MONDAY + 16 * HOUR
        assert chosen(JOB, likes("evening"), until=until) == MONDAY + 8 * HOUR

    def test_keeps_to_free_time(self) -> None:
        noon = MONDAY + 12 * HOUR
        person = replace(PERSON, busy=[(noon, noon + HOUR)])
        first = judge(JOB, person)
        assert isinstance(first, Candidate)
        liked = Chances(likes("afternoon"), SHOW)
        start = best_start(
            JOB, person, first, at=MONDAY, life=HOUR, until=JOB.latest, chances=liked
        )
        assert start.starts_at == noon + HOUR
