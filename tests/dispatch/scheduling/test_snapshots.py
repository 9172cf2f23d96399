"""What a process remembers of the schedule is what the database says, whoever changed it."""

import random
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from psycopg.errors import LockNotAvailable
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.customers.service import update_site
from dispatch.scheduling.assignments.queries import assignments_of, busy_seconds, day_bounds
from dispatch.scheduling.bookings.queries import find_confirmed
from dispatch.scheduling.moves.service import move
from dispatch.scheduling.slots.grid import Window
from dispatch.scheduling.slots.queries import ask, windows, windows_of
from dispatch.scheduling.slots.service import cancel_booking, confirm_hold, hold_slot, reschedule
from dispatch.scheduling.snapshots import keeper
from dispatch.scheduling.staffing.service import assign, unassign
from dispatch.technicians import service as technicians
from dispatch.technicians.lifecycle import AbsenceKind
from dispatch.technicians.models import Absence, Shift, Technician
from dispatch.technicians.qualifications.service import SkillHeld, set_skills
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel import clock
from kernel.errors import Conflict, DomainError
from kernel.relay import sequence
from tests.conftest import Database
from tests.factories.scheduling import MONDAY, Town, make_planned, make_town, make_waiting

DAY = date(2026, 3, 2)
HOUR = timedelta(hours=1)
DAYS = 3


class City:
    """A committed town with some visits that wait and some that are planned."""

    def __init__(self, database: Database, technicians: int = 4, **town: object) -> None:
        self.database = database
        with database.transaction() as session:
            made: Town = make_town(session, technicians=technicians, **town)
            self.territory_id = made.territory.id
            self.technicians = [person.id for person in made.technicians]
            self.asking = make_waiting(session, made, east=0.05, north=0.02).id
            waiting = [make_waiting(session, made, east=0.03 * n) for n in range(6)]
            self.visits = [visit.id for visit in waiting]
            for n, person in enumerate(made.technicians):
                planned, _ = make_planned(session, made, person, MONDAY + 2 * HOUR, east=0.02 * n)
                self.visits.append(planned.id)

    def windows(self, most_age_seconds: float = 0.0) -> list[Window]:
        with self.database.transaction() as session:
            wanted = ask(session, self.asking)
            return windows_of(session, wanted, DAY, DAYS, most_age_seconds=most_age_seconds)

    def used(self) -> tuple[float, float]:
        """Seconds of the day that are taken by the snapshot, and by the database itself."""
        with self.database.transaction() as session:
            start, end = day_bounds(DAY, "Europe/Berlin")
            view = keeper.view(session, self.territory_id, clock.now(session), end)
            asked = busy_seconds(session, view.calendars, start, end, besides=self.asking)
            return view.used(start, end), asked

    def from_nothing(self, monkeypatch: pytest.MonkeyPatch) -> list[Window]:
        """The same by what the database says."""
        with monkeypatch.context() as patch:
            patch.setattr(keeper, "_kept", OrderedDict())
            return self.windows()


Change = Callable[[Session, City, random.Random], object]


def starts(dice: random.Random) -> datetime:
    return MONDAY + timedelta(days=dice.randrange(DAYS), minutes=15 * dice.randrange(30))


def give(session: Session, city: City, dice: random.Random) -> object:
    who, visit = dice.choice(city.technicians), dice.choice(city.visits)
    return assign(session, visit, [who], starts(dice), source="dispatcher")


def take(session: Session, city: City, dice: random.Random) -> object:
    return unassign(session, dice.choice(city.visits), "changed")


def hold(session: Session, city: City, dice: random.Random) -> object:
    visit = dice.choice(city.visits)
    window = dice.choice(windows(session, visit, DAY, DAYS))
    return hold_slot(session, visit, window.start, window.end)


def confirm(session: Session, city: City, dice: random.Random) -> object:
    return confirm_hold(session, dice.choice(city.visits))


def cancel(session: Session, city: City, dice: random.Random) -> object:
    return cancel_booking(session, dice.choice(city.visits), "customer")


def depart(session: Session, city: City, dice: random.Random) -> object:
    visit = dice.choice(city.visits)
    move(session, visit, VisitStatus.DISPATCHED)
    return move(session, visit, VisitStatus.EN_ROUTE)


def fall_ill(session: Session, city: City, dice: random.Random) -> object:
    at, who = starts(dice), dice.choice(city.technicians)
    return technicians.report_absence(session, who, at, at + 3 * HOUR, AbsenceKind.ILLNESS)


def come_back(session: Session, city: City, dice: random.Random) -> object:
    known = session.query(Absence).first()
    assert known is not None
    return technicians.withdraw_absence(session, known.technician_id, known.id)


def work_less(session: Session, city: City, dice: random.Random) -> object:
    shift = session.query(Shift).filter_by(technician_id=dice.choice(city.technicians)).first()
    assert shift is not None
    return technicians.remove_shift(session, shift.technician_id, shift.id)


