"""What ends alerts and their snoozes."""

from sqlalchemy.orm import Session

from dispatch.events import VisitMoved, WorkOrderMoved
from dispatch.work_orders.lifecycle import DONE_WORK_ORDERS, VisitStatus, WorkOrderStatus
from iot_ingest.alerts import service
from iot_ingest.events import AlertSnoozeEnded
from kernel.jobs import on


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
