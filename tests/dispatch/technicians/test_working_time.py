"""Rules of working time: figures with sources, one rule each, and what the planner may use."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.scheduling.checks.rules import ViolationCode
from dispatch.scheduling.checks.service import violations
from dispatch.scheduling.problems.build import build_for_plan
from dispatch.scheduling.problems.queries import load_demand, load_staff
from dispatch.technicians import service
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.service import BreakWanted
from dispatch.technicians.working_time.checking import Bounds, WorkingTimeCode, broken_by
from dispatch.technicians.working_time.days import Span
from dispatch.technicians.working_time.queries import broken_shifts
from dispatch.technicians.working_time.room import Room, room_of
from dispatch.technicians.working_time.rules import (
    COUNTRIES,
    CallOutRest,
    all_rules,
    country_of,
    rules_of,
)
from kernel.audit import AuditEntry
from kernel.errors import Conflict, Invalid
from tests.factories.scheduling import MONDAY, Town, make_town, make_waiting
from tests.factories.technicians import make_shift, make_technician
from tests.factories.territories import make_territory

SEVEN = datetime(2026, 3, 2, 6, tzinfo=UTC)
"""A Monday, seven o'clock in Berlin."""
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
W = WorkingTimeCode
TODAY = date(2026, 3, 2)


def span(day: int, start: float, end: float, breaks: int = 60, **more: Any) -> Span:
    """From so many hours after seven to so many, with minutes of breaks."""
    at = SEVEN + day * DAY
    return Span(at + start * HOUR, at + end * HOUR, timedelta(minutes=breaks), **more)


def codes(country: str, one: Span, *others: Span, own: int | None = None) -> set[WorkingTimeCode]:
    bounds = Bounds(rules_of(country, TODAY), None if own is None else own * HOUR)
    return {broken.code for broken in broken_by(one, others, bounds, "Europe/Berlin")}


class TestFiles:
    def test_every_figure_names_its_place_in_the_law(self) -> None:
        for path in COUNTRIES.glob("*.json"):
            data = json.loads(path.read_text())
            figures = [value for value in data.values() if isinstance(value, dict)]
            figures += data["breaks"]
            assert all(figure["source"] for figure in figures), path.name

    def test_no_country_asks_for_less_than_the_directive(self) -> None:
        least = rules_of("EU", TODAY)
        for rules in all_rules():
            assert rules.daily_rest >= least.daily_rest
            assert rules.weekly_rest >= least.weekly_rest

    def test_countries(self) -> None:
        known = {rules.country for rules in all_rules()}
        assert known == {"EU", "DE", "AT", "CH", "FR", "ES", "NL"}
        assert rules_of("CH", TODAY).call_out_rest is CallOutRest.CONTINUED

    def test_an_unknown_country_has_the_directive(self) -> None:
        assert rules_of("PL", TODAY).country == "EU"
        assert country_of(None, "DE-BE") == "DE"
        assert country_of("AT", "DE-BE") == "AT"
        assert country_of(None, "") == "EU"


