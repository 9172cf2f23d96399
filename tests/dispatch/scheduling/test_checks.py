"""What a dispatcher is told: one test per rule."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.scheduling.checks.service import check_assignment, violations
from dispatch.scheduling.pins.models import PinKind
from dispatch.scheduling.pins.service import pin
from dispatch.scheduling.slots.service import confirm_hold, hold_slot
from dispatch.technicians.lifecycle import CredentialStatus
from dispatch.technicians.models import Technician
from dispatch.work_orders.models import Visit
from tests.factories.scheduling import MONDAY, add_technician, make_planned, make_town, make_waiting
from tests.factories.technicians import make_absence, make_credential

HOUR = timedelta(hours=1)
TEN = MONDAY + 2 * HOUR


def codes(session: Session, visit: Visit, technician: Technician, at: datetime = TEN) -> list[str]:
    return [v.code for v in violations(session, visit.id, technician.id, at)]


class TestViolations:
    def test_is_silent_when_all_is_well(self, session: Session) -> None:
        town = make_town(session)
        assert codes(session, make_waiting(session, town), town.first) == []

    def test_skill_missing_and_level(self, session: Session) -> None:
        town = make_town(session)
        visit = make_waiting(session, town)
        assert codes(session, visit, add_technician(session, town, skills={})) == ["skill_missing"]
        novice = add_technician(session, town, skills={"boiler": 1})
        assert codes(session, visit, novice) == ["skill_level"]

    def test_credential_that_runs_out_before_the_end(self, session: Session) -> None:
        town = make_town(session, credentials=["gas"])
        visit = make_waiting(session, town)
        assert codes(session, visit, town.first) == ["credential_missing"]
        make_credential(session, town.first, expires_at=TEN + HOUR / 2)
        assert codes(session, visit, town.first) == ["credential_missing"]
        make_credential(session, town.first, expires_at=TEN + 2 * HOUR)
        assert codes(session, visit, town.first) == []

    def test_credential_not_checked_yet(self, session: Session) -> None:
        town = make_town(session, credentials=["gas"])
        visit = make_waiting(session, town)
        make_credential(session, town.first, status=CredentialStatus.PENDING)
        assert codes(session, visit, town.first) == ["credential_missing"]

    def test_outside_the_shift(self, session: Session) -> None:
        town = make_town(session)
        visit = make_waiting(session, town)
        assert codes(session, visit, town.first, MONDAY - HOUR) == ["shift"]
        assert codes(session, visit, town.first, MONDAY + 8.5 * HOUR) == ["shift"]

    def test_absence(self, session: Session) -> None:
        town = make_town(session)
        make_absence(session, town.first, TEN + HOUR / 2, TEN + 3 * HOUR)
        assert codes(session, make_waiting(session, town), town.first) == ["absence"]

    def test_break(self, session: Session) -> None:
        town = make_town(session, technicians=0)
        pause = [(2 * HOUR, 2.25 * HOUR, 30)]
        technician = add_technician(session, town, breaks=pause)
        visit = make_waiting(session, town)
        assert codes(session, visit, technician) == ["break"]
        assert codes(session, visit, technician, TEN + HOUR) == []

    def test_travel_before_and_after(self, session: Session) -> None:
        town = make_town(session)
        make_planned(session, town, town.first, TEN)
        visit = make_waiting(session, town, east=0.1)
        assert codes(session, visit, town.first, TEN + HOUR) == ["travel"]
        assert codes(session, visit, town.first, TEN - HOUR) == ["travel"]

    def test_too_far(self, session: Session) -> None:
        town = make_town(session)
        near = add_technician(session, town, max_travel_km=3)
        assert codes(session, make_waiting(session, town, east=0.1), near) == ["too_far"]

    def test_window_asked_for_and_promised(self, session: Session) -> None:
        town = make_town(session)
        visit = make_waiting(
            session, town, window_start=MONDAY + 5 * HOUR, window_end=MONDAY + 7 * HOUR
        )
        [asked] = violations(session, visit.id, town.first.id, TEN)
        assert (asked.code, "asked for" in asked.sentence) == ("window", True)
        hold_slot(session, visit.id, MONDAY + 4 * HOUR, MONDAY + 6 * HOUR)
        confirm_hold(session, visit.id)
        [promised] = violations(session, visit.id, town.first.id, TEN)
        assert "Arrival between 12:00 and 14:00 was promised." in promised.sentence

    def test_too_early(self, session: Session) -> None:
        town = make_town(session)
        visit = make_waiting(session, town, earliest_at=TEN + HOUR)
        assert codes(session, visit, town.first) == ["too_early"]

    def test_excluded_and_not_required(self, session: Session) -> None:
        town = make_town(session)
        first, second = town.technicians
        visit = make_waiting(
            session, town, excluded_technician_ids=[first.id], required_technician_ids=[second.id]
        )
        assert codes(session, visit, first) == ["excluded", "not_required"]
        assert codes(session, visit, second) == []

    def test_overlap(self, session: Session) -> None:
        town = make_town(session)
        make_planned(session, town, town.first, TEN + HOUR / 2)
        assert codes(session, make_waiting(session, town), town.first)[0] == "overlap"

    def test_pinned(self, session: Session) -> None:
        town = make_town(session)
        visit = make_waiting(session, town)
        pin(session, visit.id, PinKind.TECHNICIAN, technician_id=town.technicians[1].id)
        pin(session, visit.id, PinKind.DAY, day=MONDAY.date() + timedelta(days=1))
        assert codes(session, visit, town.first) == ["pinned", "pinned"]

    def test_language(self, session: Session) -> None:
        town = make_town(session)
        visit = make_waiting(session, town, languages=["tr"])
        assert codes(session, visit, town.first) == ["language"]
        speaker = add_technician(session, town, languages=["tr", "de"])
        assert codes(session, visit, speaker) == []


class TestCheckAssignment:
    def test_adds_up_a_crew(self, session: Session) -> None:
        town = make_town(session, crew_size=2)
        visit = make_waiting(session, town, east=0.05)
        people = [technician.id for technician in town.technicians]
        one = check_assignment(session, visit.id, people[:1], TEN)
        both = check_assignment(session, visit.id, people, TEN)
        assert both.cost_cents == 2 * one.cost_cents
        assert both.travel_seconds == 2 * one.travel_seconds
