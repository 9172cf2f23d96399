"""A provider's manager says when own people work and are away, and hears what it changes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.plans.releases import release_absent
from dispatch.scheduling.staffing import service as staffing
from dispatch.technicians.lifecycle import AbsenceKind, Employment
from dispatch.technicians.models import Technician
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel import clock
from marketplace.offers import service as offers
from marketplace.pay_terms.service import set_terms
from tests.client import ApiClient
from tests.factories.marketplace import make_offer
from tests.factories.technicians import make_absence, make_shift, make_technician
from tests.factories.work_orders import make_visit, walk
from tests.principals import principal

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
Client = Callable[..., ApiClient]


@pytest.fixture(autouse=True)
def monday_morning(session: Session) -> None:
    clock.freeze(session, NOW)


@pytest.fixture
def person(session: Session) -> Technician:
    return make_technician(session, employment=Employment.PARTNER, skills={"boiler": 3})


@pytest.fixture
def http(client: Client, person: Technician) -> ApiClient:
    return client(principal("provider_manager", subject_id=person.provider_id))


def span(start: datetime, end: datetime, **more: Any) -> dict[str, Any]:
    return {"starts_at": start.isoformat(), "ends_at": end.isoformat(), **more}


def times(http: ApiClient, person: Technician) -> dict[str, Any]:
    shown: dict[str, Any] = http.get(f"/api/provider/people/{person.id}/times").json()
    return shown


def accepted(session: Session, person: Technician) -> Visit:
    """A job in three hours, accepted for 80 euros."""
    make_shift(session, person, NOW)
    offer = make_offer(session, technician=person, starts_at=NOW + 3 * HOUR, pay_cents=8000)
    offers.accept(session, offer.id, person.id)
    return session.get_one(Visit, offer.visit_id)


class TestShifts:
    def test_are_added_changed_and_removed(self, http: ApiClient, person: Technician) -> None:
        path = f"/api/provider/people/{person.id}/shifts"
        made = http.post(path, json=span(NOW + 24 * HOUR, NOW + 30 * HOUR, overtime_minutes=30))
        later = span(NOW + 25 * HOUR, NOW + 31 * HOUR)
        changed = http.put(f"/api/provider/shifts/{made.json()['id']}", json=later)
        assert changed.status_code == 200, changed.text
        [shown] = times(http, person)["shifts"]
        assert (shown["id"], shown["overtime_minutes"]) == (changed.json()["id"], 30)
        assert times(http, person)["time_zone"] == "Europe/Berlin"
        assert http.delete(f"/api/provider/shifts/{shown['id']}").status_code == 204
        assert times(http, person)["shifts"] == []

    def test_changed_by_somebody_else_meanwhile_are_gone(
        self, http: ApiClient, person: Technician, session: Session
    ) -> None:
        shift = make_shift(session, person, NOW + 24 * HOUR)
        path, later = f"/api/provider/shifts/{shift.id}", span(NOW + 25 * HOUR, NOW + 31 * HOUR)
        assert http.put(path, json=later).status_code == 200
        assert http.put(path, json=later).status_code == 404

    def test_that_break_rules_leave_the_old_one(
        self, http: ApiClient, person: Technician, session: Session
    ) -> None:
        shift = make_shift(session, person, NOW + 24 * HOUR)
        endless = span(NOW + 24 * HOUR, NOW + 40 * HOUR, override_reason="because")
        refused = http.put(f"/api/provider/shifts/{shift.id}", json=endless)
        assert refused.json()["code"] == "working_time"


class TestAbsences:
    def test_are_reported_changed_and_withdrawn(self, http: ApiClient, person: Technician) -> None:
        path = f"/api/provider/people/{person.id}/absences"
        made = http.post(path, json=span(NOW + 24 * HOUR, NOW + 48 * HOUR, kind="holiday"))
        longer = span(NOW + 24 * HOUR, NOW + 72 * HOUR, kind="holiday", reason="Sea")
        changed = http.put(f"/api/provider/absences/{made.json()['id']}", json=longer).json()
        assert times(http, person)["absences"] == [changed]
        assert http.delete(f"/api/provider/absences/{changed['id']}").status_code == 204
        assert http.delete(f"/api/provider/absences/{changed['id']}").status_code == 404
        assert times(http, person)["absences"] == []

    def test_rest_by_law_is_left_alone(
        self, http: ApiClient, person: Technician, session: Session
    ) -> None:
        rest = make_absence(session, person, NOW, NOW + 11 * HOUR, kind=AbsenceKind.REST)
        gone = http.delete(f"/api/provider/absences/{rest.id}")
        assert (gone.status_code, gone.json()["code"]) == (403, "rest_by_law")


class TestAbsenceEffects:
    def ask(self, http: ApiClient, person: Technician, start: datetime) -> list[dict[str, Any]]:
        period = {"start": start.isoformat(), "end": (start + 8 * HOUR).isoformat()}
        path = f"/api/provider/people/{person.id}/absence-effects"
        shown: list[dict[str, Any]] = http.get(path, params=period).json()
        return shown

    def test_an_accepted_job_is_given_back_at_a_price(
        self, http: ApiClient, person: Technician, session: Session
    ) -> None:
        set_terms(session, {"late_back_out_pct": 50})
        visit = accepted(session, person)
        [effect] = self.ask(http, person, NOW)
        assert effect["job"]["visit_id"] == str(visit.id)
        assert (effect["stays"], effect["fee_cents"]) == (False, 4000)
        assert self.ask(http, person, NOW + 24 * HOUR) == []

    def test_work_that_has_begun_stays(
        self, http: ApiClient, person: Technician, session: Session
    ) -> None:
        make_shift(session, person, NOW)
        visit = make_visit(session)
        staffing.assign(session, visit.id, [person.id], NOW + HOUR, source="dispatcher")
        session.refresh(visit)
        walk(session, visit, VisitStatus.IN_PROGRESS)
        [effect] = self.ask(http, person, NOW)
        assert (effect["stays"], effect["fee_cents"]) == (True, 0)


class TestReleased:
    """What the schedule does with an accepted job of an absent person."""

    @pytest.mark.parametrize(
        ("is_rest", "ended"),
        [(False, AssignmentStatus.BACKED_OUT), (True, AssignmentStatus.REMOVED)],
    )
    def test_counts_as_given_back_unless_the_law_wants_rest(
        self, session: Session, person: Technician, is_rest: bool, ended: AssignmentStatus
    ) -> None:
        visit = accepted(session, person)
        assert release_absent(session, person.id, NOW, NOW + 8 * HOUR, is_rest=is_rest) == [
            visit.id
        ]
        [row] = session.query(Assignment).filter_by(visit_id=visit.id)
        assert row.status is ended
