"""The broker is a hint: booking goes on while it is dead or hung, and nothing is lost for it."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import httpx

from benchmarks.invariants.cutting import serving
from benchmarks.invariants.jobs import Outcome
from benchmarks.invariants.servers import count, fresh
from dispatch.accounts.roles import DISPATCHER
from kernel import db
from kernel.credentials import issue_access
from kernel.embedded import Embedded
from kernel.principal import Principal
from server import registry
from tests.factories.scheduling import make_town, make_waiting

PEOPLE = 6
REFUSED = frozenset({409})
"""A window may be gone by the time it is asked for: an answer, not an error."""


def attack(folder: Path, *, bookings: int) -> Outcome:
    """Book over HTTP: a third as usual, a third with the broker killed, a third with it hung."""
    outcome = Outcome()
    registry.load()
    with fresh(folder, broker=True) as embedded:
        each = max(1, bookings // 3)
        visits = _make_visits(3 * each)
        who = Principal(account_id=uuid4(), roles=frozenset({DISPATCHER}), name="brokers")
        headers = {"Authorization": f"Bearer {issue_access(who)}"}
        with (
            serving() as port,
            httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=30) as http,
        ):
            _book_all(http, visits[:each], "as usual", outcome)
            with _killed(embedded):
                _book_all(http, visits[each : 2 * each], "with the broker dead", outcome)
            with _hung(embedded):
                _book_all(http, visits[2 * each :], "with the broker hung", outcome)
        outcome.faults = 2
        booked = count("SELECT count(*) FROM bookings WHERE status = 'confirmed'")
        told = count("SELECT count(*) FROM event WHERE name = 'dispatch.BookingConfirmed'")
        if not booked == told == outcome.figures["booked"]:
            outcome.violations.append(f"broker: {booked} booked, {told} events of it")
    return outcome


def _make_visits(most: int) -> list[UUID]:
    with db.transaction("brokers") as session:
        town = make_town(session, PEOPLE, days=7)
        return [make_waiting(session, town, east=0.002 * (n % 9)).id for n in range(most)]


def _book_all(http: httpx.Client, visits: list[UUID], when: str, outcome: Outcome) -> None:
    took: list[float] = []
    for visit in visits:
        began = time.monotonic()
        _book(http, visit, when, outcome)
        took.append(time.monotonic() - began)
    outcome.figures[f"p95_ms {when}"] = round(1000 * sorted(took)[len(took) * 95 // 100], 1)


def _book(http: httpx.Client, visit: UUID, when: str, outcome: Outcome) -> None:
    url = f"/api/visits/{visit}"
    shown = http.get(f"{url}/windows", params={"days": 5}).json()
    if not shown:
        return
    wanted = {name: shown[0][key] for name, key in _WINDOW.items()}
    for step, body in (("hold", wanted), ("confirm", None)):
        outcome.operations += 1
        key = {"Idempotency-Key": uuid4().hex}
        reply = http.post(f"{url}/{step}", json=body, headers=key)
        if reply.status_code in REFUSED:
            return
        if reply.is_error:
            outcome.violations.append(f"broker: {step} {when} was answered {reply.status_code}")
            return
    outcome.figures["booked"] = outcome.figures.get("booked", 0) + 1


_WINDOW = {"window_start": "start", "window_end": "end"}


@contextmanager
def _killed(embedded: Embedded) -> Iterator[None]:
    os.kill(embedded.pids["valkey"], signal.SIGKILL)
    try:
        yield
    finally:
        embedded.revive()


@contextmanager
def _hung(embedded: Embedded) -> Iterator[None]:
    pid = embedded.pids["valkey"]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
