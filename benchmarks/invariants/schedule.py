"""The ground for attacks on the schedule: threads that really meet, and a search for damage."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from os import environ
from time import monotonic
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from kernel import db
from kernel.db import transaction
from kernel.errors import DomainError
from kernel.settings import settings
from tests.factories.scheduling import MONDAY, make_town, make_waiting

DEADLOCK = "40P01"
TIMEOUTS = frozenset({"55P03", "57014"})
"""Waited too long for a lock on a crowded machine: answered 503, and nothing was done."""
WAITED_TOO_LONG = "waited_too_long"
CHECKS = {
    "overlaps": """
        SELECT count(*) FROM assignments a JOIN assignments b
          ON a.technician_id = b.technician_id AND a.id < b.id AND a.busy && b.busy
         WHERE a.status IN ('held', 'confirmed', 'active', 'done') AND a.overlap_reason IS NULL
           AND b.status IN ('held', 'confirmed', 'active', 'done') AND b.overlap_reason IS NULL
    """,
    "two in one seat": """
        SELECT count(*) FROM (
            SELECT visit_id, seat FROM assignments
             WHERE status IN ('held', 'confirmed', 'active', 'done')
             GROUP BY visit_id, seat HAVING count(*) > 1) twice
    """,
    "half a crew": """
        SELECT count(*) FROM (
            SELECT v.id FROM visits v JOIN assignments a ON a.visit_id = v.id
             WHERE a.status IN ('held', 'confirmed', 'active', 'done')
             GROUP BY v.id, v.crew_size HAVING count(*) <> v.crew_size) torn
    """,
    "visit and assignment apart": """
        SELECT count(*) FROM visits v JOIN assignments a ON a.visit_id = v.id
         WHERE (v.status = 'unscheduled' AND a.status IN ('confirmed', 'active', 'done'))
            OR (v.status IN ('scheduled', 'dispatched', 'accepted')
                AND a.status IN ('held', 'active', 'done'))
    """,
    "planned without anybody": """
        SELECT count(*) FROM visits v
         WHERE v.status IN ('scheduled', 'dispatched', 'accepted') AND NOT EXISTS (
            SELECT 1 FROM assignments a WHERE a.visit_id = v.id AND a.status = 'confirmed')
    """,
    "unaudited writes": """
        SELECT count(*) FROM assignments a WHERE a.version <> (
            SELECT count(*) FROM audit_entry e WHERE e.record_id = a.id)
    """,
}


@dataclass
class Arena:
    """Who and what the threads fight about; visits in `crews` need two people."""

    technicians: Sequence[UUID]
    visits: Sequence[UUID]
    crews: Sequence[UUID]
    start: datetime
    days: int = 2


@dataclass
class Tally:
    """What the threads saw, safe to add to from all of them."""

    results: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, result: str, seconds: float = 0.0) -> None:
        with self.lock:
            self.results[result] += 1
            self.seconds.append(seconds)

    def broken(self, what: str) -> None:
        with self.lock:
            self.violations.append(what)


@contextmanager
def connections(most: int) -> Iterator[None]:
    """As many connections as threads, so that they really meet in the database."""
    before = environ.get("FIRSTFIX_POOL_SIZE")
    _resize(str(most))
    try:
        yield
    finally:
        _resize(before)


def _resize(size: str | None) -> None:
    if size is None:
        environ.pop("FIRSTFIX_POOL_SIZE", None)
    else:
        environ["FIRSTFIX_POOL_SIZE"] = size
    db.forget_engines(close=True)
    settings.cache_clear()
    db.engine()  # made here once: threads that all come first would each make their own


def together(work: Callable[[int], None], threads: int) -> None:
    """Run `work(0..threads-1)`, all starting at the same moment."""
    gate = threading.Barrier(threads)

    def run(number: int) -> None:
        gate.wait()
        work(number)

    running = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()


Attack = Callable[[Session, Arena, random.Random], object]


def attempt(tally: Tally, attack: Attack, arena: Arena, chance: random.Random) -> None:
    """One transaction; a refusal is fine, a deadlock or a surprise is not.

    Deadlocks are found after one second, a wait for a lock ends after four.
    """
    began = monotonic()
    try:
        with transaction("test") as session:
            attack(session, arena, chance)
    except DomainError as refusal:
        tally.note(refusal.code, monotonic() - began)
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        tally.note(WAITED_TOO_LONG if state in TIMEOUTS else f"database {state}")
        if state not in TIMEOUTS:
            tally.broken("deadlock" if state == DEADLOCK else f"surprise: {error.orig}")
    else:
        tally.note("ok", monotonic() - began)


def search() -> list[str]:
    """What the database holds that must not be."""
    with transaction("test") as session:
        found = {name: session.scalar(text(query)) for name, query in CHECKS.items()}
    return [f"{count} {name}" for name, count in found.items() if count]


def make_arena(technicians: int = 8, visits: int = 24, crews: int = 4) -> Arena:
    """A town with less time than work, so that everybody is in everybody's way."""
    with transaction("test") as session:
        town = make_town(session, technicians)
        return Arena(
            technicians=[technician.id for technician in town.technicians],
            visits=[
                make_waiting(session, town, east=0.01 * (n % 7), north=0.01 * (n % 5)).id
                for n in range(visits)
            ],
            crews=[make_waiting(session, town, crew_size=2).id for _ in range(crews)],
            start=MONDAY,
        )
