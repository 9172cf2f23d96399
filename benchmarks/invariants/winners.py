"""I2 and I3: one winner per seat, and nothing confirmed after it has expired."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.invariants.jobs import Outcome
from benchmarks.invariants.schedule import (
    WAITED_TOO_LONG,
    Arena,
    Tally,
    attempt,
    connections,
    search,
    together,
)
from benchmarks.invariants.servers import fresh
from benchmarks.invariants.storms import confirm, sweep
from dispatch.scheduling.slots.queries import windows
from dispatch.scheduling.slots.service import hold_slot
from dispatch.scheduling.staffing.service import assign
from kernel import clock
from kernel.db import transaction
from kernel.errors import Conflict
from server import registry
from tests.factories.scheduling import MONDAY, make_town, make_waiting

HOUR = timedelta(hours=1)
LATE_BY = timedelta(milliseconds=250)
"""How far the clock may run between a comparison and the audit row that tells its time."""
CONFIRMED_LATE = """
    SELECT count(*) FROM audit_entry
     WHERE table_name = 'assignments' AND changes -> 'status' = '["held", "confirmed"]'
       AND at > (changes -> 'expires_at' ->> 0)::timestamptz + :late_by
"""


def attack_seats(folder: Path, *, rounds: int, people: int = 32) -> Outcome:
    """So many rounds of everybody accepting one visit, and of everybody choosing one window."""
    total = Outcome()
    with fresh(folder):
        registry.load()
        for number in range(rounds):
            choose = bool(number % 2)
            with transaction("test") as session:
                town = make_town(session, 2 if choose else people)
                visits = [make_waiting(session, town).id for _ in range(people)]
                technicians = [technician.id for technician in town.technicians]
            if choose:
                _add(total, one_slot(visits, MONDAY, MONDAY + 2 * HOUR, room=4))
            else:
                _add(total, one_winner(visits[0], technicians, MONDAY + HOUR))
    return total


def attack_expiry(folder: Path, *, rounds: int) -> Outcome:
    """So many rounds of holds that run out while they are confirmed and swept."""
    total = Outcome()
    with fresh(folder):
        registry.load()
        for number in range(rounds):
            with transaction("test") as session:
                town = make_town(session, 6)
                visits = [make_waiting(session, town).id for _ in range(36)]
            _add(total, race_expiry(visits, seed=number))
    return total


def _add(total: Outcome, found: Outcome) -> None:
    total.operations += found.operations
    total.faults += found.faults
    total.violations += found.violations


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
    try:
        with session.begin_nested():
            hold_slot(session, visit, window.start, window.end)
    except Conflict as refusal:
        # shown windows do not know the holds of this transaction
        if refusal.code != "window_taken":
            raise
        return False
    return True


def _expire_at(session: Session, visit: UUID, at: datetime) -> None:
    session.execute(
        text(
            "UPDATE assignments SET expires_at = :at, version = version + 1"
            " WHERE visit_id = :visit AND status = 'held'"
        ),
        {"at": at, "visit": visit},
    )
