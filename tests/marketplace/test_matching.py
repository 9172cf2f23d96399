"""Who may be asked, when, at what pay, and who first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.travel.times import travel_times
from kernel.geo import Point
from marketplace.crowd.matching import (
    Candidate,
    Freelancer,
    Job,
    Refusal,
    SkillHeld,
    judge,
    judge_unhurried,
    last_start,
    lifetime,
    pay,
    propose_start,
    rank,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOME = Point(52.52, 13.405)
NEAR = Point(52.53, 13.41)


def job(**over: Any) -> Job:
    values: dict[str, Any] = {
        "visit_id": uuid4(),
        "place": NEAR,
        "skills": [("boiler", 2)],
        "credentials": [],
        "minutes": 60,
        "ready_at": NOW + timedelta(minutes=10),
        "earliest": NOW,
        "latest": NOW + 8 * HOUR,
    }
    return Job(**{**values, **over})


def freelancer(**over: Any) -> Freelancer:
    values: dict[str, Any] = {
        "technician_id": uuid4(),
        "employment": "freelance",
        "active": True,
        "home": HOME,
        "max_travel_km": 30,
        "hourly_cents": 6000,
        "travel_cents_per_hour": 3000,
        "currency": "EUR",
        "skills": [SkillHeld("boiler", 3)],
        "available": [(NOW - HOUR, NOW + 9 * HOUR)],
    }
    return Freelancer(**{**values, **over})


def code_of(wanted: Job, person: Freelancer) -> str:
    verdict = judge(wanted, person)
    assert isinstance(verdict, Refusal)
    return verdict.code


class TestJudge:
    def test_proposes_the_first_arrival_that_leaves_time_to_answer(self) -> None:
        verdict = judge(job(), freelancer())
        assert isinstance(verdict, Candidate)
        assert verdict.leaves_at == NOW + timedelta(minutes=10)
        assert verdict.ends_at - verdict.starts_at == HOUR

    def test_refuses_staff(self) -> None:
        assert code_of(job(), freelancer(employment="in_house")) == "not_a_freelancer"

    def test_accepts_partners(self) -> None:
        assert isinstance(judge(job(), freelancer(employment="partner")), Candidate)

    def test_refuses_the_inactive(self) -> None:
        assert code_of(job(), freelancer(active=False)) == "inactive"

    def test_refuses_a_level_that_is_too_low(self) -> None:
        person = freelancer(skills=[SkillHeld("boiler", 1)])
        assert code_of(job(), person) == "skill_missing"

    def test_refuses_a_skill_that_has_run_out_before_the_visit(self) -> None:
        person = freelancer(skills=[SkillHeld("boiler", 3, valid_until=NOW)])
        assert code_of(job(), person) == "skill_missing"

    def test_refuses_a_skill_that_starts_after_the_visit(self) -> None:
        person = freelancer(skills=[SkillHeld("boiler", 3, valid_from=NOW + 10 * HOUR)])
        assert code_of(job(), person) == "skill_missing"

    def test_refuses_a_missing_credential(self) -> None:
        assert code_of(job(credentials=["gas"]), freelancer()) == "credential_missing"

    def test_refuses_a_credential_that_ends_during_the_visit(self) -> None:
        person = freelancer(credentials={"gas": NOW + timedelta(minutes=30)})
        assert code_of(job(credentials=["gas"]), person) == "credential_expired"

    def test_accepts_a_credential_without_end(self) -> None:
        person = freelancer(credentials={"gas": None})
        assert isinstance(judge(job(credentials=["gas"]), person), Candidate)

    def test_refuses_who_lives_too_far_away(self) -> None:
        assert code_of(job(place=Point(53.5, 13.4)), freelancer()) == "too_far"

    def test_refuses_the_excluded(self) -> None:
        person = freelancer()
        assert code_of(job(excluded=frozenset({person.technician_id})), person) == "excluded"

    def test_refuses_others_when_somebody_is_required(self) -> None:
        assert code_of(job(required=frozenset({uuid4()})), freelancer()) == "not_required"

    def test_refuses_who_is_busy_the_whole_window(self) -> None:
        person = freelancer(busy=[(NOW, NOW + 9 * HOUR)])
        assert code_of(job(), person) == "not_free"

    def test_slower_people_are_given_more_time_for_the_same_pay(self) -> None:
        slow = judge(job(), freelancer(speed_pct=50))
        fast = judge(job(), freelancer())
        assert isinstance(slow, Candidate)
        assert isinstance(fast, Candidate)
        assert slow.ends_at - slow.starts_at == 2 * HOUR
        assert slow.pay_cents == fast.pay_cents


class TestJudgeUnhurried:
    def test_nobody_has_to_leave_before_the_offer_has_run_out(self) -> None:
        verdict = judge_unhurried(job(), freelancer(), NOW + HOUR)
        assert isinstance(verdict, Candidate)
        assert verdict.leaves_at == NOW + HOUR

    def test_there_may_be_no_time_for_that(self) -> None:
        soon, person = job(latest=NOW + HOUR), freelancer()
        hurried = judge_unhurried(soon, person, NOW + 2 * HOUR)
        assert isinstance(hurried, Candidate)
        assert hurried == judge(soon, person)


class TestProposeStart:
    TRAVEL = timedelta(minutes=20)

    def test_starts_after_busy_time_and_the_way(self) -> None:
        person = freelancer(busy=[(NOW, NOW + 2 * HOUR)])
        start = propose_start(job(), person, self.TRAVEL, HOUR)
        assert start == NOW + 2 * HOUR + self.TRAVEL

    def test_skips_a_gap_that_is_too_short(self) -> None:
        person = freelancer(
            busy=[(NOW, NOW + HOUR), (NOW + 2 * HOUR, NOW + 3 * HOUR)],
        )
        start = propose_start(job(), person, self.TRAVEL, HOUR)
        assert start == NOW + 3 * HOUR + self.TRAVEL

    def test_none_when_availability_ends_too_early(self) -> None:
        person = freelancer(available=[(NOW, NOW + timedelta(minutes=59))])
        assert propose_start(job(), person, timedelta(0), HOUR) is None

    def test_waits_for_the_window(self) -> None:
        wanted = job(earliest=NOW + 3 * HOUR)
        assert propose_start(wanted, freelancer(), self.TRAVEL, HOUR) == NOW + 3 * HOUR

    @given(
        busy=st.lists(
            st.tuples(st.integers(0, 500), st.integers(1, 200)),
            max_size=6,
        ),
        travel=st.integers(0, 90),
        work=st.integers(5, 240),
    )
    def test_a_proposal_never_touches_busy_time(
        self, busy: list[tuple[int, int]], travel: int, work: int
    ) -> None:
        def minutes(count: int) -> timedelta:
            return timedelta(minutes=count)

        taken = [(NOW + minutes(a), NOW + minutes(a + length)) for a, length in busy]
        person = freelancer(busy=taken)
        first = propose_start(job(), person, minutes(travel), minutes(work))
        last = last_start(job(), person, minutes(travel), minutes(work))
        assert (first is None) == (last is None)
        if first is None or last is None:
            return
        assert first <= last
        for start in (first, last):
            leaves, ends = start - minutes(travel), start + minutes(work)
            assert leaves >= NOW + minutes(10)
            assert start <= NOW + 8 * HOUR
            assert ends <= NOW + 9 * HOUR
            assert all(ends <= begins or until <= leaves for begins, until in taken)


class TestLastStart:
    def test_ends_with_the_free_time_before_other_work(self) -> None:
        person = freelancer(busy=[(NOW + 7 * HOUR, NOW + 9 * HOUR)])
        assert last_start(job(), person, HOUR, HOUR) == NOW + 6 * HOUR

    def test_is_the_end_of_the_window_where_there_is_time(self) -> None:
        assert last_start(job(), freelancer(), HOUR, HOUR) == NOW + 8 * HOUR


class TestPay:
    def test_pays_expected_minutes_and_the_way_there_and_back(self) -> None:
        cents = pay(freelancer(), minutes=90, way=timedelta(hours=1), wave=1)
        assert cents == 9000 + 3000

    @pytest.mark.parametrize(("wave", "cents"), [(1, 6000), (2, 6600), (3, 7200)])
    def test_each_wave_pays_ten_per_cent_more(self, wave: int, cents: int) -> None:
        assert pay(freelancer(), minutes=60, way=timedelta(0), wave=wave) == cents

    def test_rounds_half_a_cent_up(self) -> None:
        person = freelancer(hourly_cents=30)
        assert pay(person, minutes=1, way=timedelta(0), wave=1) == 1


class TestRank:
    def test_new_people_then_preferred_then_near_then_cheap(self) -> None:
        keys = [UUID(int=n) for n in range(5)]
        base = Candidate(keys[0], NOW, NOW + HOUR, 1000.0, 600, 1200, 6000, "EUR", False, False)
        asked = replace(base, technician_id=keys[1], asked_before=True, distance_m=1.0)
        preferred = replace(base, technician_id=keys[2], preferred=True, distance_m=9000.0)
        cheaper = replace(base, technician_id=keys[3], pay_cents=5000)
        nearer = replace(base, technician_id=keys[4], distance_m=500.0)
        ranked = rank([asked, base, cheaper, nearer, preferred])
        assert ranked == [preferred, nearer, cheaper, base, asked]


class TestLifetime:
    def test_an_emergency_stands_ten_minutes(self) -> None:
        assert lifetime(NOW, NOW + 48 * HOUR, is_emergency=True) == timedelta(minutes=10)

    @pytest.mark.parametrize(
        ("ahead", "life"),
        [
            (timedelta(minutes=5), timedelta(minutes=10)),
            (timedelta(hours=3), timedelta(minutes=30)),
            (timedelta(days=3), timedelta(hours=2)),
        ],
    )
    def test_a_sixth_of_the_time_left_within_bounds(
        self, ahead: timedelta, life: timedelta
    ) -> None:
        assert lifetime(NOW, NOW + ahead, is_emergency=False) == life


def test_the_way_is_the_one_that_planning_counts_with() -> None:
    verdict = judge(job(), freelancer())
    assert isinstance(verdict, Candidate)
    assert verdict.travel_seconds == travel_times().between(HOME, NEAR)
