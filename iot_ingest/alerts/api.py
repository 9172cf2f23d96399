"""HTTP: the list of alerts and what the office may do with one."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response

from dispatch.accounts.roles import OFFICE
from iot_ingest.alerts import queries, service
from iot_ingest.alerts.lifecycle import ALERT, AlertStatus
from iot_ingest.alerts.models import Alert
from iot_ingest.alerts.reasons import reason_in_words
from iot_ingest.alerts.schemas import AlertEvidenceOut, AlertOut, ChartPointOut, ClearIn, SnoozeIn
from iot_ingest.charts.queries import series
from iot_ingest.rules.detector import Measure
from iot_ingest.rules.models import Rule
from kernel import clock
from kernel.auth import require
from kernel.db import get
from kernel.http import Page, Router, Session, paginate, set_etag
from kernel.principal import Principal
from kernel.settings import settings

BEFORE = timedelta(hours=6)

router = Router(prefix="/api/alerts", tags=["alerts"])

Office = Annotated[Principal, Depends(require(*OFFICE))]


@router.get("")
def list_alerts(
    session: Session,
    office: Office,
    status: Annotated[list[AlertStatus] | None, Query()] = None,
    asset_id: UUID | None = None,
    customer_id: UUID | None = None,
    territory_id: UUID | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[AlertOut]:
    statement = queries.select_alerts(
        statuses=status or (),
        asset_id=asset_id,
        customer_id=customer_id,
        territory_id=territory_id,
    )
    rows, following = paginate(session, statement, Alert.id, cursor, limit, newest_first=True)
    return Page(items=_show(session, rows), next_cursor=following)


@router.get("/{alert_id}")
def get_alert(session: Session, office: Office, alert_id: UUID, response: Response) -> AlertOut:
    return _answer(session, get(session, Alert, alert_id), response)


@router.get("/{alert_id}/evidence")
def get_evidence(session: Session, office: Office, alert_id: UUID) -> AlertEvidenceOut:
    """The reason in words, and a chart from six hours before the alert to its end."""
    alert = get(session, Alert, alert_id)
    rule = get(session, Rule, alert.rule_id)
    until = alert.cleared_at or clock.now(session)
    _, points = series(session, alert.asset_id, rule.metric, alert.opened_at - BEFORE, until)
    has_limits = rule.measure is Measure.VALUE
    return AlertEvidenceOut(
        words=reason_in_words(alert.evidence),
        metric=rule.metric,
        limit=rule.threshold if has_limits else None,
        clear_limit=rule.clear_threshold if has_limits else None,
        fired_at=alert.opened_at,
        cleared_at=alert.cleared_at,
        points=[ChartPointOut.model_validate(point) for point in points],
    )


@router.post("/{alert_id}/acknowledge")
def acknowledge_alert(
    session: Session, office: Office, alert_id: UUID, response: Response
) -> AlertOut:
    return _answer(session, service.acknowledge(session, alert_id), response)


@router.post("/{alert_id}/snooze")
def snooze_alert(
    session: Session, office: Office, alert_id: UUID, body: SnoozeIn, response: Response
) -> AlertOut:
    return _answer(session, service.snooze(session, alert_id, body.until), response)


@router.post("/{alert_id}/clear")
def clear_alert(
    session: Session, office: Office, alert_id: UUID, body: ClearIn, response: Response
) -> AlertOut:
    alert = service.clear(session, alert_id, body.disposition, body.note)
    return _answer(session, alert, response)


def _answer(session: Session, alert: Alert, response: Response) -> AlertOut:
    set_etag(response, alert.version)
    return _show(session, [alert])[0]


def _show(session: Session, alerts: Sequence[Alert]) -> list[AlertOut]:
    stakes = queries.stakes_of(session, alerts)
    signs = queries.last_signs(session, alerts)
    columns = Alert.__table__.columns.keys()
    return [
        AlertOut.model_validate(
            {
                **{name: getattr(alert, name) for name in columns},
                **asdict(stakes[alert.id]),
                "last_seen_at": signs[alert.id],
                "currency": settings().currency,
                "moves": ALERT.moves_from(alert.status),
            }
        )
        for alert in alerts
    ]
