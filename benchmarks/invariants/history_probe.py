"""The product's relay and worker, with one handler more that counts who was assigned.

Only a process of its own imports this: the handler stays registered wherever it was imported.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.invariants import probe
from dispatch.events import VisitAssigned
from kernel import jobs
from server import registry, wiring


@jobs.on(VisitAssigned, name="probe.assigned", queue="critical", retries=20)
def count_assigned(session: Session, event: VisitAssigned) -> None:
    session.execute(text("INSERT INTO probe_assigned VALUES (:key)"), {"key": event.assignment_id})


def main(role: str) -> None:
    registry.load()
    wiring.connect()
    probe.main(role)
