"""Timers of the kernel's own: what may be forgotten is forgotten."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from kernel.jobs import every

KEPT = {
    "DELETE FROM job WHERE status = 'done' AND finished_at < clock_timestamp() - :keep": 7,
    "DELETE FROM idempotent_reply WHERE created_at < clock_timestamp() - :keep": 30,
    "DELETE FROM rate_count WHERE window_start < clock_timestamp() - :keep": 2,
    "DELETE FROM auth_session WHERE expires_at < clock_timestamp() - :keep": 30,
    "DELETE FROM one_time_code WHERE expires_at < clock_timestamp() - :keep": 1,
}
"""Statement and the days of real time a row is kept."""


@every(timedelta(hours=1), name="kernel.forget", time="real")
def forget(session: Session, due_at: datetime) -> None:
    for statement, days in KEPT.items():
        session.execute(text(statement), {"keep": timedelta(days=days)})
