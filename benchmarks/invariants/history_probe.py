"""The product's relay and worker, with one handler more that counts who was assigned."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.invariants import probe
from dispatch.events import VisitAssigned
from kernel import jobs
from server import registry, wiring

TABLE = "CREATE TABLE probe_assigned (assignment_id uuid NOT NULL)"
NAME = "probe.assigned"


def count_assigned(session: Session, event: VisitAssigned) -> None:
    session.execute(text("INSERT INTO probe_assigned VALUES (:key)"), {"key": event.assignment_id})


@contextmanager
def subscribed() -> Iterator[None]:
    """While the handler is known here: whoever publishes the event makes its job."""
    jobs.on(VisitAssigned, name=NAME, queue="critical", retries=20)(count_assigned)
    try:
        yield
    finally:
        jobs.forget(NAME)


def main(role: str) -> None:
    registry.load()
    wiring.connect()
    with subscribed():
        probe.main(role)