def work_more(session: Session, city: City, dice: random.Random) -> object:
    at = MONDAY + timedelta(days=dice.randrange(DAYS))
    who = dice.choice(city.technicians)
    return technicians.add_shift(session, who, starts_at=at, ends_at=at + 10 * HOUR)


def learn(session: Session, city: City, dice: random.Random) -> object:
    held = SkillHeld("boiler", dice.choice((1, 3)))
    return set_skills(session, dice.choice(city.technicians), [held])


def slow_down(session: Session, city: City, dice: random.Random) -> object:
    who = session.get_one(Technician, dice.choice(city.technicians))
    return technicians.update_technician(session, who, {"speed_pct": dice.choice((70, 100))})


def pass_time(session: Session, city: City, dice: random.Random) -> object:
    return clock.freeze(session, clock.now(session) + timedelta(minutes=dice.randrange(2, 25)))


CHANGES: list[Change] = [
    give,
    take,
    hold,
    confirm,
    cancel,
    depart,
    fall_ill,
    come_back,
    work_less,
    work_more,
    learn,
    slow_down,
    pass_time,
]


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "_kept", OrderedDict())


class TestView:
    @pytest.mark.parametrize("seed", range(2))
    def test_follows_every_kind_of_change(
        self, database: Database, monkeypatch: pytest.MonkeyPatch, seed: int
    ) -> None:
        dice, done = random.Random(seed), set[str]()
        city = City(database)
        for number in range(36):
            change = CHANGES[number] if number < len(CHANGES) else dice.choice(CHANGES)
            try:
                with database.transaction() as session:
                    change(session, city, dice)
                done.add(change.__name__)
            except (DomainError, IndexError, AssertionError):
                continue
            if dice.random() < 0.3:
                sequence()
            assert city.windows() == city.from_nothing(monkeypatch), (number, change.__name__)
            by_snapshot, by_database = city.used()
            assert by_snapshot == pytest.approx(by_database), (number, change.__name__)
        assert len(done) >= 9

    def test_reads_only_what_changed(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        city = City(database)
        city.windows()
        asked: list[object] = []
        read: Callable[..., object] = keeper.load_stops

        def noted(session: Session, technician_ids: set[UUID], *words: object) -> object:
            asked.append(technician_ids)
            return read(session, technician_ids, *words)

        monkeypatch.setattr(keeper, "load_stops", noted)
        city.windows()
        assert asked == []
        with database.transaction() as session:
            assign(session, city.visits[0], [city.technicians[1]], MONDAY + 5 * HOUR, source="plan")
        city.windows()
        assert asked == [{city.technicians[1]}]

    def test_may_be_as_old_as_the_question_allows(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(keeper, "FOLLOWED_SECONDS", 600.0)
        city = City(database, technicians=1)
        before = city.windows()
        with database.transaction() as session:
            technicians.report_absence(
                session, city.technicians[0], MONDAY, MONDAY + 9 * HOUR, AbsenceKind.ILLNESS
            )
        with database.transaction() as session:
            wanted = ask(session, city.asking)
            old = windows_of(session, wanted, DAY, DAYS, most_age_seconds=600.0)
            new = windows(session, city.asking, DAY, DAYS)
            again = windows_of(session, wanted, DAY, DAYS, most_age_seconds=600.0)
        assert old == before
        assert len(new) < len(before)
        assert again == new

    def test_who_may_see_what_is_older_waits_for_nobody_who_reads(self, database: Database) -> None:
        city = City(database, technicians=1)
        before = city.windows()
        with database.transaction() as session:
            technicians.report_absence(
                session, city.technicians[0], MONDAY, MONDAY + 9 * HOUR, AbsenceKind.ILLNESS
            )
        [kept] = keeper._kept.values()
        with kept._lock, ThreadPoolExecutor(1) as pool:
            shown = pool.submit(city.windows, most_age_seconds=600.0).result(timeout=10)
        assert shown == before
        assert len(city.windows()) < len(before)

    def test_forgets_a_change_that_was_rolled_back(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        city = City(database)
        before = city.windows()
        with database.transaction() as session, session.begin_nested() as undone:
            for person in city.technicians[1:]:
                technicians.report_absence(
                    session, person, MONDAY, MONDAY + 9 * HOUR, AbsenceKind.ILLNESS
                )
            assert windows(session, city.asking, DAY, DAYS) == before
            undone.rollback()
        assert city.windows() == before == city.from_nothing(monkeypatch)

    def test_sees_what_committed_late(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """An event whose id is lower than one that was followed already."""
        city = City(database)
        city.windows()
        with database.transaction() as slow:
            technicians.report_absence(
                slow, city.technicians[0], MONDAY, MONDAY + 9 * HOUR, AbsenceKind.ILLNESS
            )
            with database.transaction() as quick:
                technicians.report_absence(
                    quick, city.technicians[1], MONDAY, MONDAY + 9 * HOUR, AbsenceKind.ILLNESS
                )
            sequence()
            city.windows()
        assert city.windows() == city.from_nothing(monkeypatch)
        sequence()
        assert city.windows() == city.from_nothing(monkeypatch)

    def test_lets_go_of_the_territory_not_asked_for_longest(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second = City(database), City(database)
        first.windows()
        monkeypatch.setattr(keeper, "MOST_VISITS", 1)
        second.windows()
        second.windows()
        assert [key[1] for key in keeper._kept] == [second.territory_id]
        assert first.windows() == first.from_nothing(monkeypatch)

    def test_is_read_whole_when_it_is_old(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        city = City(database)
        city.windows()
        with database.transaction() as session:
            visit = session.get_one(Visit, city.visits[-1])
            site = session.get_one(Site, visit.site_id)
            update_site(session, site, {"latitude": site.latitude + 0.2})
        monkeypatch.setattr(keeper, "MOST_AGE_SECONDS", 0.0)
        assert city.windows() == city.from_nothing(monkeypatch)

    def test_answers_many_threads_alike(self, database: Database) -> None:
        city = City(database)
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: city.windows(), range(12)))
        assert all(answer == answers[0] for answer in answers)


class TestHold:
    def test_of_a_stale_window_is_refused_with_what_is_left(self, database: Database) -> None:
        city = City(database, technicians=1)
        window = city.windows()[0]
        with database.transaction() as session:
            technicians.report_absence(
                session, city.technicians[0], window.start, window.end, AbsenceKind.ILLNESS
            )
        left = [window.start.isoformat() for window in city.windows()]
        with pytest.raises(Conflict) as refused, database.transaction() as session:
            hold_slot(session, city.asking, window.start, window.end)
        assert refused.value.code == "window_taken"
        assert [one["start"] for one in refused.value.facts["windows"]] == left

    def test_reads_nobody_again_where_the_versions_are_the_same(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        city = City(database)
        window = city.windows()[-1]
        read: list[object] = []
        load: Callable[..., object] = keeper.load_staff

        def noted(*words: object, **more: object) -> object:
            read.append(more)
            return load(*words, **more)

        monkeypatch.setattr(keeper, "load_staff", noted)
        with database.transaction() as session:
            hold_slot(session, city.asking, window.start, window.end)
        assert read == []
        assert city.windows() == city.from_nothing(monkeypatch)

    def test_looks_at_the_database_when_the_snapshot_is_wrong(self, database: Database) -> None:
        """A shift that was deleted by hand, so that no event told of it."""
        city = City(database, technicians=1)
        window = city.windows()[0]
        with database.transaction() as session:
            session.execute(text("DELETE FROM shift_breaks"))
            session.execute(text("DELETE FROM shifts"))
        assert window in city.windows()
        with pytest.raises(Conflict) as refused, database.transaction() as session:
            hold_slot(session, city.asking, window.start, window.end)
        assert refused.value.code == "window_taken"

    def test_never_takes_from_the_reserve_however_many_press_at_once(
        self, database: Database
    ) -> None:
        city = City(database, technicians=4, territory={"emergency_reserve_pct": 80}, days=1)

        def press(visit_id: UUID) -> bool:
            try:
                with database.transaction() as session:
                    hold_slot(session, visit_id, MONDAY + 4 * HOUR, MONDAY + 6 * HOUR)
            except Conflict:
                return False
            except OperationalError as error:
                if not isinstance(error.orig, LockNotAvailable):
                    raise
                return False  # waited for the others as long as anybody does
            return True

        with ThreadPoolExecutor(6) as pool:
            held = list(pool.map(press, city.visits[:6]))
        with database.transaction() as session:
            taken = [r for v in city.visits for r in assignments_of(session, v)]
            busy = sum((r.busy.upper - r.busy.lower for r in taken), timedelta())
        assert any(held)
        assert busy <= 4 * 9 * HOUR * 20 / 100 + timedelta(minutes=30)
        assert not all(held)

    def test_promise_stands_when_the_plan_moves(self, database: Database) -> None:
        city = City(database)
        window = city.windows()[3]
        with database.transaction() as session:
            hold_slot(session, city.asking, window.start, window.end)
            booking_id = confirm_hold(session, city.asking).id
        with database.transaction() as session:
            unassign(session, city.asking, "plan")
            other = next(w for w in windows(session, city.asking, DAY, DAYS) if w != window)
            assert find_confirmed(session, city.asking) is not None
            moved = reschedule(session, city.asking, other.start, other.end)
            assert moved.id == booking_id
            assert (moved.arrival_start, moved.arrival_end) == (other.start, other.end)
