"""Territories and the rule which of them serves a position."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from dispatch.territories import service
from kernel.errors import Invalid
from kernel.geo import Point
from tests.client import ApiClient
from tests.factories.territories import make_territory
from tests.principals import call_agent, dispatcher, principal

Clients = Callable[..., ApiClient]
POTSDAM = Point(52.39, 13.06)


class TestFindFor:
    def test_takes_the_nearest_centre(self, session: Session) -> None:
        make_territory(session)
        near = make_territory(session, latitude=52.4, longitude=13.0)
        assert service.find_for(session, POTSDAM) == near

    def test_finds_nothing_where_there_is_nothing(self, session: Session) -> None:
        assert service.find_for(session, POTSDAM) is None

    def test_works_across_the_date_line(self, session: Session) -> None:
        make_territory(session, latitude=0, longitude=170)
        near = make_territory(session, latitude=0, longitude=-179)
        assert service.find_for(session, Point(0, 179.5)) == near


class TestCreateTerritory:
    def test_refuses_an_unknown_time_zone(self, session: Session) -> None:
        with pytest.raises(Invalid):
            service.create_territory(
                session, name="X", time_zone="Mars/Base", latitude=0, longitude=0
            )


class TestApi:
    def test_planners_create_and_change(self, session: Session, client: Clients) -> None:
        planner = client(dispatcher())
        created = planner.post(
            "/api/territories",
            json={
                "name": "Berlin",
                "time_zone": "Europe/Berlin",
                "region": "DE-BE",
                "latitude": 52.5,
                "longitude": 13.4,
                "emergency_reserve_pct": 10,
            },
        )
        assert created.status_code == 201
        url = f"/api/territories/{created.json()['id']}"
        changed = planner.patch(
            url, json={"emergency_reserve_pct": 20}, headers={"If-Match": '"1"'}
        )
        assert changed.json()["emergency_reserve_pct"] == 20
        assert [t["name"] for t in client(call_agent()).get("/api/territories").json()] == [
            "Berlin"
        ]

    def test_a_name_is_given_once(self, session: Session, client: Clients) -> None:
        territory = make_territory(session)
        reply = client(dispatcher()).post(
            "/api/territories",
            json={
                "name": territory.name,
                "time_zone": "Europe/Berlin",
                "latitude": 0,
                "longitude": 0,
            },
        )
        assert (reply.status_code, reply.json()["code"]) == (409, "duplicate")

    def test_customers_see_none(self, session: Session, client: Clients) -> None:
        assert client(principal("customer")).get("/api/territories").status_code == 403

    def test_call_agents_change_none(self, session: Session, client: Clients) -> None:
        territory = make_territory(session)
        reply = client(call_agent()).patch(
            f"/api/territories/{territory.id}", json={"name": "X"}, headers={"If-Match": '"1"'}
        )
        assert reply.status_code == 403