class TestBrokenBy:
    def test_a_usual_week_keeps_everything(self) -> None:
        week = [span(day, 0, 9) for day in range(5)]
        for rules in all_rules():
            assert codes(rules.country, week[2], *week[:2], *week[3:]) == set(), rules.country

    def test_daily_rest(self) -> None:
        assert codes("DE", span(1, 0, 8), span(0, 6, 13.5)) == {W.DAILY_REST}
        assert codes("DE", span(0, 6, 13.5), span(1, 0, 8)) == {W.DAILY_REST}
        assert codes("DE", span(1, 0, 8), span(0, 5, 13)) == set()
        assert codes("ES", span(1, 0, 8), span(0, 5, 13)) == {W.DAILY_REST}

    def test_a_split_day_is_one_day(self) -> None:
        assert codes("DE", span(0, 0, 4, 0), span(0, 7, 11, 0)) == set()

    def test_daily_rest_when_the_clocks_change(self) -> None:
        """21:00 to 07:30 are ten and a half hours, and in the night of spring nine and a half."""
        evening = datetime(2026, 3, 28, 20, tzinfo=UTC)  # 21:00 in Berlin
        late = Span(evening - 6 * HOUR, evening, HOUR)
        morning = Span(evening + 10 * HOUR, evening + 16 * HOUR, HOUR)  # 08:00 summer time
        assert codes("DE", morning, late) == {W.DAILY_REST}

    def test_weekly_rest(self) -> None:
        week = [span(day, 0, 6) for day in range(6)]
        assert codes("DE", week[0], *week[1:]) == set()
        assert W.WEEKLY_REST in codes("DE", span(6, 0, 6), *week)

    def test_one_rest_does_not_serve_two_weeks(self) -> None:
        rest_on_sunday = [span(day, 0, 6) for day in range(6)]
        second = [span(day, 0, 6) for day in range(7, 14)]
        assert W.WEEKLY_REST in codes("DE", second[0], *rest_on_sunday, *second[1:])

    def test_day_hours_count_no_breaks(self) -> None:
        assert codes("DE", span(0, 0, 11)) == set()
        assert codes("DE", span(0, 0, 11.5)) == {W.DAY_HOURS}
        assert codes("AT", span(0, 0, 13)) == set()

    def test_day_span(self) -> None:
        assert codes("CH", span(0, 0, 5, 30), span(0, 10, 14, 0)) == set()
        assert codes("CH", span(0, 0, 5, 30), span(0, 10, 14.5, 0)) == {W.DAY_SPAN}

    def test_week_hours(self) -> None:
        week = [span(day, 0, 10) for day in range(5)]
        assert codes("FR", span(5, 0, 4, 0), *week) == {W.WEEK_HOURS}
        assert codes("FR", span(5, 0, 3, 0), *week) == set()

    def test_average_hours(self) -> None:
        weeks = [span(7 * week + day, 0, 11) for week in range(24) for day in range(5)]
        assert codes("DE", weeks[-1], *weeks[:-1]) == {W.AVERAGE_HOURS}

    @pytest.mark.parametrize(
        ("country", "hours", "minutes", "kept"),
        [
            ("DE", 6, 0, True),
            ("DE", 6.5, 15, False),
            ("DE", 6.5, 30, True),
            ("DE", 9.9, 30, False),
            ("DE", 9.9, 45, True),
            ("CH", 6, 15, True),
            ("CH", 7.5, 15, False),
            ("FR", 6, 0, False),
            ("FR", 6.5, 20, True),
            ("NL", 5.4, 0, True),
            ("NL", 6, 15, False),
            ("EU", 8, 0, True),
        ],
    )
    def test_breaks(self, country: str, hours: float, minutes: int, kept: bool) -> None:
        assert (W.BREAKS not in codes(country, span(0, 0, hours, minutes))) is kept

    def test_own_hours_bind_whom_no_law_binds(self) -> None:
        bounds = Bounds(None, 10 * HOUR)
        found = broken_by(span(1, 0, 12, 0), [span(0, 0, 8, 0)], bounds, "Europe/Berlin")
        assert [(b.code, b.found_minutes) for b in found] == [(W.OWN_HOURS, 20 * 60)]


class TestRoomOf:
    def room(self, one: Span, *others: Span, overtime: float = 2, country: str = "DE") -> Room:
        bounds = Bounds(rules_of(country, TODAY))
        return room_of(one, overtime * HOUR, others, bounds, "Europe/Berlin")

    def test_is_the_whole_shift_where_nothing_is_broken(self) -> None:
        one = span(0, 0, 9)
        assert self.room(one, overtime=1) == Room(one.starts_at, one.ends_at + HOUR)

    def test_overtime_ends_with_the_hours_of_the_day(self) -> None:
        one = span(0, 0, 9)
        room = self.room(one, overtime=4)
        assert room.latest == one.ends_at + 2 * HOUR
        assert room.law == "Arbeitszeitgesetz (ArbZG)"

    def test_overtime_ends_before_the_rest_of_the_night(self) -> None:
        one, after = span(0, 6, 12), span(1, 0, 8)
        assert self.room(one, after).latest == after.starts_at - 11 * HOUR

    def test_a_shift_too_early_begins_after_the_rest(self) -> None:
        late, early = span(0, 6, 14), span(1, 0, 8)
        assert self.room(early, late, overtime=0).earliest == late.ends_at + 11 * HOUR
        assert self.room(late, early, overtime=0).latest == late.ends_at

    def test_a_break_that_is_missing_is_put_in(self) -> None:
        one = span(0, 0, 8, 0)
        room = self.room(one, overtime=0)
        assert room.pause is not None
        assert room.pause.minutes == 30
        assert room.pause.latest <= one.starts_at + 6 * HOUR

    def test_overtime_does_not_outgrow_the_breaks(self) -> None:
        one = span(0, 0, 9, 30)
        assert self.room(one, overtime=2).latest == one.starts_at + 9.5 * HOUR

    def test_the_last_shift_of_a_week_without_rest_has_no_room(self) -> None:
        week = [span(day, 0, 6) for day in range(7)]
        room = self.room(week[6], *week[:6])
        assert room.earliest == room.latest
        assert self.room(week[5], *week[:5], week[6]).latest > week[5].starts_at

    def test_what_somebody_answers_for_keeps_its_hours_but_no_overtime(self) -> None:
        one = span(0, 0, 12, is_excused=True)
        room = self.room(one)
        assert (room.earliest, room.latest) == (one.starts_at, one.ends_at)


