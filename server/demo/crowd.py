"""What freelancers were asked, answered and earned in the day, for the closing table."""

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from kernel.settings import settings
from marketplace.fairness.queries import list_lines

COUNTS = {
    "offers by kind": "SELECT kind, count(*) FROM offers GROUP BY 1 ORDER BY 2 DESC",
    "offers by wave": "SELECT 'wave ' || wave, count(*) FROM offers GROUP BY wave ORDER BY wave",
    "taken by kind": "SELECT kind, count(*) FROM offers WHERE status = 'accepted'"
    " GROUP BY 1 ORDER BY 2 DESC",
    "stand-bys": "SELECT status, count(*) FROM stand_bys GROUP BY 1 ORDER BY 2 DESC",
    "other terms": "SELECT status, count(*) FROM counter_offers GROUP BY 1 ORDER BY 2 DESC",
    "proposals for one offer": "SELECT rounds, count(*) FROM (SELECT count(*) AS rounds"
    " FROM counter_offers GROUP BY offer_id) bargains GROUP BY 1 ORDER BY 1",
    "fell through": "SELECT status, count(*) FROM assignments"
    " WHERE status IN ('backed_out', 'technician_no_show') GROUP BY 1 ORDER BY 2 DESC",
    "payouts": "SELECT kind || ' ' || status, count(*) FROM payouts GROUP BY 1 ORDER BY 2 DESC",
    "pay changes": "SELECT kind || ' ' || status, count(*) FROM pay_changes GROUP BY 1",
    "transfers": "SELECT status, count(*) FROM transfers GROUP BY 1 ORDER BY 2 DESC",
    "disputes": "SELECT status, count(*) FROM disputes GROUP BY 1 ORDER BY 2 DESC",
}
LAPSED = text(
    """
    WITH lapsed AS (SELECT technician_id, min(expires_at) AS at FROM credentials
                     WHERE status = 'expired' GROUP BY 1)
    SELECT (SELECT count(*) FROM lapsed) AS people,
           (SELECT count(*) FROM offers o JOIN lapsed l USING (technician_id)
             WHERE o.created_at < l.at) AS "offers before",
           (SELECT count(*) FROM offers o JOIN lapsed l USING (technician_id)
             WHERE o.created_at >= l.at) AS "offers since",
           (SELECT count(*) FROM assignments a JOIN lapsed l USING (technician_id)
             WHERE a.status = 'removed' AND a.updated_at >= l.at) AS "jobs for others",
           (SELECT count(*) FROM messages WHERE template = 'credential_ended') AS told
    """
)


def figures(session: Session, day: date) -> dict[str, Any]:
    """By what is counted: numbers by kind, or words."""
    found: dict[str, Any] = {
        name: {str(kind): int(count) for kind, count in session.execute(text(statement))}
        for name, statement in COUNTS.items()
    }
    return {
        **found,
        "equal shares": _fairness(session, day),
        "proofs run out": dict(session.execute(LAPSED).mappings().one()),
    }


def _fairness(session: Session, day: date) -> str:
    lines = list_lines(session, datetime.combine(day, time(), UTC), settings().currency)
    ahead = [line.ahead for line in lines if line.times_able]
    if not ahead:
        return "nobody could be asked"
    most, least = max(ahead), min(ahead)
    return f"{len(ahead)} people, {most:+.1f} to {least:+.1f} offers from an equal share"
