"""How soon the whole product works again after a kill -9 of a worker, PostgreSQL or the broker."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy.exc import SQLAlchemyError

from benchmarks.invariants.jobs import Outcome
from benchmarks.invariants.servers import count
from dispatch.accounts.roles import ADMIN
from kernel import db
from kernel.credentials import issue_access
from kernel.principal import Principal
from server import registry
from server.stack import Stack, running
from tests.factories.customers import make_site
from tests.factories.work_orders import make_work_type

ORDERS = 10
GIVE_UP_SECONDS = 120.0
WITHIN_SECONDS = {"worker": 15.0, "postgres": 10.0, "broker": 60.0, "hung broker": 60.0}
"""A worker is started again by its supervisor; a hung broker hangs for five seconds."""
HANG_SECONDS = 5.0
OPEN_JOBS = """
    SELECT count(*) FROM job j JOIN event e ON e.id = j.event_id
     WHERE j.status IN ('waiting', 'running') AND j.due_at IS NULL AND j.id <= :newest
"""
NEWEST_JOB = "SELECT coalesce(max(id), 0) FROM job"
DEAD_JOBS = "SELECT count(*) FROM job WHERE status = 'dead'"


class Shop:
    """Opens work orders over HTTP, each of which makes jobs."""

    def __init__(self, stack: Stack, outcome: Outcome) -> None:
        with db.transaction("recovery") as session:
            site = make_site(session)
            self.body = {
                "customer_id": str(site.customer_id),
                "site_id": str(site.id),
                "work_type_code": make_work_type(session).code,
                "title": "Recovery",
            }
        who = Principal(account_id=uuid4(), roles=frozenset({ADMIN}), name="recovery")
        headers = {"Authorization": f"Bearer {issue_access(who)}"}
        self.http = httpx.Client(base_url=stack.url, headers=headers, timeout=10)
        self.outcome = outcome

    def open_orders(self, *, strict: bool = True) -> None:
        """Violations when one fails while the API ought to work."""
        for _ in range(ORDERS):
            self.outcome.operations += 1
            if not self.try_one() and strict:
                self.outcome.violations.append("recovery: the API failed beside a dead broker")

    def try_one(self) -> bool:
        headers = {"Idempotency-Key": uuid4().hex}
        try:
            return self.http.post("/api/work-orders", json=self.body, headers=headers).is_success
        except httpx.HTTPError:
            return False


def attack(folder: Path) -> Outcome:
    """One fault after the other on the running product."""
    registry.load()
    outcome = Outcome()
    with running(folder) as stack:
        shop = Shop(stack, outcome)
        shop.open_orders()
        _await(stack, _present_jobs())
        for name, hurt in FAULTS.items():
            outcome.faults += 1
            began = time.monotonic()
            done = hurt(stack, shop)
            took = round(_await(stack, done) - began, 1)
            outcome.figures[f"{name}_s"] = took
            if took > WITHIN_SECONDS[name]:
                outcome.violations.append(f"recovery: {took} s after a kill of {name}")
            _await(stack, _present_jobs())
        if count(DEAD_JOBS):
            outcome.violations.append("recovery: jobs were given up")
        shop.http.close()
    return outcome


def _kill_worker(stack: Stack, shop: Shop) -> Callable[[], bool]:
    shop.open_orders()
    done = _present_jobs()
    os.killpg(stack.children["worker"].pid, signal.SIGKILL)
    stack.children["worker"].wait()
    stack.revive()
    return done


def _kill_postgres(stack: Stack, shop: Shop) -> Callable[[], bool]:
    os.kill(stack.embedded.pids["postgres"], signal.SIGKILL)
    while "postgres" in stack.embedded.pids:
        time.sleep(0.02)
    stack.embedded.revive()
    return shop.try_one


def _kill_broker(stack: Stack, shop: Shop) -> Callable[[], bool]:
    os.kill(stack.embedded.pids["valkey"], signal.SIGKILL)
    shop.open_orders()
    done = _present_jobs()
    stack.embedded.revive()
    return done


def _hang_broker(stack: Stack, shop: Shop) -> Callable[[], bool]:
    pid = stack.embedded.pids["valkey"]
    os.kill(pid, signal.SIGSTOP)
    shop.open_orders()
    time.sleep(HANG_SECONDS)
    os.kill(pid, signal.SIGCONT)
    return _present_jobs()


FAULTS: dict[str, Callable[[Stack, Shop], Callable[[], bool]]] = {
    "worker": _kill_worker,
    "postgres": _kill_postgres,
    "broker": _kill_broker,
    "hung broker": _hang_broker,
}


def _present_jobs() -> Callable[[], bool]:
    """Are the jobs done that are there now? Those that come of them do not count."""
    newest = count(NEWEST_JOB)
    return lambda: count(OPEN_JOBS, newest=newest) == 0


def _await(stack: Stack, is_done: Callable[[], Any]) -> float:
    """The moment at which it was done, or at which waiting was given up.

    Meanwhile what died is started again, as every deployment does: a worker with work in hand
    ends when its broker is killed.
    """
    deadline = time.monotonic() + GIVE_UP_SECONDS
    while time.monotonic() < deadline:
        with suppress(SQLAlchemyError):
            if is_done():
                break
        stack.revive()
        time.sleep(0.05)
    return time.monotonic()
