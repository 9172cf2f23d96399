"""Versions of policies: made, compared, put in force, and followed by plans."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.events import PolicyActivated
from dispatch.scheduling.plans.service import begin, request_plan
from dispatch.scheduling.policies import queries
from dispatch.scheduling.policies.lifecycle import CrowdOrder, PolicyStatus
from dispatch.scheduling.policies.rules import (
    Rules,
    differing,
    rules_from_json,
    rules_to_json,
)
from dispatch.scheduling.policies.service import activate, create_version, retire
from kernel.audit import history
from kernel.db import transaction
from kernel.errors import Conflict, Invalid
from tests.client import ApiClient
from tests.conftest import Database
from tests.factories.scheduling import MONDAY, make_town, make_waiting, use_rules
from tests.factories.territories import make_territory
from tests.principals import dispatcher, principal


class TestRules:
    def test_are_the_same_after_a_round_trip(self) -> None:
        rules = Rules(unserved_cents=(1, 2, 3, 4, 5), weights={"travel": 150}, crowd_minutes=None)
        assert rules_from_json(rules_to_json(rules)) == rules

    def test_take_the_usual_value_for_what_an_older_version_did_not_keep(self) -> None:
        assert rules_from_json({"lead_minutes": 5, "gone": 1}) == Rules(lead_minutes=5)

    def test_count_a_term_as_usual_where_nothing_is_said(self) -> None:
        weights = Rules(weights={"travel": 150}).weights
        assert (weights["travel"], weights["work"]) == (150, 100)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"unserved_cents": (1, 2)},
            {"move_cents": -1},
            {"lead_minutes": 10**6},
            {"weights": {"travel": 10**6}},
            {"crowd_share_pct": 101},
            {"crowd_share_pct_by_work_type": {"boiler": -1}},
            {"crowd_share_days": 0},
        ],
    )
    def test_refuse_what_cannot_be(self, wrong: dict[str, object]) -> None:
        with pytest.raises(Invalid) as refusal:
            Rules(**wrong)  # type: ignore[arg-type]  # wrong on purpose
        assert refusal.value.code == "rule_range"

    def test_refuse_a_term_that_does_not_exist(self) -> None:
        with pytest.raises(Invalid) as refusal:
            Rules(weights={"luck": 1})
        assert refusal.value.code == "term_unknown"

    def test_keep_what_they_say_of_the_crowd(self) -> None:
        rules = Rules(
            crowd=CrowdOrder.FASTEST,
            crowd_share_pct=20,
            crowd_share_pct_by_work_type={"boiler": 0},
            crowd_share_days=1,
        )
        assert rules_from_json(rules_to_json(rules)) == rules
        assert (rules.bounds_crowd, Rules().bounds_crowd) == (True, False)
        assert differing(Rules(), rules) == {
            "crowd": ("cheapest", "fastest"),
            "crowd_share_pct": (None, 20),
            "crowd_share_days": (7, 1),
            "crowd_share_pct_by_work_type.boiler": (None, 0),
        }

    def test_differ_by_name(self) -> None:
        found = differing(Rules(), Rules(lock_time=True, weights={"travel": 150}))
        assert found == {"lock_time": (False, True), "weights.travel": (100, 150)}


class TestCreateVersion:
    def test_counts_the_versions_of_a_name_and_changes_nothing(self, session: Session) -> None:
        town = make_town(session)
        key = town.territory.id
        numbers = [
            create_version(session, "Calm", Rules(), territory_id=key).number for _ in range(2)
        ]
        assert numbers == [1, 2]
        assert queries.find_active(session, key) is None

    def test_refuses_a_share_of_work_that_does_not_exist(self, session: Session) -> None:
        with pytest.raises(Invalid) as refusal:
            create_version(session, "Calm", Rules(crowd_share_pct_by_work_type={"magic": 10}))
        assert refusal.value.code == "unknown_work_type"

    def test_keeps_a_name_to_its_territory(self, session: Session) -> None:
        create_version(session, "Calm", Rules(), territory_id=make_territory(session).id)
        with pytest.raises(Conflict) as refusal:
            create_version(session, "Calm", Rules())
        assert refusal.value.code == "policy_elsewhere"

    def test_is_found_by_its_label(self, session: Session) -> None:
        first = create_version(session, "Calm", Rules())
        second = create_version(session, "Calm", Rules())
        assert queries.get_by_label(session, "Calm@1") is first
        assert queries.get_by_label(session, "Calm") is second
        activate(session, first.id)
        assert queries.get_by_label(session, "Calm") is first
        with pytest.raises(Invalid):
            queries.get_by_label(session, "Calm@3")


class TestActivate:
    def test_retires_the_one_before_and_can_go_back(self, session: Session) -> None:
        territory = make_territory(session)
        first = use_rules(session, territory, move_cents=1)
        second = use_rules(session, territory, move_cents=2)
        assert (first.status, second.status) == (PolicyStatus.RETIRED, PolicyStatus.ACTIVE)
        activate(session, first.id)
        assert (first.status, second.status) == (PolicyStatus.ACTIVE, PolicyStatus.RETIRED)
        assert queries.policies_in_force(session).of(territory.id).move_cents == 1

    def test_leaves_a_trace(self, session: Session) -> None:
        policy = use_rules(session, make_territory(session))
        assert [entry.action for entry in history(session, policy.id)] == ["insert", "update"]
        told = session.execute(
            text("SELECT count(*) FROM event WHERE name = :name"), {"name": PolicyActivated.name}
        ).scalar_one()
        assert told == 1

    def test_holds_for_the_rest_only(self, session: Session) -> None:
        own, other = make_territory(session), make_territory(session)
        use_rules(session, None, move_cents=1)
        use_rules(session, own, move_cents=2)
        policies = queries.policies_in_force(session)
        assert (policies.of(own.id).move_cents, policies.of(other.id).move_cents) == (2, 1)
        assert policies.shared([own.id, other.id]).move_cents == 1
        assert policies.shared([own.id]).move_cents == 2

    def test_puts_one_in_force_however_many_try(self, database: Database) -> None:
        with database.transaction() as session:
            territory_id = make_territory(session).id
            ids = [
                create_version(session, "Calm", Rules(), territory_id=territory_id).id
                for _ in range(6)
            ]

        def put(policy_id: UUID) -> None:
            with transaction("test") as session:
                activate(session, policy_id)

        with ThreadPoolExecutor(len(ids)) as pool:
            list(pool.map(put, ids))
        with database.transaction() as session:
            states = [policy.status for policy in queries.list_policies(session, name="Calm")]
        assert sorted(states) == ["active"] + ["retired"] * 5


class TestRetire:
    def test_has_the_one_for_the_rest_hold_again(self, session: Session) -> None:
        territory = make_territory(session)
        policy = use_rules(session, territory, move_cents=7)
        retire(session, policy.id)
        assert queries.policies_in_force(session).of(territory.id) == Rules()

    def test_refuses_to_leave_the_rest_without_one(self, session: Session) -> None:
        standard = queries.find_active(session, None)
        assert standard is not None
        with pytest.raises(Conflict) as refusal:
            retire(session, standard.id)
        assert refusal.value.code == "policy_needed"


class TestPlans:
    def test_follow_the_policy_and_name_it(self, session: Session) -> None:
        town = make_town(session)
        use_rules(
            session,
            town.territory,
            unserved_cents=(1, 2, 77_000, 4, 5),
            overtime_minutes=10,
            weights={"travel": 250},
        )
        make_waiting(session, town, priority=3)
        plan = request_plan(session, territory_ids=[town.territory.id])
        begun = begin(session, plan.id)
        assert begun is not None
        problem = begun[1].problem
        assert problem.weights.travel == 250
        assert [job.unserved_cents for job in problem.jobs] == [77_000]
        assert {shift.overtime_seconds for shift in problem.shifts} <= {0, 600}
        [version] = plan.policy["versions"]
        assert (version["name"], version["number"]) == (town.territory.name, 1)

    def test_leave_late_work_to_freelancers_only_where_the_policy_says_so(
        self, session: Session
    ) -> None:
        town = make_town(session)
        make_waiting(session, town, due_at=MONDAY + timedelta(hours=4))

        def windows() -> int:
            plan = request_plan(session, territory_ids=[town.territory.id])
            begun = begin(session, plan.id)
            assert begun is not None
            return len(begun[1].problem.jobs[0].windows)

        asked = windows()
        use_rules(session, town.territory, crowd_minutes=None)
        assert (asked, windows()) == (1, 0)


class TestApi:
    def test_makes_compares_and_activates(
        self, session: Session, client: Callable[..., ApiClient]
    ) -> None:
        town = make_town(session)
        boss = client(principal("supervisor"))
        wanted = {
            "name": "Calm",
            "territory_id": str(town.territory.id),
            "rules": {"move_cents": 4000, "overtime_minutes": None},
        }
        made = boss.post("/api/policies", json=wanted).json()
        assert (made["number"], made["status"]) == (1, "draft")
        url = f"/api/policies/{made['id']}"
        assert boss.get(f"{url}/difference").json() == [
            {"rule": "move_cents", "before": 1500, "after": 4000}
        ]
        assert boss.post(f"{url}/activate").json()["status"] == "active"
        listed = boss.get(f"/api/policies?territory_id={town.territory.id}").json()
        assert [policy["status"] for policy in listed] == ["active"]

    def test_is_not_for_dispatchers(
        self, session: Session, client: Callable[..., ApiClient]
    ) -> None:
        answer = client(dispatcher()).post("/api/policies", json={"name": "Calm"})
        assert answer.status_code == 403
