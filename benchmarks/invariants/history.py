"""I1 to I6 together, as Jepsen does it: a log of invoke, ok, fail and unknown against the database.

Clients book and unbook over HTTP while replies are cut and PostgreSQL, a worker and the broker are
killed. Each operation's id is its idempotency key and its request id, so audit rows tell whose
they are.
"""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text

from benchmarks.invariants.cutting import cutting, serving
from benchmarks.invariants.history_probe import TABLE, subscribed
from benchmarks.invariants.jobs import Crew, Outcome, crew
from benchmarks.invariants.schedule import Arena, make_arena, search
from benchmarks.invariants.servers import count, fresh
from dispatch.accounts.roles import DISPATCHER
from kernel import db
from kernel.credentials import issue_access
from kernel.embedded import Embedded
from kernel.principal import Principal
from server import registry, wiring

PROGRAM = "from benchmarks.invariants.history_probe import main; main({!r})"
CUT_SHARE = 0.15
TRIES = 8
DRAIN_SECONDS = 180.0
LEFT = (
    "SELECT count(*) FROM job WHERE handler = 'probe.assigned' AND status IN ('waiting', 'running')"
)
MADE = """
    SELECT request_id, count(*) FROM audit_entry
     WHERE table_name = 'assignments' AND action = 'insert' AND request_id IS NOT NULL
     GROUP BY request_id
"""
TOUCHED = "SELECT DISTINCT request_id FROM audit_entry WHERE request_id IS NOT NULL"
NOT_ONCE = """
    SELECT count(*) FROM event e
     WHERE e.name = 'dispatch.VisitAssigned'
       AND 1 <> (SELECT count(*) FROM probe_assigned p
                  WHERE p.assignment_id = (e.payload ->> 'assignment_id')::uuid)
"""


@dataclass(frozen=True)
class Entry:
    """One line of the log; `kind` is invoke, ok, fail or unknown."""

    operation: str
    kind: str
    what: str


@dataclass
class Log:
    entries: list[Entry] = field(default_factory=list)
    lost_replies: int = 0

    def ended(self, kind: str, what: str | None = None) -> set[str]:
        return {
            entry.operation
            for entry in self.entries
            if entry.kind == kind and what in (None, entry.what)
        }


@dataclass
class Client:
    """Does one operation after the other until told to stop."""

    url: str
    token: str
    arena: Arena
    log: Log
    rng: random.Random

    def run(self, operations: int) -> None:
        with httpx.Client(base_url=self.url, timeout=10) as http:
            for _ in range(operations):
                what, path, body = self._choose()
                operation = uuid4().hex
                self.log.entries.append(Entry(operation, "invoke", what))
                kind = self._perform(http, operation, path, body)
                self.log.entries.append(Entry(operation, kind, what))

    def _choose(self) -> tuple[str, str, dict[str, Any]]:
        visit = self.rng.choice(self.arena.visits)
        if self.rng.random() < 0.35:
            return "unassign", f"/api/visits/{visit}/unassign", {"reason": "history"}
        at = self.arena.start + timedelta(minutes=15 * self.rng.randrange(4, 30))
        people: list[UUID] = [self.rng.choice(self.arena.technicians)]
        body = {
            "technician_ids": [str(key) for key in people],
            "starts_at": at.isoformat(),
            "accept_violations": True,
        }
        return "assign", f"/api/visits/{visit}/assign", body

    def _perform(self, http: httpx.Client, operation: str, path: str, body: dict[str, Any]) -> str:
        """ok, fail, or unknown when no try was answered."""
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Idempotency-Key": operation,
            "X-Request-ID": operation,
            "Connection": "close",
        }
        for _ in range(TRIES):
            try:
                reply = http.post(path, json=body, headers=headers)
            except httpx.HTTPError:
                self.log.lost_replies += 1
                time.sleep(0.1)
                continue
            if reply.status_code == 503 or reply.json().get("code") == "request_in_flight":
                time.sleep(0.2)
                continue
            return "ok" if reply.is_success else "fail"
        return "unknown"


