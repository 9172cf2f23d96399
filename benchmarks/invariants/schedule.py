"""I1 to I3: nobody in two places, one winner per seat, nothing confirmed after it expired."""

import os
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic, sleep
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from benchmarks.invariants.jobs import Outcome
from dispatch.scheduling.assignments.queries import assignments_by_visit
from dispatch.scheduling.assignments.service import sweep_expired
from dispatch.scheduling.changes.grouping import Change, Group, Place
from dispatch.scheduling.changes.service import apply_group
from dispatch.scheduling.policies.service import dispatch
from dispatch.scheduling.slots.queries import windows
from dispatch.scheduling.slots.service import confirm_hold, hold_slot
from dispatch.scheduling.staffing.service import assign, recall, unassign
from dispatch.work_orders.models import Visit
from kernel import clock, db
from kernel.db import transaction
from kernel.errors import DomainError
from kernel.settings import settings

DEADLOCK = "40P01"
TIMEOUTS = frozenset({"55P03", "57014"})
"""Waited too long for a lock on a crowded machine: answered 503, and nothing was done."""
WAITED_TOO_LONG = "waited_too_long"
HOUR = timedelta(hours=1)
LATE_BY = timedelta(milliseconds=250)
"""How far the clock may run between a comparison and the audit row that tells its time."""
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
CONFIRMED_LATE = """
    SELECT count(*) FROM audit_entry
     WHERE table_name = 'assignments' AND changes -> 'status' = '["held", "confirmed"]'
       AND at > (changes -> 'expires_at' ->> 0)::timestamptz + :late_by
"""


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
    before = os.environ.get("FIRSTFIX_POOL_SIZE")
    _resize(str(most))
    try:
        yield
    finally:
        _resize(before)


def _resize(size: str | None) -> None:
    if size is None:
        os.environ.pop("FIRSTFIX_POOL_SIZE", None)
    else:
        os.environ["FIRSTFIX_POOL_SIZE"] = size
    db.engine().dispose()
    settings.cache_clear()
    db.engine.cache_clear()


