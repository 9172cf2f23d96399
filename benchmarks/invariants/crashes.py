"""I4: what was acknowledged survives a PostgreSQL that is killed under load."""

import os
import signal
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from benchmarks.invariants.jobs import Outcome
from benchmarks.invariants.servers import fresh
from dispatch.customers.service import create_customer
from kernel import db
from kernel.embedded import Embedded

HEALTHY_WITHIN_SECONDS = 10.0
PAUSE_SECONDS = 0.02


@dataclass
class Ledger:
    """What the writers were told, safe to add to from all of them."""

    acknowledged: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    last_at: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)


def attack(folder: Path, *, writes: int, kills: int = 5, threads: int = 8) -> Outcome:
    """Write until so many writes were acknowledged; kill the server now and then meanwhile."""
    ledger, outcome = Ledger(), Outcome()
    with fresh(folder) as embedded:
        writers = [
            threading.Thread(target=_write_on, args=(ledger, number)) for number in range(threads)
        ]
        for writer in writers:
            writer.start()
        try:
            recoveries = []
            for kill in range(1, kills + 1):
                _await_count(ledger, kill * writes // (kills + 1))
                recoveries.append(_kill(ledger, embedded))
            _await_count(ledger, writes)
        finally:
            ledger.over.set()
            for writer in writers:
                writer.join()
        _judge(ledger, outcome)
    outcome.operations = len(ledger.acknowledged) + len(ledger.unknown)
    outcome.faults = kills
    outcome.figures["recovery_s_worst"] = round(max(recoveries), 2)
    if max(recoveries) > HEALTHY_WITHIN_SECONDS:
        outcome.violations.append(f"I4: {max(recoveries):.1f} s until writes went on")
    return outcome


def _write_on(ledger: Ledger, number: int) -> None:
    count = 0
    while not ledger.over.is_set():
        count += 1
        name = f"written {number}-{count}"
        try:
            with db.transaction("writer") as session:
                create_customer(session, name=name)
        except SQLAlchemyError:
            ledger.unknown.append(name)
            time.sleep(PAUSE_SECONDS)
        else:
            ledger.acknowledged.append(name)
            ledger.last_at = time.monotonic()


def _await_count(ledger: Ledger, count: int) -> None:
    while len(ledger.acknowledged) < count:
        time.sleep(PAUSE_SECONDS)


def _kill(ledger: Ledger, embedded: Embedded) -> float:
    """Seconds from the kill to the next acknowledged write; a supervisor restarts the server."""
    os.kill(embedded.pids["postgres"], signal.SIGKILL)
    killed_at = time.monotonic()
    while "postgres" in embedded.pids:
        time.sleep(PAUSE_SECONDS)
    died_at = time.monotonic()
    embedded.revive()
    while ledger.last_at < died_at:
        time.sleep(PAUSE_SECONDS)
    return ledger.last_at - killed_at


def _judge(ledger: Ledger, outcome: Outcome) -> None:
    with db.new_session() as session:
        names = session.scalars(text("SELECT name FROM customers WHERE name LIKE 'written %'"))
        present = list(names)
        unaudited = session.scalar(
            text(
                "SELECT count(*) FROM customers c WHERE version <> (SELECT count(*)"
                " FROM audit_entry e WHERE e.record_id = c.id)"
            )
        )
    lost = set(ledger.acknowledged) - set(present)
    if lost:
        outcome.violations.append(f"I4: {len(lost)} acknowledged writes lost")
    if len(set(present)) != len(present):
        outcome.violations.append("I4: a write is there twice")
    if unaudited:
        outcome.violations.append(f"I4: {unaudited} writes without their audit row")
    if not ledger.unknown:
        outcome.violations.append("I4: no fault bit, the attack proved nothing")
    outcome.figures["acknowledged"] = len(ledger.acknowledged)
    outcome.figures["unknown"] = len(ledger.unknown)
    outcome.figures["unknown_but_there"] = len(set(ledger.unknown) & set(present))
