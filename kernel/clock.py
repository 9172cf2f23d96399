"""The app clock: business time, the same in Python and SQL; scaled in the demo, frozen in tests."""

from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""Times that requests name lie from the one to before the other: sums with them cannot overflow."""


def now(session: Session) -> datetime:
    """Business time, aware, in UTC; the same value SQL sees as `app_now()`."""
    at: datetime = session.execute(text("SELECT app_now()")).scalar_one()
    return at.astimezone(UTC)


def rate(session: Session) -> float:
    """How many business seconds pass in one real second: 1 in production, 0 when frozen."""
    found: float = session.execute(text("SELECT rate FROM app_clock")).scalar_one()
    return found


def real_now() -> datetime:
    """Wall-clock time, for tokens, leases and timeouts only."""
    return datetime.now(UTC)


def freeze(session: Session, at: datetime) -> None:
    """Stop business time at `at`."""
    set_clock(session, at, rate=0)


def set_rate(session: Session, rate: float) -> None:
    """Let business time run `rate` times as fast as real time from now on."""
    session.execute(
        text(
            "UPDATE app_clock SET app_anchor = app_now(), real_anchor = clock_timestamp(),"
            " rate = :rate"
        ),
        {"rate": rate},
    )


def set_clock(session: Session, at: datetime, *, rate: float) -> None:
    """Let business time be `at` now and run at `rate` from there."""
    session.execute(
        text(
            "UPDATE app_clock SET app_anchor = :at, real_anchor = clock_timestamp(), rate = :rate"
        ),
        {"at": at, "rate": rate},
    )
