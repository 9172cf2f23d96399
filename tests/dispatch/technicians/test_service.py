"""Technicians, shifts, absences, duty and positions."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.technicians import queries, service
from dispatch.technicians.lifecycle import AbsenceKind, Employment
from dispatch.technicians.models import Shift, ShiftBreak
from dispatch.technicians.qualifications.service import SkillHeld
from dispatch.technicians.service import BreakWanted
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from kernel.events import EventRow
from kernel.geo import Point
from tests.conftest import Database
from tests.factories.technicians import make_provider, make_shift, make_technician
from tests.factories.territories import make_territory

EIGHT = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
BERLIN = {"latitude": 52.5, "longitude": 13.4}


class TestCreateTechnician:
    def test_takes_skills_and_defaults(self, session: Session) -> None:
        technician = service.create_technician(
            session,
            name="Tom",
            employment=Employment.IN_HOUSE,
            territory_id=make_territory(session).id,
            hourly_cents=5000,
            phone="030 555 12345",
            skills=[SkillHeld("Gas", 3)],
            **BERLIN,
        )
        assert technician.travel_cents_per_hour == 5000
        assert technician.phone == "+493055512345"
        assert technician.currency == "EUR"
        held = queries.list_skills(session, technician.id)
        assert [(skill.skill, skill.level) for skill in held] == [("gas", 3)]

    def test_needs_a_provider_for_a_partners_technician(self, session: Session) -> None:
        values = {
            "name": "Pat",
            "employment": Employment.PARTNER,
            "territory_id": make_territory(session).id,
            "hourly_cents": 5000,
            **BERLIN,
        }
        with pytest.raises(Invalid) as refusal:
            service.create_technician(session, **values)
        assert refusal.value.code == "provider_missing"
        provider = make_provider(session)
        assert service.create_technician(session, **values, provider_id=provider.id)

    def test_refuses_an_unknown_territory(self, session: Session) -> None:
        with pytest.raises(NotFound):
            service.create_technician(
                session,
                name="Tom",
                employment=Employment.IN_HOUSE,
                territory_id=make_technician(session).id,
                hourly_cents=5000,
                **BERLIN,
            )


class TestUpdateTechnician:
    def test_refuses_to_make_a_partner_without_provider(self, session: Session) -> None:
        technician = make_technician(session)
        with pytest.raises(Invalid):
            service.update_technician(session, technician, {"employment": Employment.PARTNER})


class TestAddShift:
    def test_keeps_breaks_in_order(self, session: Session) -> None:
        technician = make_technician(session)
        late = BreakWanted(EIGHT + 5 * HOUR, EIGHT + 6 * HOUR, 15)
        early = BreakWanted(EIGHT + 2 * HOUR, EIGHT + 3 * HOUR, 30)
        shift = service.add_shift(
            session, technician.id, starts_at=EIGHT, ends_at=EIGHT + 8 * HOUR, breaks=[late, early]
        )
        again = queries.get_shift(session, technician.id, shift.id)
        assert [pause.minutes for pause in again.breaks] == [30, 15]

    @pytest.mark.parametrize(
        ("starts", "ends", "free"),
        [(-2, 0, True), (8, 10, True), (-1, 1, False), (7, 9, False), (2, 3, False)],
    )
    def test_refuses_two_shifts_at_once(
        self, session: Session, starts: int, ends: int, free: bool
    ) -> None:
        technician = make_technician(session)
        make_shift(session, technician, EIGHT)
        times = {"starts_at": EIGHT + starts * HOUR, "ends_at": EIGHT + ends * HOUR}
        why = "the test"
        if free:
            assert service.add_shift(session, technician.id, **times, override_reason=why)
            return
        with pytest.raises(Conflict) as refusal:
            service.add_shift(session, technician.id, **times)
        assert refusal.value.code == "shift_overlaps"

    def test_lets_two_technicians_work_at_once(self, session: Session) -> None:
        make_shift(session, make_technician(session), EIGHT)
        assert make_shift(session, make_technician(session), EIGHT)

    @pytest.mark.parametrize(
        ("earliest", "latest", "minutes"),
        [(-1, 1, 30), (2, 1, 30), (7, 8, 30), (7, 7.75, 30), (1, 2, 0)],
    )
    def test_refuses_a_break_outside(
        self, session: Session, earliest: float, latest: float, minutes: int
    ) -> None:
        technician = make_technician(session)
        wanted = BreakWanted(EIGHT + earliest * HOUR, EIGHT + latest * HOUR, minutes)
        with pytest.raises(Invalid):
            service.add_shift(
                session, technician.id, starts_at=EIGHT, ends_at=EIGHT + 8 * HOUR, breaks=[wanted]
            )

    def test_refuses_to_end_before_it_starts(self, session: Session) -> None:
        with pytest.raises(Invalid):
            service.add_shift(session, make_technician(session).id, starts_at=EIGHT, ends_at=EIGHT)

    def test_is_refused_by_the_database_itself(self, session: Session) -> None:
        technician = make_technician(session)
        make_shift(session, technician, EIGHT)
        with pytest.raises(IntegrityError, match="ex_shifts_technician_overlap"):
            make_shift(session, technician, EIGHT + 7 * HOUR)

    def test_one_of_two_people_wins(self, database: Database) -> None:
        with database.transaction() as session:
            technician_id = make_technician(session).id
        refused: list[str] = []
        start = threading.Barrier(2)

        def add() -> None:
            start.wait()
            try:
                with database.transaction() as session:
                    service.add_shift(session, technician_id, starts_at=EIGHT, ends_at=EIGHT + HOUR)
            except Conflict as refusal:
                refused.append(refusal.code)

        threads = [threading.Thread(target=add) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert refused == ["shift_overlaps"]


class TestRemoveShift:
    def test_takes_its_breaks_along(self, session: Session) -> None:
        technician = make_technician(session)
        shift = make_shift(session, technician, EIGHT, breaks=[(EIGHT, EIGHT + HOUR, 30)])
        service.remove_shift(session, technician.id, shift.id)
        assert session.scalars(select(Shift)).all() == []
        assert session.scalars(select(ShiftBreak)).all() == []

    def test_hides_another_technicians_shift(self, session: Session) -> None:
        shift = make_shift(session, make_technician(session), EIGHT)
        with pytest.raises(NotFound):
            service.remove_shift(session, make_technician(session).id, shift.id)


class TestReportAbsence:
    def report(self, session: Session, technician_id: object) -> object:
        return service.report_absence(
            session, technician_id, EIGHT, EIGHT + 8 * HOUR, AbsenceKind.ILLNESS, "flu"
        )

    def published(self, session: Session) -> list[EventRow]:
        statement = select(EventRow).where(EventRow.name == "dispatch.TechnicianAbsent")
        return list(session.scalars(statement))

    def test_tells_everybody_without_the_reason(self, session: Session) -> None:
        technician = make_technician(session)
        self.report(session, technician.id)
        (fact,) = self.published(session)
        assert fact.technician_id == technician.id
        assert fact.territory_id == technician.territory_id
        assert "flu" not in str(fact.payload)

    def test_twice_is_once(self, session: Session) -> None:
        technician = make_technician(session)
        assert self.report(session, technician.id) == self.report(session, technician.id)
        assert len(self.published(session)) == 1

    def test_rest_by_law_is_nobodys_to_say(self, session: Session) -> None:
        technician = make_technician(session)
        with pytest.raises(Forbidden):
            service.report_own_absence(
                session, technician.id, EIGHT, EIGHT + 8 * HOUR, AbsenceKind.REST
            )
        rest = service.report_absence(
            session, technician.id, EIGHT, EIGHT + 8 * HOUR, AbsenceKind.REST
        )
        assert self.published(session)[0].payload["is_rest"] is True
        with pytest.raises(Forbidden):
            service.withdraw_own_absence(session, technician.id, rest.id)

    def test_can_be_withdrawn(self, session: Session) -> None:
        technician = make_technician(session)
        absence = self.report(session, technician.id)
        service.withdraw_absence(session, technician.id, absence.id)
        assert queries.list_absences(session, [technician.id], EIGHT, EIGHT + HOUR) == []

    def test_ends_after_it_starts(self, session: Session) -> None:
        with pytest.raises(Invalid):
            service.report_absence(
                session, make_technician(session).id, EIGHT, EIGHT, AbsenceKind.OTHER
            )


class TestRecordPosition:
    def test_keeps_the_newest(self, session: Session) -> None:
        technician = make_technician(session)
        for minutes, latitude in ((5, 52.5), (1, 52.1), (6, 52.6)):
            service.record_position(
                session,
                technician.id,
                Point(latitude, 13.4),
                EIGHT + timedelta(minutes=minutes),
                accuracy_m=8,
            )
        session.expire_all()
        position = queries.find_position(session, technician.id)
        assert position is not None
        assert (position.latitude, position.accuracy_m) == (52.6, 8)

    def test_is_refused_off_duty(self, session: Session) -> None:
        technician = make_technician(session, on_duty=False)
        with pytest.raises(Conflict) as refusal:
            service.record_position(session, technician.id, Point(52.5, 13.4), EIGHT)
        assert refusal.value.code == "off_duty"


class TestSetOnDuty:
    def test_forgets_the_position_at_the_end(self, session: Session) -> None:
        technician = make_technician(session)
        service.record_position(session, technician.id, Point(52.5, 13.4), EIGHT)
        service.set_on_duty(session, technician.id, False)
        session.expire_all()
        assert queries.find_position(session, technician.id) is None
        assert not technician.on_duty
