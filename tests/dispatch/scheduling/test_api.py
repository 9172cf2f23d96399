"""The schedule over HTTP, for the office."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from dispatch.scheduling.board.ports import OpenOffer, open_offers
from kernel import db
from tests.client import ApiClient
from tests.factories.scheduling import MONDAY, add_technician, make_planned, make_town, make_waiting
from tests.principals import call_agent, dispatcher, principal

HOUR = timedelta(hours=1)
NINE = MONDAY + HOUR
Client = Callable[..., ApiClient]


@pytest.fixture
def office(client: Client) -> ApiClient:
    return client(dispatcher())


@contextmanager
def selects_counted() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)


class TestBoard:
    def test_shows_who_does_what_and_what_waits(self, session: Session, office: ApiClient) -> None:
        town = make_town(session)
        planned, row = make_planned(session, town, town.first, NINE)
        waiting = make_waiting(session, town)
        board = office.get(f"/api/board?territory_id={town.territory.id}&day=2026-03-02").json()
        visits = {visit["id"]: visit for visit in board["visits"]}
        assert set(visits) == {str(planned.id), str(waiting.id)}
        assert visits[str(planned.id)]["seats"][0]["assignment_id"] == str(row.id)
        assert board["unassigned"] == [str(waiting.id)]
        people = {person["id"]: person for person in board["technicians"]}
        assert people[str(town.first.id)]["visit_ids"] == [str(planned.id)]
        assert len(people[str(town.first.id)]["shifts"]) == 1

    def test_shows_open_offers(self, session: Session, office: ApiClient) -> None:
        town = make_town(session)
        visit = make_waiting(session, town)
        offer = OpenOffer(
            uuid4(), visit.id, town.first.id, "sent", NINE, NINE + HOUR, MONDAY + HOUR / 2
        )
        with open_offers.wired(lambda *_: [offer]):
            board = office.get(f"/api/board?territory_id={town.territory.id}").json()
        people = {person["id"]: person for person in board["technicians"]}
        assert people[str(town.first.id)]["offers"][0]["visit_id"] == str(visit.id)

    def test_reads_as_often_for_many_as_for_few(self, session: Session, office: ApiClient) -> None:
        few, many = make_town(session, 1), make_town(session, 6)
        make_planned(session, few, few.first, NINE)
        for technician in many.technicians:
            make_planned(session, many, technician, NINE)
            make_waiting(session, many)
        counts = []
        for town in (few, many):
            with selects_counted() as seen:
                office.get(f"/api/board?territory_id={town.territory.id}&day=2026-03-02")
            counts.append(len(seen))
        assert max(counts) <= 25

    def test_is_for_the_office(self, session: Session, client: Client) -> None:
        town = make_town(session)
        customer = client(principal("customer"))
        url = f"/api/board?territory_id={town.territory.id}"
        assert customer.get(url).status_code == 403
        assert client(call_agent()).get(url).status_code == 200

    def test_does_not_know_other_territories(self, office: ApiClient) -> None:
        assert office.get(f"/api/board?territory_id={uuid4()}").status_code == 404


class TestAssign:
    def test_tells_what_is_wrong(self, session: Session, office: ApiClient) -> None:
        town = make_town(session)
        novice = add_technician(session, town, skills={"boiler": 1})
        visit = make_waiting(session, town)
        wanted = {"technician_ids": [str(novice.id)], "starts_at": NINE.isoformat()}
        told = office.post(f"/api/visits/{visit.id}/assign", json=wanted)
        assert told.status_code == 409
        assert told.json()["code"] == "violations"
        assert [v["code"] for v in told.json()["violations"]] == ["skill_level"]
        assert "level 2 is needed" in told.json()["violations"][0]["sentence"]
        done = office.post(
            f"/api/visits/{visit.id}/assign", json={**wanted, "accept_violations": True}
        )
        assert done.status_code == 200
        assert done.json()["seats"][0]["technician_id"] == str(novice.id)

    def test_needs_a_reason_to_overlap(self, session: Session, office: ApiClient) -> None:
        town = make_town(session)
        make_planned(session, town, town.first, NINE)
        visit = make_waiting(session, town)
        wanted: dict[str, Any] = {
            "technician_ids": [str(town.first.id)],
            "starts_at": (NINE + HOUR / 2).isoformat(),
            "accept_violations": True,
        }
        told = office.post(f"/api/visits/{visit.id}/assign", json=wanted)
        assert "overlap" in [v["code"] for v in told.json()["violations"]]
        wanted["overlap_reason"] = "Both in one cellar"
        wanted["overlap_until"] = (NINE + 3 * HOUR).isoformat()
        done = office.post(f"/api/visits/{visit.id}/assign", json=wanted)
        assert done.status_code == 200
        assert done.json()["seats"][0]["overlap_reason"] == "Both in one cellar"

    def test_refuses_what_was_seen_before_a_change(
        self, session: Session, office: ApiClient
    ) -> None:
        town = make_town(session)
        visit = make_waiting(session, town)
        tag = office.get(f"/api/visits/{visit.id}").headers["etag"]
        wanted = {"technician_ids": [str(town.first.id)], "starts_at": NINE.isoformat()}
        headers = {"If-Match": tag}
        first = office.post(f"/api/visits/{visit.id}/assign", json=wanted, headers=headers)
        assert first.status_code == 200
        again = office.post(f"/api/visits/{visit.id}/assign", json=wanted, headers=headers)
        assert again.status_code == 412

    def test_is_not_for_call_agents(self, session: Session, client: Client) -> None:
        town = make_town(session)
        visit = make_waiting(session, town)
        wanted = {"technician_ids": [str(town.first.id)], "starts_at": NINE.isoformat()}
        agent = client(call_agent())
        assert agent.post(f"/api/visits/{visit.id}/assign", json=wanted).status_code == 403


class TestCheckAssignment:
    def test_says_travel_cost_and_what_is_wrong(self, session: Session, office: ApiClient) -> None:
        town = make_town(session)
        visit = make_waiting(session, town, east=0.05)
        wanted = {"technician_ids": [str(town.first.id)], "starts_at": MONDAY.isoformat()}
        found = office.post(f"/api/visits/{visit.id}/check-assignment", json=wanted).json()
        assert found["travel_seconds"] > 0
        assert found["cost_cents"] > 4500
        assert [v["code"] for v in found["violations"]] == ["travel"]


class TestByHand:
    def test_walks_through_the_day(self, session: Session, office: ApiClient) -> None:
        town = make_town(session)
        visit, _ = make_planned(session, town, town.first, NINE)
        url = f"/api/visits/{visit.id}"
        assert office.post(f"{url}/dispatch").json()["status"] == "dispatched"
        assert office.post(f"{url}/recall").json()["status"] == "scheduled"
        for to in ("dispatched", "en_route", "on_site"):
            moved = office.post(f"{url}/move", json={"to": to})
            assert moved.json()["status"] == to
        noted = {"waited_minutes": 15, "call_log": [{"at": NINE.isoformat(), "to": "+49"}]}
        assert office.post(f"{url}/no-access", json=noted).status_code == 201
        assert office.get(url).json()["incomplete_reason"] == "no_access"

    def test_unassigns_with_a_reason(self, session: Session, office: ApiClient) -> None:
        town = make_town(session)
        visit, _ = make_planned(session, town, town.first, NINE)
        done = office.post(f"/api/visits/{visit.id}/unassign", json={"reason": "van broke down"})
        assert (done.json()["status"], done.json()["seats"]) == ("unscheduled", [])

    def test_pins_and_unpins(self, session: Session, office: ApiClient) -> None:
        town = make_town(session)
        visit = make_waiting(session, town)
        url = f"/api/visits/{visit.id}/pins"
        wanted = {"kind": "technician", "technician_id": str(town.first.id), "reason": "asked for"}
        assert office.put(url, json=wanted).json()["kind"] == "technician"
        assert office.put(url, json={"kind": "day"}).status_code == 422
        assert len(office.get(f"/api/visits/{visit.id}").json()["pins"]) == 1
        assert office.delete(url).status_code == 204
        assert office.get(f"/api/visits/{visit.id}").json()["pins"] == []

    @pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
    def test_refuses_a_day_out_of_reason(
        self, client: Client, session: Session, office: ApiClient, day: str
    ) -> None:
        town = make_town(session)
        visit, first = make_waiting(session, town), str(town.first.id)
        admin = client(principal("admin"))
        asked = [
            office.put(f"/api/visits/{visit.id}/pins", json={"kind": "day", "day": day}),
            office.post("/api/plans/day", json={"technician_id": first, "day": day}),
            office.get(f"/api/board?territory_id={town.territory.id}&day={day}"),
            office.get(f"/api/visits/{visit.id}/windows?from={day}"),
            admin.post(
                "/api/backtests",
                json={"policy_id": str(uuid4()), "from_day": day, "to_day": day},
            ),
            admin.post(
                "/api/rotas",
                json={
                    "name": "Nights",
                    "territory_id": str(town.territory.id),
                    "member_ids": [first],
                    "starts_on": day,
                },
            ),
        ]
        assert [(one.status_code, one.json()["code"]) for one in asked] == [(422, "malformed")] * 6

    def test_reports_somebody_sick(self, session: Session, office: ApiClient) -> None:
        town = make_town(session)
        until = (MONDAY + 9 * HOUR).isoformat()
        url = f"/api/technicians/{town.first.id}/sick"
        noted = office.post(url, json={"until": until, "reason": "flu"})
        assert noted.status_code == 201
        assert noted.json()["kind"] == "illness"


class TestIntake:
    def test_books_while_talking(self, session: Session, client: Client) -> None:
        town = make_town(session)
        visit = make_waiting(session, town)
        agent, url = client(call_agent()), f"/api/visits/{visit.id}"
        shown = agent.get(f"{url}/windows?from=2026-03-02&days=2").json()
        told = {"start", "end", "grade", "reasons", "cost_cents", "co2_grams", "technician_id"}
        assert told == set(shown[0])
        wanted = {"window_start": shown[1]["start"], "window_end": shown[1]["end"]}
        held = agent.post(f"{url}/hold", json=wanted)
        assert held.status_code == 201
        booked = agent.post(f"{url}/confirm").json()
        assert (booked["status"], booked["arrival_start"]) == ("confirmed", shown[1]["start"])
        other = {"window_start": shown[3]["start"], "window_end": shown[3]["end"]}
        assert agent.post(f"{url}/reschedule", json=other).json()["times_moved"] == 1
        endless = agent.post(f"{url}/cancel-booking", json={"reason": "x" * 501})
        assert endless.json()["code"] == "malformed"
        assert agent.post(f"{url}/cancel-booking").json()["status"] == "cancelled"
        assert agent.get(url).json()["status"] == "cancelled"


class TestDaySheet:
    def test_prints_the_day_escaped(self, session: Session, office: ApiClient) -> None:
        town = make_town(session)
        make_planned(
            session, town, town.first, NINE, order_values={"title": "Boiler <b>cold</b> & loud"}
        )
        page = office.get(f"/api/technicians/{town.first.id}/day-sheet?day=2026-03-02")
        assert page.headers["content-type"].startswith("text/html")
        assert "Boiler &lt;b&gt;cold&lt;/b&gt; &amp; loud" in page.text
        assert "@page" in page.text
        assert "09:00" in page.text

    def test_says_when_nothing_is_planned(self, session: Session, office: ApiClient) -> None:
        town = make_town(session)
        page = office.get(f"/api/technicians/{town.first.id}/day-sheet?day=2026-03-09")
        assert "Nothing is planned" in page.text


class TestPlans:
    def test_asks_for_one_and_shows_it(self, session: Session, office: ApiClient) -> None:
        town = make_town(session)
        asked = office.post("/api/plans", json={"territory_ids": [str(town.territory.id)]})
        assert asked.status_code == 202
        plan_id = asked.json()["id"]
        assert office.get(f"/api/plans/{plan_id}").json()["status"] == "requested"
        listed = office.get(f"/api/plans?territory_id={town.territory.id}").json()
        assert [plan["id"] for plan in listed["items"]] == [plan_id]


class TestPresence:
    def test_shows_who_works_on_an_order(self, session: Session, office: ApiClient) -> None:
        town = make_town(session)
        visit = make_waiting(session, town)
        url = f"/api/work-orders/{visit.work_order_id}/presence"
        assert [who["name"] for who in office.post(url).json()] == ["dispatcher"]
        assert len(office.get(url).json()) == 1
