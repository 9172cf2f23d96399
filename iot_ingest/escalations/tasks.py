"""What is escalated."""

from sqlalchemy.orm import Session

from iot_ingest.escalations import service
from iot_ingest.events import AlertUnattended, RuleDemoted
from kernel.jobs import on


@on(AlertUnattended, name="escalations.raise_alert", queue="critical")
def raise_alert(session: Session, event: AlertUnattended) -> None:
    service.raise_alert(session, event.alert_id, event.level)


@on(RuleDemoted, name="escalations.raise_rule")
def raise_rule(session: Session, event: RuleDemoted) -> None:
    service.raise_rule(session, event.rule_id)
