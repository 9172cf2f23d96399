"""The market benchmark: one month, the same luck for all, and secrets that stay secret."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pytest

from benchmarks.market.__main__ import bins, compare, figures
from benchmarks.market.people import draw_people
from benchmarks.market.plot import reliability
from benchmarks.market.policies import POLICIES, Ours
from benchmarks.market.visits import draw_visits
from benchmarks.market.world import Remembered, World, added_way
from dispatch.travel.times import travel_times
from kernel.geo import Point
from marketplace.crowd.matching import OwnJob
from marketplace.estimates.features import Ask

PEOPLE, VISITS = draw_people(16, 1), draw_visits(80, 1)


def played(name: str) -> World:
    with travel_times.wired(Remembered()):
        world = World(PEOPLE, VISITS, POLICIES[name]())
        world.play()
    return world


class Noting(Ours):
    """Ours, noting which questions were agreed to and which ended with coming or not."""

    def __init__(self) -> None:
        super().__init__()
        self.agreed: list[Ask] = []
        self.ended: list[Ask] = []

    def answered(self, ask: Ask, *, was_yes: bool, after: timedelta, now: datetime) -> None:
        super().answered(ask, was_yes=was_yes, after=after, now=now)
        if was_yes:
            self.agreed.append(ask)

    def came(self, ask: Ask, *, did_come: bool, now: datetime) -> None:
        super().came(ask, did_come=did_come, now=now)
        self.ended.append(ask)


class TestWorld:
    @pytest.mark.parametrize("name", POLICIES)
    def test_every_visit_is_done_and_nobody_is_in_two_places(self, name: str) -> None:
        world = played(name)
        assert all(case.is_over and case.began_at for case in world.cases)
        for spans in world._busy.values():
            ordered = sorted(spans)
            assert all(before[1] <= after[0] for before, after in pairwise(ordered))

    def test_the_same_seed_gives_the_same_month(self) -> None:
        first, second = (figures(played("ours"), PEOPLE, VISITS) for _ in range(2))
        assert first == second

    def test_staff_alone_asks_nobody(self) -> None:
        found = figures(played("in_house"), PEOPLE, VISITS)
        assert (found["crowd_pct"], found["offers_per_accepted"]) == (0, None)

    def test_coming_is_learned_from_the_question_as_it_was_asked(self) -> None:
        policy = Noting()
        with travel_times.wired(Remembered()):
            World(PEOPLE, VISITS, policy).play()
        assert policy.ended
        assert set(policy.ended) == set(policy.agreed)


class TestAddedWay:
    """What people weigh an offer by, under every policy."""

    HOME, THERE = Point(52.50, 13.40), Point(52.58, 13.40)
    TEN, HOUR = datetime(2026, 3, 2, 10, tzinfo=UTC), timedelta(hours=1)

    def added(self, starts: datetime) -> int:
        own = [OwnJob(uuid4(), self.THERE, self.TEN, self.TEN + self.HOUR)]
        return added_way(self.HOME, own, self.THERE, starts, starts + self.HOUR)

    def test_beside_an_own_job_at_the_same_place_there_is_none(self) -> None:
        assert self.added(self.TEN + self.HOUR) == 0
        assert self.added(self.TEN - self.HOUR) == 0

    def test_after_a_long_pause_it_is_from_home_and_back(self) -> None:
        way = travel_times().between
        whole = way(self.HOME, self.THERE) + way(self.THERE, self.HOME)
        assert self.added(self.TEN + 4 * self.HOUR) == whole


class TestSecrets:
    def test_no_policy_reads_how_people_behave(self) -> None:
        source = Path("benchmarks/market/policies.py")
        words = (Path(__file__).parents[2] / source).read_text()
        assert "hidden" not in words
        assert "benchmarks.market.people" not in words


class TestReport:
    def test_compares_with_the_ladder(self) -> None:
        ladder = {
            "sla_met_pct": 97.0, "cost_per_visit": 80.0, "offers_per_accepted": 6.0, "gini": 0.4
        }  # fmt: skip
        ours = {**ladder, "cost_per_visit": 70.0, "gini": 0.43}
        found = {line["figure"]: line for line in compare({"ours": ours, "fixed_ladder": ladder})}
        assert found["cost_per_visit"]["change"] == -12.5
        assert found["cost_per_visit"]["goal_reached"]
        assert not found["gini"]["floor_kept"]
        assert found["offers_per_accepted"]["floor_kept"]
        assert not found["offers_per_accepted"]["goal_reached"]

    def test_bins_hold_what_was_said_and_seen(self) -> None:
        rows = bins("ours", [(0.2, False)] * 50 + [(0.8, True)] * 50)
        assert sum(row["offers"] for row in rows) == 100
        assert (rows[0]["said_pct"], rows[0]["seen_pct"]) == (20.0, 0.0)
        assert reliability(rows).startswith("<svg")