def storm(arena: Arena, *, operations: int, threads: int = 64, seed: int = 0) -> Outcome:
    """Threads book, move, swap, rotate and cancel at random; then the database is searched."""
    tally = Tally()
    each = -(-operations // threads)

    def attack(number: int) -> None:
        chance = random.Random(f"{seed}:{number}")
        for _ in range(each):
            attempt(tally, chance.choice(ATTACKS), arena, chance)

    with connections(threads + 2):
        together(attack, threads)
        tally.violations += search()
    seconds = sorted(tally.seconds)
    return Outcome(
        operations=len(seconds),
        faults=sum(n for result, n in tally.results.items() if result != "ok"),
        violations=tally.violations,
        figures={
            "ok": tally.results["ok"],
            "p50_ms": 1000 * seconds[len(seconds) // 2],
            "p99_ms": 1000 * seconds[len(seconds) * 99 // 100],
        },
    )


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


def some_time(arena: Arena, chance: random.Random) -> datetime:
    day = timedelta(days=chance.randrange(arena.days))
    return arena.start + day + timedelta(minutes=15 * chance.randrange(4, 30))


def book(session: Session, arena: Arena, chance: random.Random) -> None:
    visit, technician = chance.choice(arena.visits), chance.choice(arena.technicians)
    source = chance.choice(["dispatcher", "plan", "offer"])
    assign(session, visit, [technician], some_time(arena, chance), source=source)


def book_crew(session: Session, arena: Arena, chance: random.Random) -> None:
    crew = chance.sample(list(arena.technicians), 2)
    at = some_time(arena, chance)
    assign(session, chance.choice(arena.crews), crew, at, source="dispatcher")


def cancel(session: Session, arena: Arena, chance: random.Random) -> None:
    unassign(session, chance.choice([*arena.visits, *arena.crews]), "storm")


def hold(session: Session, arena: Arena, chance: random.Random) -> None:
    visit = chance.choice(arena.visits)
    shown = windows(session, visit, arena.start.date(), arena.days)
    if shown:
        window = chance.choice(shown)
        hold_slot(session, visit, window.start, window.end)


def confirm(session: Session, arena: Arena, chance: random.Random) -> None:
    confirm_hold(session, chance.choice(arena.visits))


def send(session: Session, arena: Arena, chance: random.Random) -> None:
    dispatch(session, chance.choice(arena.visits))


def call_back(session: Session, arena: Arena, chance: random.Random) -> None:
    recall(session, chance.choice(arena.visits))


def sweep(session: Session, _: Arena, __: random.Random) -> None:
    sweep_expired(session)


def rotate(session: Session, arena: Arena, chance: random.Random) -> None:
    """Two or three visits change places in one transaction, as a plan does it."""
    chosen = chance.sample(list(arena.visits), chance.choice([2, 3]))
    visits = {key: session.get_one(Visit, key) for key in chosen}
    rows = assignments_by_visit(session, chosen)
    present = [key for key in chosen if rows.get(key)]
    targets = [*present[1:], *present[:1]]
    changes = [
        Change(
            key,
            visits[key].version,
            frozenset({rows[key][0].technician_id}),
            (_place_of(rows[target][0]),),
        )
        for key, target in zip(present, targets, strict=True)
    ]
    if changes:
        people = {person for change in changes for person in change.technicians}
        apply_group(session, Group(people, changes), chosen[0])


def _place_of(row: object) -> Place:
    return Place(row.technician_id, row.starts_at, row.ends_at, row.travel_seconds)  # type: ignore[attr-defined]


ATTACKS: list[Attack] = [
    book,
    book,
    book,
    book_crew,
    cancel,
    hold,
    confirm,
    send,
    call_back,
    sweep,
    rotate,
    rotate,
]


def one_winner(visit: UUID, technicians: Sequence[UUID], at: datetime) -> Outcome:
    """As many technicians as threads accept one visit at once."""
    tally = Tally()

    def accept(number: int) -> None:
        def take(session: Session, _: Arena, __: random.Random) -> None:
            assign(session, visit, [technicians[number]], at, source="offer")

        attempt(tally, take, Arena((), (), (), at), random.Random(number))

    with connections(len(technicians) + 2):
        together(accept, len(technicians))
        tally.violations += search()
    return judged(tally, winners=1, losers={"visit_taken", "visit_changed"})


def one_slot(visits: Sequence[UUID], start: datetime, end: datetime, room: int) -> Outcome:
    """As many customers as threads hold one window in which `room` visits fit."""
    tally = Tally()

    def choose(number: int) -> None:
        def take(session: Session, _: Arena, __: random.Random) -> None:
            hold_slot(session, visits[number], start, end)

        attempt(tally, take, Arena((), (), (), start), random.Random(number))

    with connections(len(visits) + 2):
        together(choose, len(visits))
        tally.violations += search()
    return judged(tally, winners=room, losers={"window_taken"})


def judged(tally: Tally, *, winners: int, losers: set[str]) -> Outcome:
    """At most so many may win, at least one does, and the rest is told why."""
    won = tally.results["ok"]
    if not 1 <= won <= winners:
        tally.broken(f"{won} winners of {winners}")
    strange = set(tally.results) - losers - {"ok", WAITED_TOO_LONG}
    if strange:
        tally.broken(f"told {sorted(strange)}")
    return Outcome(
        operations=sum(tally.results.values()),
        faults=sum(tally.results.values()) - won,
        violations=tally.violations,
        figures={"winners": won},
    )


def race_expiry(visits: Sequence[UUID], *, threads: int = 8, seed: int = 0) -> Outcome:
    """Holds run out within a third of a second while they are swept and confirmed."""
    tally = Tally()
    with transaction("test") as session:
        held = [key for key in visits if _hold_briefly(session, key, seed)]
        now = clock.now(session)
        for number, key in enumerate(held):
            _expire_at(session, key, now + timedelta(milliseconds=300 + 5 * (number % 60)))
        clock.set_rate(session, 1.0)

    def attack(number: int) -> None:
        chance = random.Random(f"{seed}:{number}")
        until = monotonic() + 1.5
        while monotonic() < until:
            if number % 4 == 0:
                attempt(tally, sweep, Arena((), (), (), now), chance)
                sleep(0.01)
            else:
                attempt(tally, confirm, Arena((), held, (), now), chance)

    with connections(threads + 2):
        together(attack, threads)
        tally.violations += search()
        with transaction("test") as session:
            late = session.scalar(text(CONFIRMED_LATE), {"late_by": LATE_BY})
    if late:
        tally.broken(f"{late} confirmed after they had expired")
    if not tally.results["ok"] or not tally.results["hold_expired"]:
        tally.broken("no race took place")
    return Outcome(operations=len(tally.seconds), faults=len(held), violations=tally.violations)


def _hold_briefly(session: Session, visit: UUID, seed: int) -> bool:
    today = clock.now(session).date()
    shown = windows(session, visit, today, 2)
    if not shown:
        return False
    window = random.Random(f"{seed}:{visit}").choice(shown)
    hold_slot(session, visit, window.start, window.end)
    return True


def _expire_at(session: Session, visit: UUID, at: datetime) -> None:
    session.execute(
        text(
            "UPDATE assignments SET expires_at = :at, version = version + 1"
            " WHERE visit_id = :visit AND status = 'held'"
        ),
        {"at": at, "visit": visit},
    )
