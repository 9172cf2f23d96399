"""firstfix plan: ask for a plan, wait for it, and say what came out."""

import time

import typer

from dispatch.scheduling import service
from dispatch.scheduling.plans.models import Plan
from kernel.db import get, transaction
from server import registry, wiring

OVER = {"applied", "partly_applied", "refused", "failed", "empty"}


def run(limit_seconds: float | None = None, wait_seconds: float = 120) -> None:
    """The workers do the planning; this command only asks and watches."""
    registry.load()
    wiring.connect()
    with transaction("cli") as session:
        plan_id = service.request_plan(session, limit_seconds=limit_seconds, trigger="cli").id
    deadline = time.monotonic() + wait_seconds
    while time.monotonic() < deadline:
        with transaction("cli") as session:
            plan = get(session, Plan, plan_id)
            if plan.status in OVER:
                print(f"Plan {plan_id} is {plan.status.replace('_', ' ')}. Score: {plan.score}")
                raise typer.Exit(0 if plan.status not in ("refused", "failed") else 1)
        time.sleep(0.3)
    typer.echo("No worker of the planning queue took it up in time.", err=True)
    raise typer.Exit(1)