class TestAddShift:
    def add(self, session: Session, technician: Any, hours: float, **more: Any) -> Any:
        pause = BreakWanted(SEVEN + 3 * HOUR, SEVEN + 4 * HOUR, 45)
        ends_at = SEVEN + hours * HOUR
        return service.add_shift(
            session, technician.id, starts_at=SEVEN, ends_at=ends_at, breaks=[pause], **more
        )

    def test_refuses_with_the_broken_rules(self, session: Session) -> None:
        with pytest.raises(Conflict) as refusal:
            self.add(session, make_technician(session), 12)
        assert refusal.value.code == "working_time"
        [broken] = refusal.value.facts["broken"]
        assert (broken["code"], broken["limit_minutes"]) == ("day_hours", 600)
        assert broken["source"] == "ArbZG § 3"

    def test_a_reason_lets_it_pass_and_stands_in_the_audit(self, session: Session) -> None:
        technician = make_technician(session)
        shift = self.add(session, technician, 12, override_reason="burst main, all hands")
        [found] = broken_shifts(session, technician, SEVEN, SEVEN + DAY)
        assert found.override_reason == "burst main, all hands"
        row = session.scalars(
            select(AuditEntry).where(
                AuditEntry.table_name == "shifts", AuditEntry.record_id == shift.id
            )
        ).one()
        assert "burst main, all hands" in json.dumps(row.changes)

    def test_the_law_of_the_territory_or_of_the_person_holds(self, session: Session) -> None:
        town = make_territory(session, region="AT-9")
        assert self.add(session, make_technician(session, town), 12)
        own = make_technician(session, make_territory(session), work_country="AT")
        assert self.add(session, own, 12)

    def test_freelancers_are_bound_by_their_own_hours(self, session: Session) -> None:
        free = make_technician(session, employment=Employment.FREELANCE, max_week_hours=20)
        self.add(session, free, 12)
        with pytest.raises(Conflict) as refusal:
            service.add_shift(
                session, free.id, starts_at=SEVEN + DAY, ends_at=SEVEN + DAY + 10 * HOUR
            )
        assert refusal.value.facts["broken"][0]["code"] == "own_hours"

    def test_refuses_a_country_without_rules(self, session: Session) -> None:
        with pytest.raises(Invalid) as refusal:
            service.update_technician(session, make_technician(session), {"work_country": "XX"})
        assert refusal.value.code == "country_unknown"


class TestPlanning:
    """Shifts that nobody answers for are cut for the planner, whoever made them."""

    def town(self, session: Session) -> Town:
        return make_town(session, technicians=1, days=0)

    def shifts(self, session: Session, town: Town) -> list[Any]:
        end = MONDAY + 3 * DAY
        ids = [town.territory.id]
        staff = load_staff(session, ids, MONDAY, end)
        built = build_for_plan(staff, load_demand(session, ids, MONDAY, end), MONDAY, end)
        return list(built.problem.shifts)

    def test_rest_begins_the_next_day_later(self, session: Session) -> None:
        town = self.town(session)
        make_shift(session, town.first, MONDAY + 6 * HOUR, hours=8, override_reason=None)
        make_shift(session, town.first, MONDAY + DAY, hours=8, override_reason=None)
        first, second = self.shifts(session, town)
        assert second.start - first.latest_end == 11 * 3600
        assert [pause.duration_seconds for pause in first.breaks] == [30 * 60]

    def test_a_dispatcher_is_told(self, session: Session) -> None:
        town = self.town(session)
        make_shift(session, town.first, MONDAY, hours=14, override_reason=None)
        visit = make_waiting(session, town)
        found = violations(session, visit.id, town.first.id, MONDAY + 12 * HOUR)
        assert ViolationCode.WORKING_TIME in {violation.code for violation in found}
        found = violations(session, visit.id, town.first.id, MONDAY + 2 * HOUR)
        assert ViolationCode.WORKING_TIME not in {violation.code for violation in found}
