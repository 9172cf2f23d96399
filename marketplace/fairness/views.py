"""Puts the fairness report into its shapes."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.fairness import service
from marketplace.fairness.queries import Told
from marketplace.fairness.schemas import ConsiderationShown, FairnessShown, OwnShare, ShareShown
from marketplace.fairness.service import Report
from marketplace.fairness.shares import Line
from marketplace.waves.models import ASKED


def report_shown(report: Report) -> FairnessShown:
    return FairnessShown(
        **_bound(report),
        gini_of_offers=round(report.gini_of_offers, 3),
        gini_of_pay=round(report.gini_of_pay, 3),
        lines=[_share(report, line) for line in report.lines],
    )


def own_share(session: Session, technician_id: UUID, shown: int) -> OwnShare:
    report = service.report(session, [technician_id])
    return OwnShare(
        **_bound(report),
        share=_share(report, report.lines[0]) if report.lines else None,
        considerations=considerations(session, technician_id, shown),
    )


def considerations(
    session: Session, technician_id: UUID, limit: int, before: int | None = None
) -> list[ConsiderationShown]:
    return [_told(one) for one in service.considered(session, technician_id, limit, before)]


def _told(told: Told) -> ConsiderationShown:
    row = told.consideration
    return ConsiderationShown(
        id=row.id,
        decided_at=row.decided_at,
        work_type=told.work_type,
        wave=row.wave,
        was_asked=row.code == ASKED,
        could_have=row.gained is not None,
        reason=row.code,
        sentence=row.sentence,
        able=told.able,
        asked_count=told.asked,
    )


def _bound(report: Report) -> dict[str, Any]:
    return {
        "since": report.since,
        "until": report.until,
        "most_ahead": report.terms.most_ahead,
        "most_ahead_pct": report.terms.most_ahead_pct,
        "currency": report.currency,
    }


def _share(report: Report, line: Line) -> ShareShown:
    return ShareShown(
        technician_id=line.technician_id,
        name=report.names[line.technician_id],
        times_able=line.times_able,
        asked=line.asked,
        equal_share=round(line.equal_share, 2),
        ahead=round(line.ahead, 2),
        ahead_pct=round(line.ahead_pct, 1),
        accepted=line.accepted,
        agreed_cents=line.agreed_cents,
        equal_agreed_cents=line.equal_agreed_cents,
        is_within_bound=report.is_within(line),
        reasons=dict(line.reasons),
    )
