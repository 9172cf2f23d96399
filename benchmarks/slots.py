"""`python -m benchmarks.slots`: how long a customer waits for windows, through HTTP.

A territory with a full schedule of several days in a real database, the API as `firstfix serve`
runs it, and clients that ask all at once and never pause. Each customer looks five times and holds
a window after the first look, every second one also confirms; the office takes two visits a second
off meanwhile, so that the API has to follow. Exit 1 when the 95th percentile
of the answers is above the floor.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx

from benchmarks.calling import Caller
from benchmarks.invariants.servers import fresh
from benchmarks.town import Town, build
from dispatch.accounts.roles import CUSTOMER, DISPATCHER
from kernel.credentials import issue_access
from kernel.embedded_servers import free_port
from kernel.principal import Principal
from server import registry
from server.commands.serve import MOST_PROCESSES

FLOOR_MS = 150.0
READY_SECONDS = 120.0
QUICK_ANSWERS, QUICK_SECONDS = 4, 0.5
"""Questions before measuring until so many per process were answered so quickly."""
LOOKS, CHANGE_SECONDS = 5, 0.5
"""Each customer looks so often and holds at the first; the office moves a visit so often."""


@dataclass
class Seen:
    """What the clients saw, in milliseconds and counts."""

    windows: list[float] = field(default_factory=list)
    holds: list[float] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, times: list[float], started: float, outcome: str) -> None:
        with self.lock:
            times.append((time.perf_counter() - started) * 1000)
            self.counts[outcome] += 1


def main() -> None:
    options = _options()
    registry.load()
    with tempfile.TemporaryDirectory() as folder, fresh(Path(folder), broker=True):
        town = build(options.technicians, options.visits, options.days, options.seed)
        with _serving(options.processes) as url:
            seen = _measure(url, town, options)
    summary = _summary(options, seen)
    print("  ".join(f"{name} {value}" for name, value in summary.items()))
    if options.json:
        machine = f"{platform.machine()} {platform.python_version()} {os.cpu_count()} cores"
        result = {"machine": machine, "counts": dict(seen.counts), "summary": summary}
        Path(options.json).write_text(json.dumps(result, indent=2) + "\n")
    sys.exit(1 if summary["p95_ms"] > FLOOR_MS or seen.counts["failed"] else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.slots", description=__doc__)
    parser.add_argument("--technicians", type=int, default=100)
    parser.add_argument("--visits", type=int, default=1000, help="a day")
    parser.add_argument("--days", type=int, default=5)
    parser.add_argument("--clients", type=int, default=8)
    own = min(os.cpu_count() or 1, MOST_PROCESSES)
    parser.add_argument("--processes", type=int, default=own, help="of the API")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", help="file for the result")
    return parser.parse_args()


@contextmanager
def _serving(processes: int) -> Iterator[str]:
    """`firstfix serve` on the database this process points at; the relay numbers the events."""
    port = free_port()
    words = ["serve", "--port", str(port), "--processes", str(processes)]
    command = [sys.executable, "-m", "server.cli"]
    children = [subprocess.Popen([*command, *own]) for own in (words, ["relay"])]
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(url)
        yield url
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait()


def _wait_until_ready(url: str) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        try:
            if httpx.get(f"{url}/health", timeout=2).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise TimeoutError(f"The API did not answer in {READY_SECONDS:.0f} s.")


def _measure(url: str, town: Town, options: argparse.Namespace) -> Seen:
    """The first answers wait until each process has read the schedule; they are timed apart."""
    seen, started = Seen(), time.perf_counter()
    for _ in range(QUICK_ANSWERS * options.processes):
        while _first(url, town, options) > QUICK_SECONDS:
            if time.perf_counter() - started > READY_SECONDS:
                raise TimeoutError(f"No quick answer in {READY_SECONDS:.0f} s.")
    seen.counts["first_answers_ms"] = round((time.perf_counter() - started) * 1000)
    until = time.monotonic() + options.seconds
    shares = [town.asking[n :: options.clients] for n in range(options.clients)]
    with ThreadPoolExecutor(options.clients + 1) as pool:
        office = pool.submit(_change, url, town, until, seen, options.seed)
        asked = [pool.submit(_ask, url, town, own, until, seen, options) for own in shares]
        for done in [office, *asked]:
            done.result()
    return seen


def _first(url: str, town: Town, options: argparse.Namespace) -> float:
    """Seconds until an answer on a connection of its own."""
    started = time.perf_counter()
    with _caller(url, CUSTOMER, town.customer_id) as http:
        http.get(_windows(town.asking[0], options)).require()
    return time.perf_counter() - started


def _ask(
    url: str,
    town: Town,
    visits: Sequence[UUID],
    until: float,
    seen: Seen,
    options: argparse.Namespace,
) -> None:
    """One customer after the other, each with a connection of his own."""
    dice = random.Random(str(visits[0]))
    for visit in itertools.cycle(visits):
        with _caller(url, CUSTOMER, town.customer_id) as http:
            for number in range(LOOKS):
                if time.monotonic() > until:
                    return
                started = time.perf_counter()
                answer = http.get(_windows(visit, options))
                seen.note(seen.windows, started, "windows" if answer.is_success else "failed")
                if number == 0 and answer.is_success and answer.json():
                    _take(http, visit, dice.choice(answer.json()), seen, dice)


def _take(
    http: Caller, visit: UUID, window: dict[str, Any], seen: Seen, dice: random.Random
) -> None:
    """Hold one of the windows shown, and confirm every second one."""
    body = {"window_start": window["start"], "window_end": window["end"]}
    started = time.perf_counter()
    held = http.post(f"/api/customer/visits/{visit}/hold", body, _key())
    known = {200: "held", 409: "refused"}
    seen.note(seen.holds, started, known.get(held.status, "failed"))
    if held.is_success and dice.random() < 0.5:
        http.post(f"/api/customer/visits/{visit}/confirm", None, _key())


def _change(url: str, town: Town, until: float, seen: Seen, seed: int) -> None:
    """The office takes visits off, one after the other."""
    visits = random.Random(seed).sample(town.planned, len(town.planned))
    seen_first = {"If-Match": '"1"'}
    with _caller(url, DISPATCHER, None) as http:
        while time.monotonic() < until:
            path, body = f"/api/visits/{visits.pop()}/unassign", {"reason": "bench"}
            answer = http.post(path, body, _key() | seen_first)
            with seen.lock:
                seen.counts["changes" if answer.is_success else "changes_refused"] += 1
            time.sleep(CHANGE_SECONDS)


def _windows(visit: UUID, options: argparse.Namespace) -> str:
    return f"/api/customer/visits/{visit}/windows?days={options.days}"


def _key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


def _caller(url: str, role: str, subject_id: UUID | None) -> Caller:
    who = Principal(
        account_id=uuid4(), roles=frozenset({role}), name="bench", subject_id=subject_id
    )
    return Caller(url, {"Authorization": f"Bearer {issue_access(who)}"})


def _summary(options: argparse.Namespace, seen: Seen) -> dict[str, Any]:
    held, refused = seen.counts["held"], seen.counts["refused"]
    return {
        "technicians": options.technicians,
        "visits": options.visits,
        "days": options.days,
        "clients": options.clients,
        "seed": options.seed,
        "answers": len(seen.windows),
        "p50_ms": _percentile(seen.windows, 50),
        "p95_ms": _percentile(seen.windows, 95),
        "hold_p95_ms": _percentile(seen.holds, 95),
        "held": held,
        "holds_pct": round(100 * len(seen.holds) / max(1, len(seen.windows) + len(seen.holds)), 1),
        "refused_pct": round(100 * refused / max(1, held + refused), 2),
        "changes": seen.counts["changes"],
    }


def _percentile(times: Sequence[float], share: int) -> float:
    ordered = sorted(times)
    return round(ordered[min(len(ordered) - 1, len(ordered) * share // 100)], 1) if ordered else 0.0


if __name__ == "__main__":
    main()
