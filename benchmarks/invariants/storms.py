"""I1: nobody in two places, while threads book, move, swap, rotate and cancel."""

import random
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from benchmarks.invariants.jobs import Outcome
from benchmarks.invariants.schedule import (
    Arena,
    Attack,
    Tally,
    attempt,
    connections,
    make_arena,
    search,
    together,
)
from benchmarks.invariants.servers import fresh
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.assignments.queries import assignments_by_visit
from dispatch.scheduling.assignments.service import sweep_expired
from dispatch.scheduling.changes.grouping import Change, Group, Place
from dispatch.scheduling.changes.service import apply_group
from dispatch.scheduling.policies.service import dispatch
from dispatch.scheduling.slots.queries import windows
from dispatch.scheduling.slots.service import confirm_hold, hold_slot
from dispatch.scheduling.staffing.service import assign, recall, unassign
from dispatch.work_orders.models import Visit
from server import registry


def attack(folder: Path, *, operations: int, threads: int = 64, seed: int = 1) -> Outcome:
    """The storm on a database of its own."""
    with fresh(folder):
        registry.load()
        return storm(make_arena(), operations=operations, threads=threads, seed=seed)


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


def _place_of(row: Assignment) -> Place:
    return Place(row.technician_id, row.starts_at, row.ends_at, row.travel_seconds)


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
