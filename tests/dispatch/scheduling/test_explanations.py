"""Why a visit is where it is, over HTTP, for the office."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from dispatch.scheduling.desk.service import assign_by_hand
from dispatch.scheduling.moves.service import move
from dispatch.scheduling.policies.rules import Rules
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel import clock
from tests.client import ApiClient
from tests.factories.scheduling import MONDAY, add_technician, make_planned, make_town, make_waiting
from tests.principals import call_agent, dispatcher, principal

HOUR = timedelta(hours=1)
NINE = MONDAY + HOUR
Client = Callable[..., ApiClient]


@pytest.fixture
def office(client: Client) -> ApiClient:
    return client(dispatcher())


def told(office: ApiClient, visit: Visit, *compare: Any) -> dict[str, Any]:
    query = "&".join(f"compare={one.id}" for one in compare)
    answer = office.get(f"/api/visits/{visit.id}/explanation?{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


class TestAssigned:
    def test_ranks_everybody_against_the_schedule(
        self, session: Session, office: ApiClient
    ) -> None:
        town = make_town(session)
        novice = add_technician(session, town, skills={"boiler": 1})
        visit, _ = make_planned(session, town, town.first, NINE)
        found = told(office, visit)
        assert found["state"] == "assigned"
        by_name = {one["technicians"][0]["technician_id"]: one for one in found["candidates"]}
        present = by_name[str(town.first.id)]
        assert (present["code"], present["cents"], at(present["starts_at"])) == ("present", 0, NINE)
        other = by_name[str(town.technicians[1].id)]
        assert (other["code"], other["terms"]) == (
            "dearer",
            {"broken_promises": Rules().move_cents},
        )
        low = by_name[str(novice.id)]
        assert (low["code"], [v["code"] for v in low["violations"]]) == (
            "forbidden",
            ["skill_level"],
        )
        assert novice.name in low["violations"][0]["sentence"]
        assert [one["code"] for one in found["candidates"]] == ["present", "dearer", "forbidden"]

    def test_says_why_not_earlier(self, session: Session, office: ApiClient) -> None:
        town = make_town(session, 1)
        first, _ = make_planned(session, town, town.first, NINE)
        window: dict[str, Any] = {"window_start": NINE + HOUR, "window_end": NINE + 3 * HOUR}
        visit, _ = make_planned(session, town, town.first, NINE + HOUR, **window)
        found = told(office, visit)
        binding = {one["code"]: one for one in found["obstacles"] if one["is_binding"]}
        assert set(binding) == {"window", "stop_before"}
        assert binding["stop_before"]["visit_id"] == str(first.id)
        assert at(binding["window"]["until"]) == NINE + HOUR

    def test_compares_two_people(self, session: Session, office: ApiClient) -> None:
        town = make_town(session)
        visit, _ = make_planned(session, town, town.first, NINE)
        first, second = town.technicians
        found = told(office, visit, second)["comparison"]
        assert (found["cents"], found["terms"]) == (
            Rules().move_cents,
            {"broken_promises": Rules().move_cents},
        )
        assert found["sentence"] == f"{second.name} costs 15.00 more than {first.name}."
        again = told(office, visit, first, second)["comparison"]
        assert again["cents"] == -Rules().move_cents

    def test_leaves_what_is_under_way_alone(self, session: Session, office: ApiClient) -> None:
        town = make_town(session)
        visit, _ = make_planned(session, town, town.first, NINE)
        for to in (VisitStatus.DISPATCHED, VisitStatus.EN_ROUTE):
            move(session, visit.id, to)
        clock.freeze(session, NINE)
        found = told(office, visit)
        assert [one["code"] for one in found["candidates"]] == ["present"]
        assert [one["code"] for one in found["obstacles"]] == ["committed"]

    def test_bears_an_overlap_that_a_person_forced(
        self, session: Session, office: ApiClient
    ) -> None:
        town = make_town(session)
        make_planned(session, town, town.first, NINE)
        visit, _ = make_planned(session, town, town.technicians[1], NINE + HOUR / 2)
        second = make_waiting(session, town)
        assign_by_hand(
            session,
            second.id,
            [town.first.id],
            NINE + HOUR / 2,
            accept_violations=True,
            overlap_reason="Both in one cellar",
            overlap_until=NINE + 3 * HOUR,
        )
        assert told(office, visit)["state"] == "assigned"
        assert told(office, second)["state"] == "not_planned"


class TestUnassigned:
    def test_offers_who_could(self, session: Session, office: ApiClient) -> None:
        town = make_town(session)
        found = told(office, make_waiting(session, town))
        assert found["state"] == "unassigned"
        assert found["left_out_cents"] > 0
        assert found["candidates"][0]["code"] == "cheaper"
        assert {one["code"] for one in found["reasons"]} == {"too_expensive"}
        assert found["relaxations"] == []

    def test_says_why_nobody_and_what_would_help(self, session: Session, office: ApiClient) -> None:
        town = make_town(session, 1)
        visit = make_waiting(session, town, skills=[{"skill": "boiler", "level": 5}])
        found = told(office, visit)
        assert [(one["code"], len(one["technicians"])) for one in found["reasons"]] == [
            ("skill_missing", 1)
        ]
        [help_] = found["relaxations"]
        assert (help_["code"], help_["name"], help_["amount"]) == ("level_lower", "boiler", 2)
        assert help_["technicians"] == [
            {"technician_id": str(town.first.id), "name": town.first.name}
        ]
        assert help_["cost_cents"] == sum(help_["terms"].values()) > 0
        assert town.first.name in help_["sentence"]

    def test_a_visit_that_is_done_has_nothing_to_explain(
        self, session: Session, office: ApiClient
    ) -> None:
        town = make_town(session)
        visit = make_waiting(session, town)
        visit.status = VisitStatus.CANCELLED
        session.flush()
        assert told(office, visit)["state"] == "not_planned"


class TestAccess:
    def test_is_for_the_office(self, session: Session, client: Client) -> None:
        url = f"/api/visits/{make_waiting(session, make_town(session)).id}/explanation"
        assert client(principal("customer")).get(url).status_code == 403
        assert client(call_agent()).get(url).status_code == 200

    def test_knows_no_strangers(self, session: Session, office: ApiClient) -> None:
        visit = make_waiting(session, make_town(session))
        url = f"/api/visits/{visit.id}/explanation?compare={uuid4()}"
        assert office.get(url).status_code == 404
        assert office.get(f"/api/visits/{uuid4()}/explanation").status_code == 404
