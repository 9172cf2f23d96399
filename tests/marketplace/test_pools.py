"""Talent pools: who belongs, by name and by rule."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.preferences.lifecycle import Stance, Wisher
from dispatch.technicians.preferences.service import set_preference
from kernel import clock
from kernel.errors import Invalid
from kernel.geo import Point
from marketplace.pools import service
from marketplace.pools.matching import CHECKS, Person, belongs
from marketplace.pools.ports import scores_of
from marketplace.pools.queries import technician_ids_of
from tests.client import ApiClient
from tests.factories.customers import make_customer
from tests.factories.marketplace import make_freelancer
from tests.factories.technicians import make_technician
from tests.principals import principal

Client = Callable[..., ApiClient]
HERE = {"latitude": 52.5, "longitude": 13.4}


@pytest.fixture(autouse=True)
def monday_morning(session: Session) -> None:
    clock.freeze(session, datetime(2026, 3, 2, 9, tzinfo=UTC))


class TestBelongs:
    PERSON = Person(
        technician_id=uuid4(),
        employment="freelance",
        territory_id=uuid4(),
        provider_id=uuid4(),
        home=Point(52.52, 13.4),
        hourly_cents=4500,
        skills={"boiler": 3},
        credentials=frozenset({"gas"}),
        languages=frozenset({"de"}),
        jobs_done=5,
        score=70,
        prefers=frozenset({uuid4()}),
    )
    MET = (
        {"kind": "employment", "employment": "freelance"},
        {"kind": "territory", "territory_id": str(PERSON.territory_id)},
        {"kind": "provider", "provider_id": str(PERSON.provider_id)},
        {"kind": "skill", "skill": "boiler", "level": 3},
        {"kind": "credential", "credential": "gas"},
        {"kind": "language", "language": "de"},
        {"kind": "rate", "at_most_cents": 4500},
        {"kind": "near", **HERE, "km": 3},
        {"kind": "jobs_done", "at_least": 5},
        {"kind": "score", "at_least": 70},
        {"kind": "prefers", "customer_id": str(next(iter(PERSON.prefers)))},
    )
    UNMET = (
        {"kind": "employment", "employment": "partner"},
        {"kind": "territory", "territory_id": str(uuid4())},
        {"kind": "provider", "provider_id": str(uuid4())},
        {"kind": "skill", "skill": "boiler", "level": 4},
        {"kind": "credential", "credential": "electric"},
        {"kind": "language", "language": "tr"},
        {"kind": "rate", "at_most_cents": 4499},
        {"kind": "near", **HERE, "km": 2},
        {"kind": "jobs_done", "at_least": 6},
        {"kind": "score", "at_least": 71},
        {"kind": "prefers", "customer_id": str(uuid4())},
    )

    def test_means_every_condition(self) -> None:
        assert {one["kind"] for one in self.MET} == CHECKS.keys()
        assert belongs(self.MET, self.PERSON)

    @pytest.mark.parametrize("unmet", UNMET, ids=lambda one: one["kind"])
    def test_fails_with_one(self, unmet: dict[str, object]) -> None:
        assert not belongs([*self.MET, unmet], self.PERSON)


class TestTechnicianIdsOf:
    def test_gives_the_named_while_they_are_active(self, session: Session) -> None:
        one, gone = make_freelancer(session), make_freelancer(session, active=False)
        pool = service.create_pool(session, name="Named", rule=[])
        for person in (one, gone):
            service.name_member(session, pool.id, person.id)
        assert technician_ids_of(session, pool.id) == {one.id}
        service.forget_member(session, pool.id, one.id)
        assert technician_ids_of(session, pool.id) == set()

    def test_gives_those_who_meet_the_rule_but_the_kept_out(self, session: Session) -> None:
        able, kept_out = make_freelancer(session), make_freelancer(session)
        named = make_freelancer(session, skills={})
        make_freelancer(session, skills={"boiler": 1})
        make_technician(session, skills={"boiler": 5})
        rule = [{"kind": "skill", "skill": "boiler", "level": 3}]
        pool = service.create_pool(session, name="Boilers", rule=rule)
        service.name_member(session, pool.id, kept_out.id, kept_out=True)
        service.name_member(session, pool.id, named.id)
        assert technician_ids_of(session, pool.id) == {able.id, named.id}

    def test_asks_the_port_for_scores_and_knows_who_likes_whom(self, session: Session) -> None:
        good, poor = make_freelancer(session), make_freelancer(session)
        customer = make_customer(session)
        set_preference(session, Wisher.TECHNICIAN, customer.id, good.id, Stance.PREFER)
        wanted = {"kind": "prefers", "customer_id": str(customer.id)}
        rule = [{"kind": "score", "at_least": 60}, wanted]
        pool = service.create_pool(session, name="Good", rule=rule)
        assert technician_ids_of(session, pool.id) == set()
        with scores_of.wired(lambda _, ids: dict.fromkeys(ids, 80) | {poor.id: 20}):
            assert technician_ids_of(session, pool.id) == {good.id}


class TestNameMember:
    def test_refuses_staff(self, session: Session) -> None:
        pool = service.create_pool(session, name="Named", rule=[])
        staff = make_technician(session, employment=Employment.IN_HOUSE)
        with pytest.raises(Invalid) as refused:
            service.name_member(session, pool.id, staff.id)
        assert refused.value.code == "not_in_crowd"


class TestApi:
    def test_a_pool_lives(self, session: Session, client: Client) -> None:
        http, person = client(principal("dispatcher")), make_freelancer(session)
        rule = [{"kind": "near", **HERE, "km": 30}, {"kind": "skill", "skill": "boiler"}]
        made = http.post("/api/talent-pools", json={"name": "Near", "rule": rule})
        assert made.status_code == 201, made.text
        path = f"/api/talent-pools/{made.json()['id']}"
        assert http.get(f"{path}/members").json()["technician_ids"] == [str(person.id)]
        again = http.post("/api/talent-pools", json={"name": "Near"})
        assert again.json()["code"] == "pool_name_taken"
        put = http.put(f"{path}/members/{person.id}", json={"kept_out": True})
        assert put.json()["kept_out"] is True
        assert http.get(f"{path}/members").json()["technician_ids"] == []
        seen = {"If-Match": made.headers["ETag"]}
        changed = http.patch(path, json={"rule": []}, headers=seen)
        assert changed.json()["rule"] == []
        assert http.delete(path).status_code == 204
        assert http.get(f"{path}/members").status_code == 404

    @pytest.mark.parametrize(
        "condition",
        [
            {"kind": "wizard"},
            {"kind": "skill"},
            {"kind": "skill", "skill": "boiler", "level": 9},
            {"kind": "near", **HERE, "km": "NaN"},
            {"kind": "employment", "employment": "in_house"},
            {"kind": "territory", "territory_id": "x' OR 1=1"},
        ],
    )
    def test_refuses_conditions_nobody_knows(
        self, client: Client, condition: dict[str, object]
    ) -> None:
        body = {"name": "Bad", "rule": [condition]}
        assert client(principal("admin")).post("/api/talent-pools", json=body).status_code == 422
