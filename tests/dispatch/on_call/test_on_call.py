"""Rotas over summer time, swaps, exceptions, call-outs that escalate, and the rest after them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dispatch.events import CallOutUnanswered, VisitUnserved, WorkOrderOpened
from dispatch.on_call import queries, service, tasks
from dispatch.on_call.duty import Rotation, Taken, duties, ranked
from dispatch.on_call.lifecycle import CallOutStatus
from dispatch.on_call.models import CallOut, Rota
from dispatch.on_call.rest import rest_until
from dispatch.scheduling.assignments.queries import assignments_of
from dispatch.technicians.credential_kinds.service import describe_kind
from dispatch.technicians.lifecycle import AbsenceKind, Employment
from dispatch.technicians.preferences.lifecycle import Stance, Wisher
from dispatch.technicians.preferences.service import set_preference
from dispatch.technicians.queries import list_absences
from dispatch.technicians.working_time.rules import rules_of
from dispatch.work_orders.models import Visit
from kernel import clock
from kernel.errors import Conflict, Invalid, NotFound
from kernel.events import EventRow
from kernel.jobs import Job
from tests.factories.scheduling import MONDAY, Town, make_town, make_waiting, order_of
from tests.factories.technicians import make_absence, make_credential, make_shift, make_technician

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
ANNA, BEN, CLEO = (UUID(int=n) for n in (1, 2, 3))
BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = MONDAY + 15 * HOUR
"""Eleven in the evening of a Monday in Berlin."""
C = CallOutStatus


def rotation(**more: Any) -> Rotation:
    """From Monday the 2nd of March 2026, eight o'clock, week by week."""
    values = {"members": (ANNA, BEN, CLEO), "zone": BERLIN, "starts_on": date(2026, 3, 2), **more}
    return Rotation(**values)


