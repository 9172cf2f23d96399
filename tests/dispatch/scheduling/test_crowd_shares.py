"""Who comes first, one's own or freelancers, and how much freelancers may have."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from dispatch.scheduling.crowd_shares.counting import Bounds, Counted, Shares
from dispatch.scheduling.crowd_shares.ports import crowd_asked
from dispatch.scheduling.crowd_shares.queries import (
    full_share,
    shares_by_territory,
    used_up,
)
from dispatch.scheduling.plans.models import Plan
from dispatch.scheduling.plans.service import request_plan
from dispatch.scheduling.plans.solving import run_plan
from dispatch.scheduling.policies.lifecycle import CrowdOrder
from dispatch.scheduling.policies.queries import policies_in_force
from dispatch.scheduling.policies.rules import Rules
from dispatch.scheduling.problems.build import Built, build_for_plan
from dispatch.scheduling.problems.queries import load_demand, load_staff
from dispatch.scheduling.slots.grid import Span
from dispatch.scheduling.staffing.service import assign
from dispatch.scheduling.tentative.dates import open_days
from tests.client import app
from tests.factories.marketplace import make_freelancer
from tests.factories.scheduling import MONDAY, Town, make_town, make_waiting, quickly, use_rules

HOUR = timedelta(hours=1)
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def wired() -> None:
    app()  # wires every port


def counted(
    count: int, *, crowd: int = 0, day: date = TODAY, kind: str = "boiler"
) -> list[Counted]:
    return [Counted(uuid4(), kind, day, with_crowd=n < crowd) for n in range(count)]


def shares_of(visits: list[Counted], **rules: Any) -> Shares:
    return Shares(Rules(**rules), "Berlin", UTC, {"boiler": "Boiler repair"}, visits)


class TestShares:
    def test_leave_what_the_percentage_of_all_visits_leaves(self) -> None:
        shares = shares_of(counted(11, crowd=1), crowd_share_pct=30)
        [share] = shares.of(TODAY, ["boiler"])
        assert (share.visits, share.with_crowd, share.room) == (11, 1, 2)

    def test_count_some_days_up_to_the_visits_own(self) -> None:
        visits = [
            one for n in range(-3, 2) for one in counted(2, crowd=1, day=TODAY + timedelta(days=n))
        ]
        shares = shares_of(visits, crowd_share_pct=50, crowd_share_days=3)
        [share] = shares.of(TODAY, [])
        assert (share.visits, share.with_crowd, share.room) == (6, 3, 0)

    def test_bind_a_work_type_beside_the_territory(self) -> None:
        visits = counted(10, crowd=2) + counted(10, kind="lift")
        shares = shares_of(visits, crowd_share_pct=50, crowd_share_pct_by_work_type={"boiler": 20})
        rooms = {share.name: share.room for share in shares.of(TODAY, ["boiler", "lift"])}
        assert rooms == {"Berlin": 8, "Boiler repair": 0}
        boiler, lift = visits[5], visits[15]
        found = full_share(shares, {boiler.visit_id: TODAY})
        assert found is not None
        assert found.sentence.startswith("The freelancers' share of Boiler repair is used up")
        assert full_share(shares, {lift.visit_id: TODAY}) is None

    def test_a_visit_that_is_asked_about_counts_as_a_visit_alone(self) -> None:
        visits = counted(4, crowd=1)
        shares = shares_of(visits, crowd_share_pct=25)
        assert full_share(shares, {visits[0].visit_id: TODAY}) is None
        assert full_share(shares, {visits[1].visit_id: TODAY}) is not None
        both = {one.visit_id: TODAY for one in visits[:2]}
        assert full_share(shares, both) is not None


class TestOpenDays:
    def test_follow_the_order_of_the_crowd(self) -> None:
        at = datetime(2026, 3, 2, 8, tzinfo=UTC)
        spans = [Span(at + n * 4 * HOUR, at + (n * 4 + 2) * HOUR) for n in (0, 1, 6)]
        firm = [at + 4 * HOUR]
        assert open_days(spans, firm, UTC) == [spans[2]]
        assert open_days(spans, firm, UTC, CrowdOrder.IN_HOUSE_FIRST) == []
        assert open_days(spans, [], UTC, CrowdOrder.IN_HOUSE_FIRST) == spans
        assert open_days(spans, firm, UTC, CrowdOrder.FASTEST) == [spans[0], spans[2]]


class TestUsedUp:
    def test_counts_what_freelancers_have_and_are_asked_for(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        freelancer = make_freelancer(session, town.territory)
        own, theirs, asked, wanted = (make_waiting(session, town) for _ in range(4))
        assign(session, own.id, [town.first.id], MONDAY + HOUR, source="plan")
        at = {wanted.id: MONDAY + 5 * HOUR}
        assert used_up(session, at) is None, "nothing bounds it"
        use_rules(session, town.territory, crowd_share_pct=50)
        assert used_up(session, at) is None
        assign(session, theirs.id, [freelancer.id], MONDAY + 3 * HOUR, source="offer")
        assert used_up(session, at) is None
        with crowd_asked.wired(lambda session, territory_id: {asked.id: MONDAY + 4 * HOUR}):
            share = used_up(session, at)
        assert share is not None
        assert (share.visits, share.with_crowd, share.pct) == (4, 2, 50)

    def test_a_visit_without_a_territory_has_no_share(self, session: Session) -> None:
        town = make_town(session)
        visit = make_waiting(session, town)
        use_rules(session, None, crowd_share_pct=0)
        assert used_up(session, {visit.id: MONDAY}) is not None
        visit.territory_id = None
        session.flush()
        assert used_up(session, {visit.id: MONDAY}) is None


def built_for(session: Session, town: Town) -> Built:
    ids, end = [town.territory.id], MONDAY + timedelta(days=1)
    staff = load_staff(session, ids, MONDAY, end)
    shares = shares_by_territory(session, policies_in_force(session), ids, MONDAY, end)
    demand = replace(load_demand(session, ids, MONDAY, end), bounds=Bounds(shares))
    return build_for_plan(staff, demand, MONDAY, end)


class TestPlanning:
    @pytest.fixture
    def town(self, session: Session) -> Town:
        """Our one technician has half an hour; freelancers could do everything."""
        town = make_town(session, technicians=1, hours=0.5)
        make_freelancer(session, town.territory)
        return town

    def solved(self, session: Session, town: Town) -> Mapping[UUID, Any]:
        plan: Plan = request_plan(session, territory_ids=[town.territory.id])
        session.flush()
        run_plan(plan.id, quickly)
        session.expire_all()
        return {UUID(left["visit_id"]): left for left in plan.unassigned}

    def test_asks_for_no_more_than_the_share(self, session: Session, town: Town) -> None:
        visits = [make_waiting(session, town) for _ in range(4)]
        use_rules(session, town.territory, crowd_share_pct=50)
        left = self.solved(session, town)
        assert set(left) == {visit.id for visit in visits}
        assert sum(one["asked"] is not None for one in left.values()) == 2
        kept = [one["share"] for one in left.values() if one["share"] is not None]
        assert [share["name"] for share in kept] == [town.territory.name] * 2
        assert "is used up" in kept[0]["sentence"]

    def test_a_share_of_one_kind_of_work_leaves_others_alone(
        self, session: Session, town: Town
    ) -> None:
        visit = make_waiting(session, town)
        use_rules(session, town.territory, crowd_share_pct_by_work_type={town.work_type.code: 0})
        left = self.solved(session, town)[visit.id]
        assert (left["asked"], left["share"]["name"]) == (None, town.work_type.name)

    def test_nothing_bounds_it_by_default(self, session: Session, town: Town) -> None:
        make_waiting(session, town)
        built = built_for(session, town)
        assert (built.problem.share_caps, built.bounds) == ((), {})
        [job] = built.problem.jobs
        assert job.crowd is not None
        assert (job.crowd.own_first, job.delay_cents_per_day) == (False, 0)

    def test_the_order_reaches_the_problem(self, session: Session, town: Town) -> None:
        make_waiting(session, town)
        use_rules(session, town.territory, crowd=CrowdOrder.IN_HOUSE_FIRST)
        [job] = built_for(session, town).problem.jobs
        assert job.crowd is not None
        assert job.crowd.own_first
        use_rules(session, town.territory, crowd=CrowdOrder.FASTEST)
        [job] = built_for(session, town).problem.jobs
        assert job.delay_cents_per_day == 12_000
