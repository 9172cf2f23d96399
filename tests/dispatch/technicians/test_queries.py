"""What the planner learns about technicians, and how cheaply."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from dispatch.technicians import queries, service
from dispatch.technicians.lifecycle import CredentialStatus, Employment
from dispatch.technicians.models import TechnicianSkill
from dispatch.technicians.queries import TechnicianForPlanning
from kernel.geo import Point
from tests.factories.technicians import (
    make_absence,
    make_credential,
    make_shift,
    make_technician,
)
from tests.factories.territories import make_territory
from tests.statements import counted

DAY = datetime(2026, 11, 23, tzinfo=UTC)
EIGHT = DAY + timedelta(hours=8)


class TestListForPlanning:
    def test_gives_each_technician_what_is_theirs(self, session: Session) -> None:
        territory = make_territory(session)
        one = make_technician(session, territory, skills={"gas": 3}, credentials=["permit"])
        two = make_technician(session, territory)
        shift = make_shift(session, one, EIGHT, breaks=[(EIGHT, EIGHT + timedelta(hours=2), 30)])
        away = make_absence(session, two, EIGHT, EIGHT + timedelta(hours=4))
        service.record_position(session, two.id, Point(52.5, 13.4), EIGHT)
        first, second = queries.list_for_planning(
            session, [territory.id], DAY, DAY + timedelta(days=1)
        )
        assert (first.technician, second.technician) == (one, two)
        assert [held.skill for held in first.skills] == ["gas"]
        assert [credential.kind for credential in first.credentials] == ["permit"]
        assert first.shifts == [shift]
        assert [pause.minutes for pause in first.shifts[0].breaks] == [30]
        assert (first.absences, second.absences) == ([], [away])
        assert first.position is None
        assert second.position is not None

    @pytest.mark.parametrize("many", [1, 12])
    def test_asks_ten_times_however_many_there_are(self, session: Session, many: int) -> None:
        territory = make_territory(session)
        for _ in range(many):
            technician = make_technician(session, territory, skills={"gas": 3, "water": 1})
            make_shift(session, technician, EIGHT, breaks=[(EIGHT, EIGHT, 30)])
        session.flush()
        session.expunge_all()
        with counted(session) as statements:
            found = queries.list_for_planning(session, None, DAY, DAY + timedelta(days=1))
            read = [(t.technician.name, len(t.skills), len(t.shifts[0].breaks)) for t in found]
        assert len(read) == many
        assert len(statements) == 10

    def test_leaves_out_other_territories_and_who_has_left(self, session: Session) -> None:
        here = make_territory(session)
        wanted = make_technician(session, here)
        make_technician(session, here, active=False)
        make_technician(session)
        found = queries.list_for_planning(session, [here.id], DAY, DAY + timedelta(days=1))
        assert [t.technician for t in found] == [wanted]

    def test_can_ask_for_one_kind_of_employment(self, session: Session) -> None:
        make_technician(session)
        free = make_technician(session, employment=Employment.FREELANCE)
        found = queries.list_for_planning(
            session, None, DAY, DAY + timedelta(days=1), employments=[Employment.FREELANCE]
        )
        assert [t.technician for t in found] == [free]

    def test_takes_shifts_that_touch_the_horizon(self, session: Session) -> None:
        technician = make_technician(session)
        night = make_shift(session, technician, DAY - timedelta(hours=2), hours=4)
        make_shift(session, technician, DAY - timedelta(hours=12), hours=10)
        make_shift(session, technician, DAY + timedelta(days=1))
        (found,) = queries.list_for_planning(session, None, DAY, DAY + timedelta(days=1))
        assert found.shifts == [night]


class TestLevelOf:
    @pytest.mark.parametrize(
        ("starts", "ends", "level"),
        [
            (None, None, 3),
            (DAY, None, 3),
            (DAY + timedelta(seconds=1), None, 0),
            (None, DAY, 0),
            (None, DAY + timedelta(seconds=1), 3),
        ],
    )
    def test_counts_only_in_its_time(
        self, session: Session, starts: datetime | None, ends: datetime | None, level: int
    ) -> None:
        technician = make_technician(session)
        held = TechnicianSkill(
            technician_id=technician.id,
            skill="gas",
            level=3,
            valid_from=starts,
            valid_until=ends,
        )
        known = TechnicianForPlanning(technician, skills=[held])
        assert known.level_of("gas", DAY) == level
        assert known.level_of("water", DAY) == 0


class TestHasCredential:
    @pytest.mark.parametrize(
        ("status", "hours", "counts"),
        [
            (CredentialStatus.VALID, None, True),
            (CredentialStatus.VALID, 1, True),
            (CredentialStatus.VALID, 0, False),
            (CredentialStatus.PENDING, None, False),
            (CredentialStatus.REVOKED, None, False),
            (CredentialStatus.EXPIRED, None, False),
        ],
    )
    def test_counts_while_valid(
        self, session: Session, status: CredentialStatus, hours: int | None, counts: bool
    ) -> None:
        technician = make_technician(session)
        credential = make_credential(
            session,
            technician,
            kind="gas",
            status=status,
            expires_at=None if hours is None else DAY + timedelta(hours=hours),
        )
        known = TechnicianForPlanning(technician, credentials=[credential])
        assert known.has_credential("gas", DAY) is counts
        assert not known.has_credential("crane", DAY)


class TestIsAbsent:
    def test_touches_but_does_not_overlap(self, session: Session) -> None:
        technician = make_technician(session)
        away = make_absence(session, technician, EIGHT, EIGHT + timedelta(hours=1))
        known = TechnicianForPlanning(technician, absences=[away])
        assert not known.is_absent(DAY, EIGHT)
        assert known.is_absent(DAY, EIGHT + timedelta(seconds=1))
        assert not known.is_absent(EIGHT + timedelta(hours=1), EIGHT + timedelta(hours=2))
