"""firstfix demo: the product with a city in it, live or as one measured day."""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Table

from kernel import clock, db, log
from kernel.settings import settings
from server.bootstrap import OWNER, PASSWORD
from server.demo import checks, figures, sabotage
from server.demo.day import Day
from server.stack import running

LIVE_RATE, ONCE_RATE = 60.0, 120.0
ZONE = ZoneInfo("Europe/Berlin")
OPENING_HOUR, HOURS = 7, 10.0
console = Console()


def run(
    once: bool = False,
    seed: int = 1,
    json_file: Path | None = typer.Option(None, "--json"),
    port: int = 8000,
    data_dir: Path | None = None,
    rate: float | None = None,
    hours: float = HOURS,
    sabotage_name: str | None = typer.Option(None, "--sabotage", hidden=True),
) -> None:
    """With --once: one day, a table, a JSON file, and exit 1 when something was broken."""
    log.configure(json=settings().log_json, level="ERROR")
    if sabotage_name is not None and sabotage_name not in sabotage.STATEMENTS:
        raise typer.BadParameter(f"choose one of {', '.join(sabotage.STATEMENTS)}")
    folder = data_dir or settings().data_dir / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    started = time.monotonic()
    console.print("Starting PostgreSQL, Valkey, an MQTT broker, API, relay, workers and ingest")
    pace = rate or (ONCE_RATE if once else LIVE_RATE)
    with running(folder, port=0 if once else port, FIRSTFIX_PLAN_LIMIT_SECONDS="1") as stack:
        console.print(f"Ready after {time.monotonic() - started:.0f} s at {stack.url}")
        day = Day(stack, _opening(), hours, pace, seed, folder / "journal.jsonl")
        if once:
            result = _one_day(day, sabotage_name)
            result["wall_s"] = round(time.monotonic() - started, 1)
            _finish(result, json_file, is_whole=hours >= HOURS)
        else:
            _live(day)


def _opening() -> datetime:
    """Seven in the morning of the server's present day, in the city."""
    today = clock.real_now().astimezone(ZONE)
    return today.replace(hour=OPENING_HOUR, minute=0, second=0, microsecond=0)


def _one_day(day: Day, sabotage_name: str | None) -> dict[str, Any]:
    with _bar() as (progress, task):
        _move_in(day, progress, task)
        day.watch(lambda seen: _show(seen, progress, task), lambda: False)
        progress.update(task, description="Letting the last jobs end")
        day.settle()
    assert day.report is not None
    with db.transaction() as session:
        if sabotage_name is not None:
            sabotage.commit_one(session, sabotage_name)
        result = figures.collect(session, day.opens_at.date(), day.report)
        result["invariants"] = checks.run(session, day.journal)
    result["slowed"] = day.slowed
    result["revived"] = day.revived
    return result


def _move_in(day: Day, progress: Progress, task: TaskID) -> None:
    day.prepare()
    while not day.is_ready():
        progress.update(task, description=str(day.latest.get("step", "The city wakes up")))
        time.sleep(0.2)
    day.begin()


def _live(day: Day) -> None:
    with _bar() as (progress, task):
        _move_in(day, progress, task)
    _addresses(day)
    try:
        with _bar() as (progress, task):
            day.watch(lambda seen: _show(seen, progress, task), lambda: False)
        console.print("The city's day is over; everything stays open until Ctrl-C.")
        with db.transaction() as session:
            clock.set_rate(session, 1)
        while True:
            time.sleep(1)
            day.stack.revive()
    except KeyboardInterrupt:
        console.print("Stopping.")


def _addresses(day: Day) -> None:
    table = Table("Who", "Address", "Sign-in", title="Look around")
    base = day.stack.url
    table.add_row("Dispatcher", f"{base}/console", f"dispatcher@firstfix.example / {PASSWORD}")
    table.add_row("Technician", f"{base}/technician", f"t000@technicians.example / {PASSWORD}")
    table.add_row("Freelancer", f"{base}/technician", f"t030@technicians.example / {PASSWORD}")
    table.add_row("Customer", f"{base}/customer", "c0000@customers.example, code in the inbox")
    table.add_row("Inbox of messages", f"{base}/console/inbox", "the dispatcher's")
    table.add_row("Administrator", f"{base}/api/docs", f"{OWNER} / {PASSWORD}")
    console.print(table)


@contextmanager
def _bar() -> Iterator[tuple[Progress, TaskID]]:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:.0f} %"))
    with Progress(*columns, console=console) as progress:
        yield progress, progress.add_task("", total=1.0)


def _show(day: Day, progress: Progress, task: TaskID) -> None:
    counts = day.latest.get("counts", {})
    words = ", ".join(
        f"{counts.get(key, 0)} {key}"
        for key in ("visits completed", "bookings confirmed", "offers accepted")
    )
    progress.update(task, completed=day.latest.get("progress", 0.0), description=words)


def _finish(result: dict[str, Any], json_file: Path | None, *, is_whole: bool) -> None:
    if json_file is not None:
        json_file.write_text(json.dumps(result, indent=1, default=str))
    table = Table("What", "Reached", "At least", title="The day")
    reached = figures.reached(result)
    for what, least in figures.LEAST.items():
        table.add_row(what, str(reached[what]), str(least))
    for what in ("sla_met_pct", "on_time_pct", "travel_min_per_visit", "first_time_fix_pct",
                 "p95_ms", "jobs_left", "dead_letters", "wall_s"):  # fmt: skip
        table.add_row(what, str(result[what]), "")
    for name, broken in result["invariants"].items():
        table.add_row(f"broken: {name}", str(broken), "0")
    console.print(table)
    short = [what for what, least in figures.LEAST.items() if reached[what] < least]
    broken = [name for name, count in result["invariants"].items() if count]
    if broken or result["dead_letters"]:
        console.print(f"[red]Broken: {', '.join(broken) or 'dead letters'}[/]")
        raise typer.Exit(1)
    if short and is_whole:
        console.print(f"[red]Too few: {', '.join(short)}[/]")
        raise typer.Exit(1)
