"""firstfix demo: the product with a city in it, live or as one measured day."""

import json
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from kernel import clock, db, log
from kernel.settings import settings
from server.bootstrap import OWNER, PASSWORD
from server.demo import checks, figures, sabotage
from server.demo.day import SLOWEST_RATE, Day
from server.demo.table import table_of
from server.demo.telling import Tell, telling
from server.stack import running

LIVE_RATE, ONCE_RATE = 60.0, 120.0
SLOWEST_ONCE_RATE = 40.0
ZONE = ZoneInfo("Europe/Berlin")
OPENING_HOUR, HOURS = 7, 10.0
console = Console()


def run(
    once: Annotated[bool, typer.Option(help="play one day, judge it, and end")] = False,
    seed: Annotated[int, typer.Option(help="another number makes another city")] = 1,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="with --once: write the figures there")
    ] = None,
    port: Annotated[int, typer.Option(help="of the web apps and the API, when live")] = 8000,
    data_dir: Annotated[
        Path | None, typer.Option(help="where the servers keep their data; emptied at the start")
    ] = None,
    rate: Annotated[
        float | None,
        typer.Option(help="how many times as fast as life; 60 when live, 120 with --once"),
    ] = None,
    hours: Annotated[float, typer.Option(help="length of the day")] = HOURS,
    sabotage_name: Annotated[str | None, typer.Option("--sabotage", hidden=True)] = None,
) -> None:
    """With --once: one day, a table, a JSON file, and exit 1 when something was broken."""
    log.configure(json=settings().log_json, level="ERROR")
    if sabotage_name is not None and sabotage_name not in sabotage.STATEMENTS:
        raise typer.BadParameter(f"choose one of {', '.join(sabotage.STATEMENTS)}")
    folder = data_dir or settings().data_dir / "demo"
    started = time.monotonic()
    _say("Starting PostgreSQL, Valkey, an MQTT broker, API, relay, workers and ingest")
    pace = rate or (ONCE_RATE if once else LIVE_RATE)
    # Improving takes 15 % of a core that the city needs, and at 120x its result is minutes old.
    settled = {"FIRSTFIX_PLAN_LIMIT_SECONDS": "1", "FIRSTFIX_IMPROVE_PLANS": "false"}
    with running(folder, port=0 if once else port, fresh=True, **settled) as stack:
        _say(f"Ready after {time.monotonic() - started:.0f} s at {stack.url}")
        slowest = SLOWEST_ONCE_RATE if once else SLOWEST_RATE
        day = Day(stack, _opening(), hours, pace, seed, folder / "journal.jsonl", slowest)
        if once:
            result = _one_day(day, sabotage_name)
            result["wall_s"] = round(time.monotonic() - started, 1)
            _finish(result, json_file, is_whole=hours >= HOURS)
        else:
            _live(day)


def _say(sentence: str) -> None:
    console.print(sentence, soft_wrap=True)


def _opening() -> datetime:
    """Seven in the morning of the server's present day, in the city."""
    today = clock.real_now().astimezone(ZONE)
    return today.replace(hour=OPENING_HOUR, minute=0, second=0, microsecond=0)


def _one_day(day: Day, sabotage_name: str | None) -> dict[str, Any]:
    with telling(console) as tell:
        _move_in(day, tell)
        day.watch(lambda seen: tell(_words(seen), seen.progress), lambda: False)
        tell("Letting the last jobs end", None)
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


def _move_in(day: Day, tell: Tell) -> None:
    day.prepare()
    while not day.is_ready():
        tell(str(day.latest.get("step", "The city wakes up")), None)
        time.sleep(0.2)
    day.begin()


def _live(day: Day) -> None:
    _look_around(day.stack.url)
    _say("The city moves in now: the administrator can sign in already, the others in a minute.")
    try:
        with telling(console) as tell:
            _move_in(day, tell)
            day.watch(lambda seen: tell(_words(seen), seen.progress), lambda: False)
        _say("The city's day is over; everything stays open until Ctrl-C.")
        with db.transaction() as session:
            clock.set_rate(session, 1)
        while True:
            time.sleep(1)
            day.stack.revive()
    except KeyboardInterrupt:
        _say("Stopping.")


def _look_around(base: str) -> None:
    """Where everything is, and who may sign in there."""
    rows = (
        ("Start page", "/", ""),
        ("Dispatcher", "/console", f"dispatcher@firstfix.example / {PASSWORD}"),
        ("Technician", "/technician", f"t000@technicians.example / {PASSWORD}"),
        ("Freelancer", "/technician", f"t030@technicians.example / {PASSWORD}"),
        ("Customer", "/customer", "c0000@customers.example, with the code from the inbox"),
        ("Inbox of all messages", "/inbox", "no sign-in"),
        ("Administrator", "/console", f"{OWNER} / {PASSWORD}"),
        ("API", "/api/docs", ""),
    )
    for who, path, sign_in in rows:
        _say(f"  {who:21}  {base + path:34}  {sign_in}".rstrip())


def _words(day: Day) -> str:
    counts = day.latest.get("counts", {})
    words = ", ".join(
        f"{counts.get(key, 0)} {key}"
        for key in ("visits completed", "bookings confirmed", "offers accepted")
    )
    if day.is_slowed:
        words += f"; clock slowed from {day.rate:.0f}x to {day.present_rate:.0f}x"
    return words


def _finish(result: dict[str, Any], json_file: Path | None, *, is_whole: bool) -> None:
    if json_file is not None:
        json_file.write_text(json.dumps(result, indent=1, default=str))
    console.print(table_of(result, is_whole=is_whole))
    reached = figures.reached(result)
    short = [what for what, least in figures.LEAST.items() if reached[what] < least]
    broken = [name for name, count in result["invariants"].items() if count]
    if not is_whole:
        _say(f"Less than {HOURS:.0f} hours: the counts are not judged, only what must never break.")
    if broken or result["dead_letters"]:
        _say(f"[red]Broken: {', '.join(broken) or 'dead letters'}[/]")
        raise typer.Exit(1)
    if short and is_whole:
        _say(f"[red]Too few: {', '.join(short)}[/]")
        raise typer.Exit(1)
