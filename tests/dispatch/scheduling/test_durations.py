"""How long work takes: learned from visits, clamped, and nothing to judge anybody by."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.checks.queries import work_time
from dispatch.scheduling.durations import service
from dispatch.scheduling.durations.learning import (
    FEWEST_OF_PERSON,
    FEWEST_OF_TYPE,
    access,
    interval,
    of_person,
    of_type,
    speed_pct,
)
from dispatch.scheduling.durations.models import LearnedAccess, LearnedDuration
from dispatch.scheduling.durations.queries import worked_since
from dispatch.scheduling.moves.service import move
from dispatch.technicians.models import Technician
from dispatch.work_orders.lifecycle import VisitStatus
from kernel import audit, clock
from kernel.settings import settings
from tests.client import ApiClient
from tests.factories.scheduling import MONDAY, Town, make_planned, make_town, make_waiting
from tests.principals import call_agent

MakeClient = Callable[..., ApiClient]
MINUTE = timedelta(minutes=1)
V = VisitStatus


@pytest.fixture(autouse=True)
def _settings_restored() -> Iterator[None]:
    before = settings().learned_durations
    yield
    settings().learned_durations = before


def work(
    session: Session, town: Town, who: Technician, number: int, minutes: float, way_in: float = 4
) -> None:
    """One visit done on a day of its own."""
    at = MONDAY - timedelta(days=1 + number) + (town.technicians.index(who)) * 3 * 60 * MINUTE
    visit, row = make_planned(session, town, who, at, source="dispatcher")
    visit.on_site_at, visit.started_at = at, at + way_in * MINUTE
    visit.finished_at = at + (way_in + minutes) * MINUTE
    for status in (V.DISPATCHED, V.EN_ROUTE, V.ON_SITE, V.IN_PROGRESS, V.COMPLETED):
        visit.status = status
        session.flush()
    for state in (AssignmentStatus.ACTIVE, AssignmentStatus.DONE):
        row.status = state
        session.flush()


class TestLearning:
    def test_needs_enough_visits(self) -> None:
        assert of_type([150] * (FEWEST_OF_TYPE - 1), 130) is None
        assert of_type([150] * FEWEST_OF_TYPE, 130) is not None

    def test_is_drawn_to_the_standard_and_kept_within_half_and_twice_of_it(self) -> None:
        found = of_type([150] * 20, 130)
        assert found is not None
        assert found.p50 == 125
        slow = of_type([390] * 1000, 130)
        assert slow is not None
        assert (slow.p50, slow.p80) == (200, 200)
        quick = of_type([25] * 1000, 130)
        assert quick is not None
        assert quick.p50 == 50

    def test_leaves_out_what_was_something_else(self) -> None:
        found = of_type([100] * 30 + [5, 900, 2000], 130)
        assert found is not None
        assert (found.p50, found.visits) == (100, 30)

    def test_interval_holds_the_median_and_narrows(self) -> None:
        low, high = interval(list(range(100)))
        assert low < 49.5 < high
        wide, narrow = interval(list(range(20))), interval(list(range(2000)))
        assert (narrow[1] - narrow[0]) / 2000 < (wide[1] - wide[0]) / 20

    def test_of_a_person_needs_others_and_is_drawn_to_them(self) -> None:
        whole = of_type([100] * 200, 130)
        assert whole is not None
        assert of_person([80] * 100, 2, whole) is None
        assert of_person([80] * (FEWEST_OF_PERSON - 1), 3, whole) is None
        found = of_person([80] * 20, 3, whole)
        assert found is not None
        assert found.p50 == 90

    def test_speed_weighs_types_by_visits(self) -> None:
        assert speed_pct([]) is None
        assert speed_pct([(20, 80, 100)]) == 125
        assert speed_pct([(20, 80, 100), (60, 100, 100)]) == 105
        assert speed_pct([(20, 500, 100)]) == 50

    def test_access_keeps_apart_what_is_no_access(self) -> None:
        assert access([3, 4], 5) is None
        found = access([2, 4, 4, 6, 4, 500], 5)
        assert found is not None
        assert (found.p50, found.visits) == (4, 5)


class TestLearn:
    @pytest.fixture
    def town(self, session: Session) -> Town:
        return make_town(session, technicians=3, days=0)

    def fill(self, session: Session, town: Town, each: int = 20) -> None:
        """The first takes 60 of 60 minutes, the others 90."""
        for number in range(each):
            for place, who in enumerate(town.technicians):
                work(session, town, who, number, 60 if place == 0 else 90)

    def test_plans_new_visits_with_what_was_learned(self, session: Session, town: Town) -> None:
        self.fill(session, town)
        assert service.learn(session) == 1
        row = session.scalars(
            select(LearnedDuration).where(LearnedDuration.technician_id.is_(None))
        ).one()
        assert row.visits == 60
        assert 130 < row.p50_pct <= 150
        visit = make_waiting(session, town)
        site_access = session.scalars(
            select(LearnedAccess).where(LearnedAccess.territory_id == town.territory.id)
        ).one()
        assert site_access.p50_minutes == 4
        assert visit.duration_minutes == pytest.approx(60 * row.p50_pct / 100 + 4, abs=1)
        assert visit.p80_minutes >= visit.duration_minutes

    def test_knows_who_is_quicker_for_the_planner_alone(
        self, session: Session, town: Town, client: MakeClient
    ) -> None:
        self.fill(session, town)
        service.learn(session)
        quick, slow = town.technicians[0], town.technicians[1]
        assert quick.planning_speed_pct > 110 > slow.planning_speed_pct
        visit = make_waiting(session, town)
        assert work_time(session, visit, quick) < work_time(session, visit, slow)
        changes = [entry.changes for entry in audit.history(session, quick.id)]
        assert all("learned_speed_pct" not in change for change in changes)
        shown = client(call_agent()).get("/api/insights/durations")
        assert str(quick.id) not in shown.text
        [kind] = [k for k in shown.json()["work_types"] if k["visits"]]
        assert kind["low_minutes"] <= kind["p50_minutes"] <= kind["high_minutes"]
        assert kind["standard_minutes"] == 60

    def test_can_be_switched_off(self, session: Session, town: Town) -> None:
        self.fill(session, town)
        service.learn(session)
        settings().learned_durations = "type"
        assert town.first.planning_speed_pct == town.first.speed_pct
        service.learn(session)
        assert town.first.learned_speed_pct is None
        assert make_waiting(session, town).duration_minutes > 60
        settings().learned_durations = "off"
        assert make_waiting(session, town).duration_minutes == 60
        assert service.learn(session) == 0
        assert session.scalars(select(LearnedDuration)).all() == []

    def test_again_gives_the_same(self, session: Session, town: Town) -> None:
        self.fill(session, town, each=8)

        def percents() -> list[float]:
            rows = session.scalars(select(LearnedDuration).order_by(LearnedDuration.p50_pct))
            return [row.p50_pct for row in rows]

        service.learn(session)
        first = percents()
        service.learn(session)
        assert percents() == first != []


class TestPauses:
    def test_are_no_work(self, session: Session) -> None:
        town = make_town(session, technicians=1)
        visit, _ = make_planned(session, town, town.first, MONDAY, source="dispatcher")
        steps = [(V.DISPATCHED, 0), (V.EN_ROUTE, 0), (V.ON_SITE, 5), (V.IN_PROGRESS, 8)]
        steps += [(V.PAUSED, 20), (V.IN_PROGRESS, 50), (V.PAUSED, 60), (V.COMPLETED, 70)]
        for to, minute in steps:
            clock.freeze(session, MONDAY + minute * MINUTE)
            move(session, visit.id, to)
        assert visit.paused_seconds == 40 * 60
        [worked] = worked_since(session, MONDAY)
        assert (worked.access_minutes, worked.work_minutes) == (3, 22)