def attack(
    folder: Path, *, operations: int, threads: int = 4, seed: int = 1, hurried: bool = False
) -> Outcome:
    registry.load()
    wiring.connect()
    outcome, log = Outcome(), Log()
    with fresh(folder, broker=True) as embedded, crew(folder) as team, subscribed():
        os.environ["FIRSTFIX_OPTIMIZER_ENABLED"] = "false"
        with db.transaction() as session:
            session.execute(text(TABLE))
        arena = make_arena()
        team.program, team.hurried = PROGRAM, hurried
        for name in ("relay1", "worker1"):
            team.launch(name)
        who = Principal(account_id=uuid4(), roles=frozenset({DISPATCHER}), name="history")
        with serving() as port, cutting(port, CUT_SHARE, seed) as proxy:
            url, token = f"http://127.0.0.1:{proxy.port}", issue_access(who)
            clients = [
                threading.Thread(
                    target=Client(url, token, arena, log, random.Random(f"{seed}:{n}")).run,
                    args=(-(-operations // threads),),
                )
                for n in range(threads)
            ]
            for client in clients:
                client.start()
            _hurt_while(clients, log, operations, team, embedded, outcome)
            outcome.faults += proxy.cuts.total()
        _drain(team)
        _judge(log, outcome)
    del os.environ["FIRSTFIX_OPTIMIZER_ENABLED"]
    return outcome


def _hurt_while(
    clients: list[threading.Thread],
    log: Log,
    operations: int,
    team: Crew,
    embedded: Embedded,
    outcome: Outcome,
) -> None:
    """One fault at each quarter of the work; everything that died is started again."""
    faults: list[Callable[[], None]] = [
        lambda: os.kill(embedded.pids["postgres"], signal.SIGKILL),
        lambda: team.kill("worker1"),
        lambda: os.kill(embedded.pids["valkey"], signal.SIGKILL),
    ]
    for number, hurt in enumerate(faults, start=1):
        while len(log.entries) < 2 * operations * number // 4 and any(
            client.is_alive() for client in clients
        ):
            time.sleep(0.02)
        running = set(embedded.pids)
        hurt()
        outcome.faults += 1
        time.sleep(0.5)
        embedded.revive()
        team.revive()
        assert set(embedded.pids) == running
    for client in clients:
        client.join()


def _drain(team: Crew) -> None:
    deadline = time.monotonic() + DRAIN_SECONDS
    while count(LEFT) and time.monotonic() < deadline:
        team.revive()
        time.sleep(0.2)


def _judge(log: Log, outcome: Outcome) -> None:
    ok, failed, unknown = log.ended("ok"), log.ended("fail"), log.ended("unknown")
    outcome.operations = len(log.ended("invoke"))
    with db.new_session() as session:
        made = Counter[str]({row[0]: row[1] for row in session.execute(text(MADE))})
        touched = set(session.scalars(text(TOUCHED)))
        redelivered = count("SELECT count(*) FROM job WHERE attempts > 1 OR sends > 1")
    assigned = log.ended("ok", "assign")
    found = {
        "I4: acknowledged, and not there": sum(made[key] == 0 for key in assigned),
        "I5: done twice": sum(times > 1 for times in made.values()),
        "refused, and there all the same": len(failed & touched),
        "I6: assigned, and not counted once": count(NOT_ONCE),
        "I6: jobs that never ended": count(LEFT),
    }
    outcome.violations += [f"{what}: {times}" for what, times in found.items() if times]
    outcome.violations += [f"I1-I3: {what}" for what in search()]
    outcome.figures = {
        "ok": len(ok),
        "fail": len(failed),
        "unknown": len(unknown),
        "lost_replies": log.lost_replies,
        "redelivered": redelivered,
    }
    if not log.lost_replies or not redelivered or not ok or not failed:
        outcome.violations.append(f"history: no fault bit, it proved nothing: {outcome.figures}")
