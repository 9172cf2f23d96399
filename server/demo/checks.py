"""Looks for broken promises in the database after a day; each check gives a count."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from kernel.schema import record_tables

OVERLAPS = """
    SELECT count(*) FROM assignments a JOIN assignments b
        ON a.technician_id = b.technician_id AND a.id < b.id AND a.busy && b.busy
     WHERE a.status IN ('held', 'confirmed', 'active', 'done') AND a.overlap_reason IS NULL
       AND b.status IN ('held', 'confirmed', 'active', 'done') AND b.overlap_reason IS NULL
"""
DOUBLE_SEATS = """
    SELECT count(*) FROM (
        SELECT visit_id, seat FROM assignments
         WHERE status IN ('held', 'confirmed', 'active', 'done')
         GROUP BY visit_id, seat HAVING count(*) > 1) twice
"""
DOUBLE_OFFERS = """
    SELECT count(*) FROM (
        SELECT o.visit_id FROM offers o
          JOIN visits v ON v.id = o.visit_id
          LEFT JOIN assignments a ON a.id = o.assignment_id
         WHERE o.status = 'accepted'
           AND (a.id IS NULL OR a.status IN ('held', 'confirmed', 'active', 'done'))
         GROUP BY o.visit_id, v.crew_size HAVING count(*) > v.crew_size) twice
"""


def overlaps(session: Session, journal: Path) -> int:
    """Pairs of occupying assignments of one technician that overlap without a forced reason."""
    return int(session.execute(text(OVERLAPS)).scalar_one())


def double_winners(session: Session, journal: Path) -> int:
    """Visits whose seat or offer was given to more people than it has room for."""
    seats = session.execute(text(DOUBLE_SEATS)).scalar_one()
    return int(seats + session.execute(text(DOUBLE_OFFERS)).scalar_one())


def lost_writes(session: Session, journal: Path) -> int:
    """Writes that the city saw acknowledged and the database does not have as answered.

    The stored reply is written in the transaction of the effect, so it stands for the effect;
    offline commands and new devices have rows of their own instead.
    """
    replies = {
        key: (status, hashlib.sha256(body.encode()).hexdigest())
        for key, status, body in session.execute(
            text("SELECT key, status, body FROM idempotent_reply")
        )
    }
    commands = {
        (str(phone), seq)
        for phone, seq in session.execute(text("SELECT device_id, seq FROM device_commands"))
    }
    devices = {str(key) for key in session.execute(text("SELECT id FROM devices")).scalars()}

    def is_there(write: dict[str, Any]) -> bool:
        if "device" in write:
            return write["device"] in devices
        if "phone" in write:
            return (write["phone"], write["seq"]) in commands
        return replies.get(write["key"]) == (write["status"], write["sha256"])

    return sum(not is_there(json.loads(line)) for line in journal.read_text().splitlines())


def unaudited_writes(session: Session, journal: Path) -> int:
    """Rows whose version is not the one of their last audit row."""
    wrong = 0
    for table in record_tables():
        wrong += session.execute(
            text(
                f"SELECT count(*) FROM {table.name} r"
                " WHERE r.version IS DISTINCT FROM (SELECT max(record_version) FROM audit_entry a"
                f" WHERE a.record_id = r.id AND a.table_name = '{table.name}')"
            )
        ).scalar_one()
    return wrong


CHECKS: dict[str, Callable[[Session, Path], int]] = {
    "overlaps": overlaps,
    "double_winners": double_winners,
    "lost_writes": lost_writes,
    "unaudited_writes": unaudited_writes,
}


def run(session: Session, journal: Path) -> dict[str, int]:
    return {name: check(session, journal) for name, check in CHECKS.items()}