class TestRotation:
    def test_weeks_follow_the_order(self) -> None:
        weeks = [rotation().order_at(MONDAY + n * WEEK)[0] for n in range(4)]
        assert weeks == [ANNA, BEN, CLEO, ANNA]
        assert rotation().order_at(MONDAY + WEEK - timedelta(seconds=1))[0] == ANNA

    def test_begins_with_the_first_hand_over(self) -> None:
        assert rotation().order_at(MONDAY - timedelta(seconds=1)) == []
        assert rotation(starts_on=date(2026, 2, 26)).order_at(MONDAY)[0] == ANNA

    @pytest.mark.parametrize(("day", "hours"), [(28, 23), (27, 24)])
    def test_a_turn_over_the_change_to_summer_time_is_shorter(self, day: int, hours: int) -> None:
        daily = rotation(weekday=None)
        first = daily.hand_over(date(2026, 3, day))
        assert daily.hand_over(date(2026, 3, day + 1)) - first == hours * HOUR
        assert daily.turn_at(first + hours * HOUR) == daily.turn_at(first) + 1  # type: ignore[operator]  # begun

    def test_a_turn_over_the_change_to_winter_time_is_longer(self) -> None:
        daily = rotation(weekday=None)
        first = daily.hand_over(date(2026, 10, 24))
        assert daily.hand_over(date(2026, 10, 25)) - first == 25 * HOUR

    def test_a_hand_over_in_the_hour_that_does_not_exist_is_after_it(self) -> None:
        early = rotation(weekday=None, minute=150)
        assert early.hand_over(date(2026, 3, 29)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


class TestDuties:
    def test_cover_the_time_without_a_gap(self) -> None:
        found = duties(rotation(), [], [], MONDAY, MONDAY + 3 * WEEK)
        assert [duty.technician_id for duty in found] == [ANNA, BEN, CLEO]
        assert found[0].ends_at == found[1].starts_at

    def test_a_change_holds_for_its_time_and_a_later_one_wins(self) -> None:
        first = Taken(BEN, MONDAY + DAY, MONDAY + 3 * DAY)
        later = Taken(CLEO, MONDAY + 2 * DAY, MONDAY + 3 * DAY)
        found = duties(rotation(), [first, later], [], MONDAY, MONDAY + WEEK)
        assert [(d.technician_id, d.is_change) for d in found] == [
            (ANNA, False),
            (BEN, True),
            (CLEO, True),
            (ANNA, False),
        ]

    def test_who_is_away_is_passed_over(self) -> None:
        ill = Taken(ANNA, MONDAY, MONDAY + DAY)
        assert ranked(rotation(), [], [ill], MONDAY) == [BEN, CLEO]
        assert ranked(rotation(), [], [ill], MONDAY + DAY)[0] == ANNA


class TestRestUntil:
    SINCE = MONDAY + 9 * HOUR
    CALL = (MONDAY + 15 * HOUR, MONDAY + 17 * HOUR)

    def test_begins_anew(self) -> None:
        found = rest_until(rules_of("DE", date(2026, 3, 2)), self.SINCE, [self.CALL])
        assert found == self.CALL[1] + 11 * HOUR

    def test_is_continued_where_the_law_lets_it(self) -> None:
        found = rest_until(rules_of("CH", date(2026, 3, 2)), self.SINCE, [self.CALL])
        assert found == self.CALL[1] + 5 * HOUR

    def test_begins_anew_without_one_long_piece(self) -> None:
        at = self.SINCE
        calls = [(at + 3 * n * HOUR, at + (3 * n + 0.5) * HOUR) for n in (1, 2, 3)]
        swiss = rules_of("CH", date(2026, 3, 2))
        assert rest_until(swiss, at, calls) == calls[-1][1] + 11 * HOUR


def town_with_rota(session: Session, members: int = 3) -> tuple[Town, Rota]:
    """Everybody works by day; at night a rota of all of them."""
    town = make_town(session, technicians=members)
    rota = service.create_rota(
        session,
        name="Boilers by night",
        territory_id=town.territory.id,
        member_ids=[person.id for person in town.technicians],
        starts_on=date(2026, 3, 2),
        weekday=0,
    )
    session.execute(delete(Job))
    return town, rota


def emergency(session: Session, town: Town, at: datetime = NIGHT) -> Visit:
    clock.freeze(session, at)
    return make_waiting(session, town, east=0.02, priority=5)


def asked(session: Session, visit: Visit) -> list[tuple[UUID, CallOutStatus]]:
    found = queries.call_outs_of(session, visit_ids=[visit.id])
    return [(call.technician_id, call.status) for call in found]


def opened(session: Session, visit: Visit) -> WorkOrderOpened:
    order = order_of(session, visit)
    return WorkOrderOpened(
        work_order_id=order.id,
        visit_id=visit.id,
        source=order.source,
        priority=5,
        territory_id=visit.territory_id,
    )


def unserved(visit: Visit) -> VisitUnserved:
    return VisitUnserved(visit_id=visit.id, territory_id=visit.territory_id, reason="no_place")


class TestRota:
    def test_needs_members_each_once(self, session: Session) -> None:
        town, rota = town_with_rota(session)
        for members in ([], [town.first.id, town.first.id]):
            with pytest.raises(Invalid):
                service.set_members(session, rota, members)

    def test_another_order_gives_other_turns(self, session: Session) -> None:
        town, rota = town_with_rota(session)
        ids = [person.id for person in town.technicians]
        service.set_members(session, rota, ids[::-1])
        again = queries.get_rota(session, rota.id)
        assert queries.on_call_at(session, again, NIGHT) == ids[::-1]

    def test_an_ill_member_is_passed_over(self, session: Session) -> None:
        town, rota = town_with_rota(session)
        make_absence(session, town.first, MONDAY, MONDAY + DAY)
        assert queries.on_call_at(session, rota, NIGHT)[0] == town.technicians[1].id


class TestSwap:
    def test_counts_once_the_colleague_accepts(self, session: Session) -> None:
        town, rota = town_with_rota(session)
        anna, ben = town.technicians[:2]
        times = (MONDAY + 12 * HOUR, MONDAY + 24 * HOUR)
        change = service.ask_swap(session, rota.id, anna.id, ben.id, *times)
        assert queries.on_call_at(session, rota, NIGHT)[0] == anna.id
        with pytest.raises(NotFound):
            service.answer_swap(session, change.id, anna.id, accepted=True)
        service.answer_swap(session, change.id, ben.id, accepted=True)
        assert queries.on_call_at(session, rota, NIGHT)[0] == ben.id
        assert queries.on_call_at(session, rota, MONDAY + 25 * HOUR)[0] == anna.id

    def test_only_ones_own_duty_can_be_given_away(self, session: Session) -> None:
        town, rota = town_with_rota(session)
        with pytest.raises(Conflict) as refusal:
            service.ask_swap(
                session, rota.id, town.technicians[1].id, town.first.id, NIGHT, NIGHT + HOUR
            )
        assert refusal.value.code == "not_on_duty"

    def test_the_office_makes_exceptions(self, session: Session) -> None:
        town, rota = town_with_rota(session)
        last = town.technicians[2].id
        service.put_on_duty(session, rota.id, last, NIGHT, NIGHT + HOUR, "training")
        assert queries.on_call_at(session, rota, NIGHT)[0] == last


class TestCallOut:
    def test_an_emergency_at_night_asks_who_is_on_call(self, session: Session) -> None:
        town, _ = town_with_rota(session)
        visit = emergency(session, town)
        tasks.call_out(session, opened(session, visit))
        tasks.call_out(session, opened(session, visit))
        assert asked(session, visit) == [(town.first.id, C.ASKED)]

    def test_by_day_nobody_is_called_out(self, session: Session) -> None:
        town, _ = town_with_rota(session)
        visit = emergency(session, town, MONDAY + HOUR)
        tasks.call_out(session, opened(session, visit))
        assert asked(session, visit) == []

    def test_by_day_one_without_a_place_goes_to_whoever_stands_by(self, session: Session) -> None:
        town, rota = town_with_rota(session)
        visit = emergency(session, town, MONDAY + HOUR)
        tasks.call_out_unserved(session, unserved(visit))
        assert asked(session, visit) == []
        stands_by = make_technician(session, town.territory, employment=Employment.FREELANCE)
        make_shift(session, stands_by, MONDAY)
        service.put_on_duty(session, rota.id, stands_by.id, MONDAY, MONDAY + 4 * HOUR, "storm")
        tasks.call_out_unserved(session, unserved(visit))
        assert asked(session, visit) == [(stands_by.id, C.ASKED)]
        [call] = queries.call_outs_of(session, visit_ids=[visit.id])
        service.decline(session, call.id, stands_by.id)
        tasks.call_out_unserved(session, unserved(visit))
        assert asked(session, visit) == [(stands_by.id, C.DECLINED)]

    def test_only_emergencies_call_people_out(self, session: Session) -> None:
        town, _ = town_with_rota(session)
        clock.freeze(session, NIGHT)
        visit = make_waiting(session, town, priority=4)
        tasks.call_out_unserved(session, unserved(visit))
        assert asked(session, visit) == []

    def test_a_rota_is_for_its_skills(self, session: Session) -> None:
        town, rota = town_with_rota(session)
        rota.skills = ["lift"]
        session.flush()
        assert service.call_out(session, emergency(session, town).id) is None

    def test_who_may_not_go_there_is_passed_over(self, session: Session) -> None:
        town, _ = town_with_rota(session)
        visit = emergency(session, town)
        blocked, unproven, last = town.technicians
        set_preference(session, Wisher.TECHNICIAN, visit.customer_id, blocked.id, Stance.BLOCK)
        describe_kind(
            session, "insurance", name="I", required_of=[Employment.IN_HOUSE], remind_days=[]
        )
        make_credential(session, blocked, kind="insurance")
        make_credential(session, unproven, kind="insurance", expires_at=NIGHT)
        make_credential(session, last, kind="insurance")
        service.call_out(session, visit.id)
        assert asked(session, visit) == [(last.id, C.ASKED)]

    def test_accepting_gives_the_visit_at_once(self, session: Session) -> None:
        town, _ = town_with_rota(session)
        visit = emergency(session, town)
        call = service.call_out(session, visit.id)
        assert call is not None
        service.accept(session, call.id, town.first.id)
        service.accept(session, call.id, town.first.id)
        [row] = assignments_of(session, visit.id)
        assert row.technician_id == town.first.id
        assert NIGHT < row.starts_at < NIGHT + HOUR

    def test_declining_asks_the_next(self, session: Session) -> None:
        town, _ = town_with_rota(session)
        visit = emergency(session, town)
        call = service.call_out(session, visit.id)
        assert call is not None
        with pytest.raises(NotFound):
            service.decline(session, call.id, town.technicians[1].id)
        service.decline(session, call.id, town.first.id)
        assert asked(session, visit) == [
            (town.first.id, C.DECLINED),
            (town.technicians[1].id, C.ASKED),
        ]

    def test_silence_escalates_and_then_alarms_the_office(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        town, rota = town_with_rota(session)
        visit = emergency(session, town)
        session.execute(delete(Job))
        service.call_out(session, visit.id)
        for turn in range(1, 4):
            clock.freeze(session, NIGHT + turn * timedelta(minutes=rota.accept_minutes))
            run_jobs()
        assert [status for _, status in asked(session, visit)] == [C.EXPIRED] * 3
        name = CallOutUnanswered.name
        alarms = session.scalars(select(EventRow).where(EventRow.name == name)).all()
        assert [row.payload["visit_id"] for row in alarms] == [str(visit.id)]

    def test_too_late_is_too_late(self, session: Session) -> None:
        town, _ = town_with_rota(session)
        call = service.call_out(session, emergency(session, town).id)
        assert call is not None
        clock.freeze(session, call.accept_by)
        with pytest.raises(Conflict) as refusal:
            service.accept(session, call.id, town.first.id)
        assert refusal.value.code == "call_out_over"


class TestGrantRest:
    def finished(self, session: Session, town: Town) -> tuple[Visit, datetime]:
        """Called out at eleven, done at one."""
        visit = emergency(session, town)
        call = service.call_out(session, visit.id)
        assert call is not None
        service.accept(session, call.id, town.first.id)
        end = NIGHT + 2 * HOUR
        clock.freeze(session, end)
        visit.finished_at = end
        session.flush()
        return visit, end

    def rests(self, session: Session, town: Town) -> list[tuple[datetime, datetime]]:
        found = list_absences(session, [town.first.id], MONDAY, MONDAY + WEEK)
        return [(a.starts_at, a.ends_at) for a in found if a.kind is AbsenceKind.REST]

    def test_moves_the_start_of_the_next_shift(self, session: Session) -> None:
        town, _ = town_with_rota(session)
        visit, end = self.finished(session, town)
        service.grant_rest(session, visit.id)
        service.grant_rest(session, visit.id)
        [(starts_at, ends_at)] = self.rests(session, town)
        assert starts_at == MONDAY + DAY
        assert end + 11 * HOUR < ends_at < end + 12 * HOUR

    def test_nothing_is_moved_where_the_next_shift_is_late_enough(self, session: Session) -> None:
        town = make_town(session, technicians=1, days=1)
        make_shift(session, town.first, MONDAY + 2 * DAY)
        service.create_rota(
            session,
            name="One",
            territory_id=town.territory.id,
            member_ids=[town.first.id],
            starts_on=date(2026, 3, 2),
        )
        visit, _ = self.finished(session, town)
        service.grant_rest(session, visit.id)
        assert self.rests(session, town) == []


class TestApi:
    def test_nobody_answers_for_others(self, session: Session) -> None:
        town, _ = town_with_rota(session)
        call = service.call_out(session, emergency(session, town).id)
        assert call is not None
        with pytest.raises(NotFound):
            service.accept(session, call.id, uuid4())
        assert session.get_one(CallOut, call.id).status is C.ASKED
