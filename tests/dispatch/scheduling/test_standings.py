"""What a process keeps of the schedule to explain it is what the database says."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from dispatch.customers.models import Site
from dispatch.customers.service import update_site
from dispatch.scheduling.explanations.queries import explained
from dispatch.scheduling.explanations.standings import Standing, standing
from dispatch.scheduling.pins.models import PinKind
from dispatch.scheduling.pins.service import pin, unpin
from dispatch.scheduling.staffing.service import unassign
from dispatch.technicians.lifecycle import AbsenceKind
from dispatch.technicians.service import report_absence
from dispatch.work_orders.models import Visit
from kernel import clock
from optimizer.job import Job
from tests.conftest import Database
from tests.factories.scheduling import MONDAY, make_planned, make_town, make_waiting, use_rules

HOUR = timedelta(hours=1)

pytestmark = pytest.mark.committed


class City:
    """A committed town with a visit that waits and one that is planned."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.transaction() as session:
            town = make_town(session)
            self.territory_id = town.territory.id
            self.technician_id = town.first.id
            self.waiting = make_waiting(session, town, east=0.02).id
            self.planned = make_planned(session, town, town.first, MONDAY + 2 * HOUR)[0].id

    def standing(self, hours: int = 9) -> Standing:
        with self.database.transaction() as session:
            end = MONDAY + hours * HOUR
            return standing(session, [self.territory_id], clock.now(session), end)

    def job(self, visit_id: UUID) -> Job:
        return self.standing().built.problem.job_by_id[str(visit_id)]

    def trip_to(self, visit_id: UUID) -> int:
        problem = self.standing().built.problem
        place = problem.job_by_id[str(visit_id)].place
        return problem.travel.between(problem.shifts[0].start_place, place)


@pytest.fixture
def city(database: Database) -> City:
    return City(database)


class TestStanding:
    def test_is_kept_while_nothing_changes(self, city: City) -> None:
        assert city.standing() is city.standing()

    def test_is_another_for_another_horizon(self, city: City) -> None:
        assert city.standing() is not city.standing(hours=33)

    def test_knows_a_pin_and_that_it_is_gone(self, city: City, database: Database) -> None:
        before = city.job(city.planned)
        with database.transaction() as session:
            pin(session, city.planned, PinKind.TECHNICIAN, technician_id=city.technician_id)
        assert city.job(city.planned) != before
        with database.transaction() as session:
            unpin(session, city.planned)
        assert city.job(city.planned) == before

    def test_knows_that_somebody_is_away(self, city: City, database: Database) -> None:
        before = city.standing().built.problem.shifts
        with database.transaction() as session:
            report_absence(
                session, city.technician_id, MONDAY, MONDAY + 9 * HOUR, AbsenceKind.ILLNESS
            )
        assert len(city.standing().built.problem.shifts) == len(before) - 1

    def test_knows_where_a_site_is_now(self, city: City, database: Database) -> None:
        before = city.trip_to(city.waiting)
        with database.transaction() as session:
            site = session.get_one(Site, session.get_one(Visit, city.waiting).site_id)
            update_site(session, site, {"latitude": site.latitude + 0.1})
        assert city.trip_to(city.waiting) > before

    def test_knows_what_another_program_wrote(self, city: City, database: Database) -> None:
        assert city.job(city.waiting).duration_seconds != 95 * 60
        with database.transaction() as session:
            changed = "duration_minutes = 95, p80_minutes = 190, version = version + 1"
            session.execute(
                text(f"UPDATE visits SET {changed} WHERE id = :id"), {"id": city.waiting}
            )
        assert city.job(city.waiting).duration_seconds == 95 * 60

    def test_makes_only_what_has_changed(self, city: City, database: Database) -> None:
        before = city.standing().built
        with database.transaction() as session:
            pin(session, city.planned, PinKind.DAY, day=MONDAY.date())
        after = city.standing().built
        assert after.problem.travel is before.problem.travel
        made = [
            job is before.problem.job_by_id[key] for key, job in after.problem.job_by_id.items()
        ]
        assert sorted(made) == [False, True]

    def test_is_what_is_read_from_nothing(self, city: City, database: Database) -> None:
        city.standing()
        with database.transaction() as session:
            unassign(session, city.planned, "changed")
            report_absence(session, city.technician_id, MONDAY, MONDAY + HOUR, AbsenceKind.ILLNESS)
        kept = city.standing()
        with database.transaction() as session:
            read = Standing.read(
                session, [city.territory_id], clock.now(session), MONDAY + 9 * HOUR
            )
        assert kept.built.problem.shifts == read.built.problem.shifts
        assert set(kept.built.problem.jobs) == set(read.built.problem.jobs)
        assert kept.plan == read.plan

    def test_of_the_next_minute_knows_what_changed_in_the_last(
        self, city: City, database: Database
    ) -> None:
        before = city.job(city.planned)
        with database.transaction() as session:
            pin(session, city.planned, PinKind.TECHNICIAN, technician_id=city.technician_id)
        with database.transaction() as session:
            start, end = clock.now(session) + timedelta(minutes=1), MONDAY + 9 * HOUR
            later = standing(session, [city.territory_id], start, end).built.problem
            read = Standing.read(session, [city.territory_id], start, end).built.problem
        assert later.job_by_id[str(city.planned)] == read.job_by_id[str(city.planned)]
        assert later.job_by_id[str(city.planned)] != before
        assert later.shifts == read.shifts

    def test_knows_another_policy(self, city: City, database: Database) -> None:
        before = city.standing().built.problem.weights
        with database.transaction() as session:
            use_rules(session, None, weights={"travel": 300})
        assert city.standing().built.problem.weights != before

    def test_knows_what_was_committed_late(self, city: City, database: Database) -> None:
        """An entry of the trail whose id is lower than one that was seen already."""
        with database.transaction() as slow:
            unassign(slow, city.planned, "changed")
            with database.transaction() as quick:
                pin(quick, city.waiting, PinKind.DAY, day=MONDAY.date())
            assert len(city.standing().plan.routes) == 1
        assert city.standing().plan.routes == ()

    def test_of_later_days_leaves_out_what_is_planned_before(
        self, city: City, database: Database
    ) -> None:
        with database.transaction() as session:
            day = MONDAY + timedelta(days=1)
            later = standing(session, [city.territory_id], day, day + 9 * HOUR)
        assert city.planned not in later.built.planned
        assert city.waiting in later.built.planned


class TestExplained:
    def test_tells_that_a_visit_was_taken_off_since_the_last_question(
        self, city: City, database: Database
    ) -> None:
        with database.transaction() as session:
            found = explained(session, city.planned).explanation
            assert found is not None
            assert found.is_assigned
        with database.transaction() as session:
            unassign(session, city.planned, "changed")
        with database.transaction() as session:
            found = explained(session, city.planned).explanation
            assert found is not None
            assert not found.is_assigned
