"""Timer ticks: at most one of a timer waits, each fires once, and none is lost for good."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from kernel import clock, relay
from kernel.jobs import Job

TIMER = "scheduling.sweep_holds"  # every minute of business time
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def ticks(session: Session) -> list[tuple[datetime | None, str]]:
    session.expire_all()
    statement = select(Job).where(Job.handler == TIMER).order_by(Job.tick_at)
    return [(job.tick_at, job.status) for job in session.scalars(statement)]


def tick_after(session: Session, minutes: int) -> None:
    clock.freeze(session, NOON + timedelta(minutes=minutes))
    session.flush()
    relay.make_ticks()


def mark(session: Session, status: str, attempts: int) -> None:
    """What becomes of all ticks so far."""
    session.execute(
        text("UPDATE job SET status = :status, attempts = :attempts WHERE handler = :name"),
        {"status": status, "attempts": attempts, "name": TIMER},
    )


class TestMakeTicks:
    def test_of_one_time_are_one(self, session: Session) -> None:
        for _ in range(2):
            tick_after(session, 0)
        assert ticks(session) == [(NOON, "waiting")]

    def test_do_not_pile_up_while_nobody_claims_them(self, session: Session) -> None:
        for minutes in range(4):
            tick_after(session, minutes)
        assert ticks(session) == [(NOON, "waiting")]

    @pytest.mark.parametrize(("status", "attempts"), [("running", 1), ("done", 1), ("waiting", 1)])
    def test_follow_one_that_was_claimed(
        self, session: Session, status: str, attempts: int
    ) -> None:
        tick_after(session, 0)
        mark(session, status, attempts)
        tick_after(session, 3)
        assert ticks(session) == [(NOON, status), (NOON + timedelta(minutes=3), "waiting")]
