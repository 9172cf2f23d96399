"""Every write of learning: verdicts taken down, and rules demoted for what they show."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.work_orders.models import Visit
from iot_ingest.alerts.lifecycle import Disposition
from iot_ingest.alerts.models import Alert
from iot_ingest.alerts.queries import last_completed_visit
from iot_ingest.learning import queries
from iot_ingest.learning.lifecycle import FaultFound, JudgedBy, is_below_floor
from iot_ingest.learning.models import Verdict
from iot_ingest.rules import service as rules
from iot_ingest.rules.lifecycle import Standing
from iot_ingest.rules.models import Rule
from kernel import clock
from kernel.db import get, locked


def take_down(session: Session, alert_id: UUID) -> Verdict | None:
    """Note what an ended alert was, where somebody said so; safe to repeat.

    The technician's word counts first. A visit without a word, an alert that went away by itself
    and one that nobody answered prove nothing.
    """
    alert = get(session, Alert, alert_id)
    order_id = alert.work_order_id
    visit = last_completed_visit(session, order_id) if order_id else None
    judged = _judge(alert, visit)
    if judged is None:
        return None
    found, by = judged
    session.execute(
        insert(Verdict)
        .values(
            alert_id=alert.id,
            rule_id=alert.rule_id,
            asset_id=alert.asset_id,
            found=found,
            judged_by=by,
            visit_id=visit.id if visit else None,
            truck_rolled=visit is not None,
            had_failed=_report(visit).get("had_failed") is True,
            lead_minutes=_lead(alert, visit, clock.now(session)),
            judged_at=clock.now(session),
        )
        .on_conflict_do_nothing(index_elements=[Verdict.alert_id])
    )
    reconsider(session, alert.rule_id)
    return queries.find_verdict(session, alert.id)


def reconsider(session: Session, rule_id: UUID) -> None:
    """Demote a rule that is surely below its floor. One that watches over people never is."""
    (rule,) = locked(session, Rule, [rule_id])
    if rule.standing is Standing.TRIAGE or rule.danger.threatens_people:
        return
    tally = queries.tally_of(session, rule_id)
    precision = tally.precision
    if precision is None or not is_below_floor(precision, tally.verdicts, rule.precision_floor):
        return
    reason = {
        "code": "low_precision",
        "verdicts": tally.verdicts,
        "true_faults": tally.true_faults,
        "precision": precision.value,
        "low": precision.low,
        "high": precision.high,
        "floor": rule.precision_floor,
    }
    rules.demote(session, rule, reason)


def _judge(alert: Alert, visit: Visit | None) -> tuple[FaultFound, JudgedBy] | None:
    told = _report(visit).get("verdict")
    if told in set(FaultFound):
        return FaultFound(str(told)), JudgedBy.TECHNICIAN
    match alert.disposition:
        case Disposition.FALSE_ALARM:
            return FaultFound.FALSE_ALARM, JudgedBy.OFFICE
        case Disposition.REMOTE_FIXED:
            return FaultFound.TRUE_FAULT, JudgedBy.REMOTE_FIX
        case Disposition.REPAIRED if visit is None:
            return FaultFound.TRUE_FAULT, JudgedBy.OFFICE
        case _:
            return None


def _report(visit: Visit | None) -> dict[str, Any]:
    return (visit.report if visit is not None else None) or {}


def _lead(alert: Alert, visit: Visit | None, now: datetime) -> int:
    """Minutes from the alert until somebody stood before the machine, or had it settled."""
    seen_at = (visit.on_site_at or visit.finished_at) if visit is not None else None
    return max(int(((seen_at or now) - alert.opened_at) / timedelta(minutes=1)), 0)
