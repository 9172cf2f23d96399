"""What ends alerts and their snoozes, and what raises them when nothing comes."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.events import VisitMoved, WorkOrderMoved
from dispatch.work_orders.lifecycle import DONE_WORK_ORDERS, VisitStatus, WorkOrderStatus
from iot_ingest.alerts import openings, service
from iot_ingest.events import AlertAttentionDue, AlertExpiryDue, AlertSnoozeEnded
from iot_ingest.rules.service import find_silent
from kernel.jobs import every, on


@on(
    WorkOrderMoved,
    name="alerts.conclude_after_work_order",
    when=lambda event: event.to_status in {*DONE_WORK_ORDERS, WorkOrderStatus.CANCELLED},
)
def conclude_after_work_order(session: Session, event: WorkOrderMoved) -> None:
    service.conclude(session, event.work_order_id)


@on(
    VisitMoved,
    name="alerts.conclude_after_visit",
    when=lambda event: event.to_status == VisitStatus.COMPLETED,
)
def conclude_after_visit(session: Session, event: VisitMoved) -> None:
    service.conclude(session, event.work_order_id)


@on(AlertSnoozeEnded, name="alerts.end_snooze")
def end_snooze(session: Session, event: AlertSnoozeEnded) -> None:
    service.end_snooze(session, event.alert_id)


@on(AlertAttentionDue, name="alerts.escalate")
def escalate(session: Session, event: AlertAttentionDue) -> None:
    service.escalate(session, event.alert_id, event.level)


@on(AlertExpiryDue, name="alerts.expire")
def expire(session: Session, event: AlertExpiryDue) -> None:
    service.expire(session, event.alert_id)


@every(timedelta(minutes=1), name="alerts.look_for_silence")
def look_for_silence(session: Session, due_at: datetime) -> None:
    openings.apply(session, find_silent(session))
