"""Handlers whose only effect is to be counted, and the processes that run them."""

import os
import signal
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from kernel import job_runner, jobs, relay
from kernel.celery_app import make_celery, send_with
from kernel.db import transaction
from kernel.events import Event
from kernel.failpoints import failpoint

TABLES = [
    "CREATE TABLE probe_effect (number bigint NOT NULL)",
    "CREATE TABLE probe_outside (key text PRIMARY KEY, number bigint NOT NULL)",
    "CREATE TABLE probe_call (key text NOT NULL)",
    "CREATE TABLE probe_tick (due_at timestamptz NOT NULL)",
]
TICK = timedelta(milliseconds=250)
HURRIED = "FIRSTFIX_PROBE_HURRIED"
HURRIED_SECONDS = 2
HARMLESS, RAISES, KILLS = "harmless", "raises", "kills"


@dataclass(frozen=True, kw_only=True)
class Probed(Event):
    number: int
    temper: str = HARMLESS


@jobs.on(Probed, name="probe.effect", retries=4)
def effect(session: Session, event: Probed) -> None:
    """Count once; a poisonous event raises or kills the process each time."""
    if event.temper == RAISES:
        raise ValueError(f"event {event.number} is poison")
    if event.temper == KILLS:
        os.kill(os.getpid(), signal.SIGKILL)
    session.execute(text("INSERT INTO probe_effect VALUES (:number)"), {"number": event.number})


@jobs.on(Probed, name="probe.outside", outside=True, retries=20)
def outside(event: Probed, key: str) -> None:
    """Call somebody outside under a key, then store: the key makes the repeat harmless."""
    with transaction() as session:
        session.execute(text("INSERT INTO probe_call VALUES (:key)"), {"key": key})
    failpoint("probe.after_call")
    with transaction() as session:
        session.execute(
            text("INSERT INTO probe_outside VALUES (:key, :number) ON CONFLICT DO NOTHING"),
            {"key": key, "number": event.number},
        )


@jobs.every(TICK, name="probe.tick", queue="critical", time="real")
def tick(session: Session, due_at: datetime) -> None:
    session.execute(text("INSERT INTO probe_tick VALUES (:due_at)"), {"due_at": due_at})


def main(role: str) -> None:
    """`relay`, or `worker` for all queues with two pool children."""
    jobs.seal()
    if os.environ.get(HURRIED):
        job_runner.LEASE = timedelta(seconds=HURRIED_SECONDS)
        relay.RESEND_SECONDS = HURRIED_SECONDS
    celery = make_celery()
    if role == "relay":
        relay.run(send_with(celery))
    name = f"-nprobe-{os.getpid()}@%h"
    options = ["--loglevel=ERROR", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    celery.worker_main(
        ["worker", f"--queues={','.join(jobs.QUEUES)}", "--concurrency=2", name, *options]
    )
