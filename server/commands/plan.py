"""firstfix plan: ask for a plan and say what came out, or make a stored one again."""

import time
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import typer

from dispatch.scheduling import service
from dispatch.scheduling.plans.lifecycle import PENDING, PlanStatus
from dispatch.scheduling.plans.models import Plan
from dispatch.scheduling.plans.replay import Replay, replay
from kernel.db import get, transaction
from kernel.errors import DomainError
from server import registry, wiring


class Action(StrEnum):
    NOW = "now"
    REPLAY = "replay"


def run(
    action: Annotated[Action, typer.Argument(help="plan now, or make a stored plan again")] = (
        Action.NOW
    ),
    plan_id: Annotated[UUID | None, typer.Argument(help="the plan to replay")] = None,
    limit_seconds: float | None = None,
    wait_seconds: float = 120,
) -> None:
    registry.load()
    wiring.connect()
    if action is Action.NOW:
        _plan_now(limit_seconds, wait_seconds)
    elif plan_id is None:
        raise typer.BadParameter("Say which plan.", param_hint="PLAN_ID")
    else:
        _replay(plan_id)


def _plan_now(limit_seconds: float | None, wait_seconds: float) -> None:
    """The workers do the planning; this only asks and watches."""
    with transaction("cli") as session:
        plan_id = service.request_plan(session, limit_seconds=limit_seconds, trigger="cli").id
    deadline = time.monotonic() + wait_seconds
    while time.monotonic() < deadline:
        with transaction("cli") as session:
            plan = get(session, Plan, plan_id)
            if plan.status not in PENDING:
                print(f"Plan {plan_id} is {plan.status.replace('_', ' ')}. Score: {plan.score}")
                failed = plan.status in (PlanStatus.REFUSED, PlanStatus.FAILED)
                raise typer.Exit(1 if failed else 0)
        time.sleep(0.3)
    typer.echo("No worker of the planning queue took it up in time.", err=True)
    raise typer.Exit(1)


def _replay(plan_id: UUID) -> None:
    """Exit 1 when not the same plan comes out."""
    try:
        with transaction("cli") as session:
            plan = get(session, Plan, plan_id)
            session.expunge(plan)
        found = replay(plan)
    except DomainError as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(1) from error
    print(told(found))
    raise typer.Exit(0 if found.is_equal else 1)


def told(found: Replay) -> str:
    """The score of both by term, and whether they are the same plan."""
    lines = [f"{'cents':16} {'then':>12} {'now':>12} {'change':>12}"]
    rows = {name: (then, found.now[name]) for name, then in found.then.items()}
    rows["total"] = (sum(found.then.values()), sum(found.now.values()))
    for name, (then, now) in rows.items():
        lines.append(f"{name:16} {then:12} {now:12} {now - then:12}")
    for name, (before, present) in found.other_versions.items():
        lines.append(f"{name} was {before} and is {present}.")
    if found.was_cut and not found.is_equal:
        lines.append("Its time ran out before the search; that cannot be repeated exactly.")
    lines.append("The same plan, byte by byte." if found.is_equal else "Another plan.")
    return "\n".join(lines)
