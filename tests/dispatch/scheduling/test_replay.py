"""A stored plan is made again from its own record."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session
from typer import Typer
from typer.testing import CliRunner

from dispatch.scheduling import solver
from dispatch.scheduling.plans.models import Plan
from dispatch.scheduling.plans.replay import replay
from dispatch.scheduling.plans.service import request_plan
from dispatch.scheduling.plans.solving import run_plan
from kernel.errors import Conflict
from server.commands import plan as command
from tests.factories.scheduling import MONDAY, make_planned, make_town, make_waiting

HOUR = timedelta(hours=1)


def make_plan(session: Session) -> Plan:
    """A plan that a solver process made within a part of a second, with visits that wait,
    some that move and some that stay."""
    town = make_town(session, technicians=3)
    for number in range(12):
        make_waiting(session, town, east=0.013 * number, north=0.007 * (number % 5))
    for number, technician in enumerate(town.technicians):
        for hour in (1, 4):
            starts_at = MONDAY + (hour + number / 2) * HOUR
            make_planned(session, town, technician, starts_at, east=-0.02 * number)
    plan = request_plan(session, territory_ids=[town.territory.id], limit_seconds=0.6)
    session.flush()
    try:
        run_plan(plan.id)
    finally:
        solver.pool().stop()
    session.expire_all()
    return session.get_one(Plan, plan.id)


class TestReplay:
    def test_a_plan_made_within_seconds_comes_out_the_same(self, session: Session) -> None:
        plan = make_plan(session)
        assert plan.result is not None
        assert len(plan.result["schedule"]) > 1
        found = replay(plan)
        assert found.is_equal
        assert dict(found.then) == dict(found.now)
        assert found.other_versions == {}

    def test_tells_when_something_else_comes_out(self, session: Session) -> None:
        plan = make_plan(session)
        assert plan.snapshot is not None
        kept = {**plan.snapshot, "software": {**plan.snapshot["software"], "numba": "0.1"}}
        kept["problem"] = {**kept["problem"], "jobs": kept["problem"]["jobs"][:-1]}
        used = {stop["job_id"] for route in kept["previous"]["routes"] for stop in route["stops"]}
        assert used  # the previous plan may name jobs that are gone; they fall out
        plan.snapshot = kept
        found = replay(plan)
        assert not found.is_equal
        assert found.other_versions["numba"][0] == "0.1"

    def test_refuses_a_plan_without_a_result(self, session: Session) -> None:
        town = make_town(session)
        plan = request_plan(session, territory_ids=[town.territory.id])
        with pytest.raises(Conflict) as refusal:
            replay(plan)
        assert refusal.value.code == "not_replayable"


class TestCommand:
    @pytest.mark.committed
    def test_says_that_it_is_the_same_plan(self, database: Any) -> None:
        with database.transaction() as session:
            town = make_town(session)
            for number in range(4):
                make_waiting(session, town, east=0.01 * number)
            plan_id = request_plan(session, territory_ids=[town.territory.id], limit_seconds=0.3).id
        try:
            run_plan(plan_id)
        finally:
            solver.pool().stop()
        app = Typer()
        app.command()(command.run)
        shown = CliRunner().invoke(app, ["replay", str(plan_id)])
        assert shown.exit_code == 0, shown.output
        assert "The same plan, byte by byte." in shown.output
        with database.transaction() as session:
            plan = session.get_one(Plan, plan_id)
            assert plan.result is not None
            plan.result = {**plan.result, "seed": plan.result["seed"] + 1}
        assert CliRunner().invoke(app, ["replay", str(plan_id)]).exit_code == 1
