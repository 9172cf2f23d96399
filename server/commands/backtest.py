"""firstfix backtest: try a policy on days that are over, and print what it would have come to."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from dispatch.scheduling import service
from dispatch.scheduling.backtests.figures import METRICS
from dispatch.scheduling.backtests.lifecycle import BacktestStatus
from dispatch.scheduling.backtests.models import Backtest
from dispatch.scheduling.backtests.schemas import BacktestDetail
from dispatch.scheduling.policies.queries import get_by_label
from dispatch.territories.queries import list_territories
from kernel.db import get, transaction
from kernel.errors import DomainError
from server import registry, wiring


def run(
    from_: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="first day")],
    to: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="last day, included")],
    policy: Annotated[str, typer.Option(help="NAME, or NAME@VERSION")],
    territory: Annotated[str | None, typer.Option(help="name; for a policy of the rest")] = None,
    seed: int = 1,
    iterations: int = 3_000,
    json_file: Annotated[Path | None, typer.Option("--json", help="write the report here")] = None,
) -> None:
    registry.load()
    wiring.connect()
    try:
        backtest_id, days = _request(policy, territory, from_.date(), to.date(), seed, iterations)
        for day in days:
            typer.echo(f"{day} ...", err=True)
            service.run_backtest_day(backtest_id, day, in_background=False)
    except DomainError as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(1) from error
    with transaction("cli") as session:
        report = BacktestDetail.model_validate(get(session, Backtest, backtest_id))
    if json_file is not None:
        json_file.write_text(json.dumps(report.model_dump(mode="json"), indent=2) + "\n")
    print(told(report))
    raise typer.Exit(0 if report.status is BacktestStatus.DONE else 1)


def _request(
    label: str, territory: str | None, first: date, last: date, seed: int, iterations: int
) -> tuple[UUID, list[date]]:
    with transaction("cli") as session:
        known = {item.name: item.id for item in list_territories(session)}
        if territory is not None and territory not in known:
            raise typer.BadParameter(f"choose one of {', '.join(sorted(known))}")
        policy = get_by_label(session, label)
        backtest = service.request_backtest(
            session,
            policy.id,
            first,
            last,
            territory_id=None if territory is None else known[territory],
            seed=seed,
            iterations=iterations,
            in_background=False,
        )
        count = (last - first).days + 1
        return backtest.id, [date.fromordinal(first.toordinal() + n) for n in range(count)]


def told(report: BacktestDetail) -> str:
    """The metrics of each arm, and what the candidate changes with its interval."""
    if report.result is None:
        return f"The backtest is {report.status}. {report.message or ''}".strip()
    arms, change = report.result.arms, report.result.differences["candidate-active"]
    lines = [
        f"{report.result.days} days, seed {report.seed}, {report.iterations} iterations a plan",
        f"{'':26} {'happened':>10} {'in force':>10} {'tried':>10}   tried - in force (95 %)",
    ]
    for name in METRICS:
        difference = change[name]
        values = [_number(arms[arm][name].value) for arm in ("actual", "active", "candidate")]
        between = ""
        if difference.low is not None:
            between = f" ({_number(difference.low)} to {_number(difference.high)})"
        cells = " ".join(f"{value:>10}" for value in values)
        lines.append(f"{name:26} {cells}   {_number(difference.value)}{between}")
    return "\n".join(lines)


def _number(value: Any) -> str:
    return "-" if value is None else f"{value:.2f}"
