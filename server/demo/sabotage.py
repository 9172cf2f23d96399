"""Breaks one promise on purpose, so that a test can see its check fire."""

from sqlalchemy import text
from sqlalchemy.orm import Session

STATEMENTS: dict[str, list[str]] = {
    "overlaps": [
        "ALTER TABLE assignments DROP CONSTRAINT IF EXISTS ex_assignments_technician_busy",
        """
        INSERT INTO assignments
        SELECT (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(),
                                                            'seat', 19))).*
          FROM assignments a WHERE status IN ('confirmed', 'active', 'done') LIMIT 1
        """,
    ],
    "double_winners": [
        "ALTER TABLE offers DISABLE TRIGGER ALL",
        "ALTER TABLE offers DROP CONSTRAINT ck_offers_assigned",
        """
        UPDATE offers SET status = 'accepted', version = version + 1, assignment_id = NULL
         WHERE visit_id = (SELECT visit_id FROM offers GROUP BY visit_id
                           HAVING count(*) > 1 AND bool_or(status = 'accepted') LIMIT 1)
        """,
    ],
    "lost_writes": [
        "DELETE FROM idempotent_reply WHERE key = (SELECT max(key) FROM idempotent_reply)",
    ],
    "unaudited_writes": [
        "ALTER TABLE visits DISABLE TRIGGER audit",
        "UPDATE visits SET note = 'by nobody', version = version + 1"
        " WHERE id = (SELECT id FROM visits LIMIT 1)",
    ],
}


def commit_one(session: Session, name: str) -> None:
    """Raises KeyError for a name that no check answers to."""
    for statement in STATEMENTS[name]:
        session.execute(text(statement))
