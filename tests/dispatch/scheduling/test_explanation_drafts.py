"""Doing what an explanation says could be done: drafted, shown, applied."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.queries import assignment_of
from dispatch.scheduling.plans.solving import run_approved
from dispatch.scheduling.policies.rules import Rules
from dispatch.scheduling.staffing.service import unassign
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from tests.client import ApiClient
from tests.factories.scheduling import (
    MONDAY,
    Town,
    add_technician,
    make_planned,
    make_town,
    make_waiting,
)
from tests.principals import call_agent, dispatcher

HOUR = timedelta(hours=1)
NINE = MONDAY + HOUR
Json = dict[str, Any]


@pytest.fixture
def office(client: Callable[..., ApiClient]) -> ApiClient:
    return client(dispatcher())


def explanation(office: ApiClient, visit: Visit) -> Json:
    found: Json = office.get(f"/api/visits/{visit.id}/explanation").json()
    return found


def draft(office: ApiClient, visit: Visit, way: str, one: Json) -> Json:
    people = [who["technician_id"] for who in one["technicians"]]
    body = {"way": way, "technician_ids": people}
    if way == "relaxation":
        body |= {"code": one["code"], "name": one["name"]}
    answer = office.post(f"/api/visits/{visit.id}/explanation/draft", json=body)
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    assert (made["kind"], made["status"], made["trigger"]) == ("draft", "drafted", "explanation")
    shown: Json = office.get(f"/api/plans/{made['id']}/difference").json()
    return shown


def apply(session: Session, office: ApiClient, shown: Json) -> None:
    assert office.post(f"/api/plans/{shown['plan_id']}/apply").status_code == 202
    run_approved(UUID(shown["plan_id"]))
    session.expire_all()


def start_of(session: Session, visit: Visit) -> Any:
    row = assignment_of(session, visit.id)
    assert row is not None
    return row.technician_id, row.starts_at


class TestCandidate:
    def test_is_shown_with_its_price_then_applied(
        self, session: Session, office: ApiClient
    ) -> None:
        town = make_town(session)
        visit, _ = make_planned(session, town, town.first, NINE)
        other = explanation(office, visit)["candidates"][1]
        shown = draft(office, visit, "candidate", other)
        [change] = shown["difference"]["changes"]
        assert (change["what"], change["promise_cents"]) == ("reassigned", Rules().move_cents)
        assert shown["visits"][0]["visit_id"] == str(visit.id)
        assert set(shown["technicians"].values()) == {one.name for one in town.technicians}
        before, after = shown["difference"]["score_before"], shown["difference"]["score_after"]
        assert after["broken_promises"] - before["broken_promises"] == Rules().move_cents
        assert start_of(session, visit) == (town.first.id, NINE)
        apply(session, office, shown)
        assert start_of(session, visit) == (town.technicians[1].id, NINE)

    def test_of_somebody_who_may_not_is_refused(self, session: Session, office: ApiClient) -> None:
        town = make_town(session, 1)
        novice = add_technician(session, town, skills={"boiler": 1})
        visit, _ = make_planned(session, town, town.first, NINE)
        body = {"way": "candidate", "technician_ids": [str(novice.id)]}
        answer = office.post(f"/api/visits/{visit.id}/explanation/draft", json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "no_longer_possible")


class TestEarlier:
    def test_moves_the_visit_and_who_is_pushed_back(
        self, session: Session, office: ApiClient
    ) -> None:
        town = make_town(session, 1)
        visit, _ = make_planned(session, town, town.first, NINE + 3 * HOUR)
        earlier = explanation(office, visit)["earlier"]
        shown = draft(office, visit, "earlier", earlier)
        assert [one["what"] for one in shown["difference"]["changes"]] == ["moved"]
        apply(session, office, shown)
        assert start_of(session, visit)[1] < NINE + 3 * HOUR


def full_day(session: Session, town: Town, hours: int = 9) -> list[Visit]:
    """One hour each, wall to wall, at one place."""
    starts = [MONDAY + hour * HOUR for hour in range(hours)]
    return [make_planned(session, town, town.first, start)[0] for start in starts]


class TestRelaxation:
    def relaxed(self, office: ApiClient, visit: Visit, code: str) -> Json:
        found = explanation(office, visit)
        [one] = [one for one in found["relaxations"] if one["code"] == code]
        return draft(office, visit, "relaxation", one)

    def test_starts_later_than_the_window(self, session: Session, office: ApiClient) -> None:
        town = make_town(session, 1)
        early: Json = {"window_start": MONDAY, "window_end": MONDAY + HOUR / 4}
        make_planned(session, town, town.first, MONDAY, **early)
        visit = make_waiting(session, town, **early)
        shown = self.relaxed(office, visit, "start_later")
        apply(session, office, shown)
        assert start_of(session, visit) == (town.first.id, NINE)

    def test_sends_somebody_with_a_lower_level(self, session: Session, office: ApiClient) -> None:
        town = make_town(session, 1)
        visit = make_waiting(session, town, skills=[{"skill": "boiler", "level": 4}])
        apply(session, office, self.relaxed(office, visit, "level_lower"))
        assert visit.status is VisitStatus.SCHEDULED

    def test_does_without_a_credential(self, session: Session, office: ApiClient) -> None:
        town = make_town(session, 1)
        visit = make_waiting(session, town, credentials=["gas"])
        apply(session, office, self.relaxed(office, visit, "credential_missing"))
        assert visit.status is VisitStatus.SCHEDULED

    def test_works_overtime(self, session: Session, office: ApiClient) -> None:
        town = make_town(session, 1, days=1)
        others = full_day(session, town)
        today: Json = {"window_start": MONDAY, "window_end": MONDAY + 14 * HOUR}
        visit = make_waiting(session, town, **today)
        apply(session, office, self.relaxed(office, visit, "overtime"))
        starts = sorted(start_of(session, one)[1] for one in [visit, *others])
        assert starts == [MONDAY + hour * HOUR for hour in range(10)]

    def test_moves_another_visit(self, session: Session, office: ApiClient) -> None:
        town = make_town(session, 2, days=1)
        at_nine: Json = {"window_start": NINE, "window_end": NINE + HOUR / 4}
        other, _ = make_planned(session, town, town.first, NINE, **at_nine)
        visit = make_waiting(session, town, required_technician_ids=[town.first.id], **at_nine)
        shown = self.relaxed(office, visit, "move")
        assert {one["visit_id"] for one in shown["difference"]["changes"]} == {
            str(visit.id),
            str(other.id),
        }
        apply(session, office, shown)
        assert start_of(session, visit) == (town.first.id, NINE)
        assert start_of(session, other)[0] == town.technicians[1].id

    def test_that_is_gone_is_a_conflict(self, session: Session, office: ApiClient) -> None:
        town = make_town(session, 1)
        visit, _ = make_planned(session, town, town.first, NINE)
        unassign(session, visit.id, "test")
        body = {"way": "relaxation", "technician_ids": [str(town.first.id)], "code": "overtime"}
        answer = office.post(f"/api/visits/{visit.id}/explanation/draft", json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "no_longer_possible")


class TestAccess:
    def test_is_for_those_who_plan(
        self, session: Session, client: Callable[..., ApiClient]
    ) -> None:
        visit = make_waiting(session, make_town(session))
        body = {"way": "earlier", "technician_ids": [str(visit.id)]}
        answer = client(call_agent()).post(f"/api/visits/{visit.id}/explanation/draft", json=body)
        assert answer.status_code == 403
