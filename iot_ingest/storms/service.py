"""Every write on storms: begin, take alerts in, tell customers, and back to normal."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from dispatch.messaging import service as messaging
from dispatch.scheduling.policies import queries as policy_queries
from dispatch.scheduling.policies import service as policies
from dispatch.territories.models import Territory
from dispatch.territories.service import update_territory
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import Source
from dispatch.work_orders.models import WorkOrder
from iot_ingest.alerts.lifecycle import DANGER_PRIORITY
from iot_ingest.alerts.models import Alert
from iot_ingest.alerts.moves import whose
from iot_ingest.decisions.orders import open_work_order, review_needed
from iot_ingest.events import AlertQuietEnded
from iot_ingest.incidents.lifecycle import IncidentStatus
from iot_ingest.incidents.models import Incident
from iot_ingest.incidents.service import move
from iot_ingest.outreach import ladders
from iot_ingest.rules.models import Rule
from iot_ingest.storms import queries
from iot_ingest.storms.models import Storm, StormOrder
from kernel import clock
from kernel.db import get, locked
from kernel.errors import Conflict, Invalid
from kernel.events import publish

WAITING = "storm"
"""The reason of the hold on customers' orders."""


def begin(
    session: Session,
    incident_id: UUID,
    *,
    restoration_at: datetime,
    reserve_pct: int,
    policy_id: UUID | None = None,
) -> Storm:
    """Storm mode: one parent order for the cause, the customers' orders on hold behind it,
    everybody told when it will be over instead of being reminded, bookings limited to what
    `reserve_pct` leaves, and other planning rules in force. Twice is once.

    Raises Conflict `storm_running` when the territory has another storm, Invalid
    `storm_without_place`, `restoration_past` or `storm_policy_elsewhere`.
    """
    (incident,) = locked(session, Incident, [incident_id])
    running = queries.find_running(session, incident.id)
    if running is not None:
        return running
    alerts = queries.open_alerts(session, incident.id)
    if incident.territory_id is None or not alerts:
        raise Invalid("A storm needs a territory and open alerts.", code="storm_without_place")
    _ensure_ahead(session, restoration_at)
    if queries.find_in_territory(session, incident.territory_id) is not None:
        raise Conflict("This territory has a storm already.", code="storm_running")
    move(incident, IncidentStatus.STORM)
    (territory,) = locked(session, Territory, [incident.territory_id])
    locked(session, Alert, [alert.id for alert in alerts])
    storm = Storm(
        incident_id=incident.id,
        territory_id=territory.id,
        parent_order_id=_parent_order(session, incident, alerts[0]).id,
        restoration_at=restoration_at,
        reserve_pct=reserve_pct,
        reserve_before_pct=territory.emergency_reserve_pct,
        policy_id=policy_id,
        policy_before_id=_swap_policy(session, territory.id, policy_id),
    )
    session.add(storm)
    update_territory(session, territory, {"emergency_reserve_pct": reserve_pct})
    for alert in alerts:
        _take_in(session, storm, alert)
    _tell(session, storm, alerts)
    return storm


def take_in(session: Session, incident_id: UUID, alert_id: UUID) -> None:
    """A new alert of a storm: its order waits with the others. Safe to repeat."""
    locked(session, Incident, [incident_id])
    storm = queries.find_running(session, incident_id)
    (alert,) = locked(session, Alert, [alert_id])
    if storm is None or not alert.is_open:
        return
    if alert.id in {order.alert_id for order in queries.list_orders(session, storm.id)}:
        return
    _take_in(session, storm, alert)
    _tell(session, storm, [alert])


def announce(session: Session, incident_id: UUID, restoration_at: datetime) -> Storm:
    """Tell everybody concerned that it will be over at another time; the same time twice is one
    message."""
    locked(session, Incident, [incident_id])
    storm = queries.find_latest(session, incident_id)
    if storm.ended_at is not None:
        raise Conflict("The storm is over.", code="storm_over")
    _ensure_ahead(session, restoration_at)
    if storm.restoration_at != restoration_at:
        storm.restoration_at = restoration_at
        session.flush()
        _tell(session, storm, queries.open_alerts(session, incident_id))
    return storm


def calm(session: Session, incident_id: UUID) -> Storm:
    """Back to normal by one move: bookings and planning rules as before, orders of alerts that
    are still open released to the planner, the others cancelled; who has not answered is asked on.
    Twice is once."""
    (incident,) = locked(session, Incident, [incident_id])
    storm = queries.find_latest(session, incident_id)
    if storm.ended_at is not None:
        return storm
    if incident.status is IncidentStatus.STORM:
        move(incident, IncidentStatus.OPEN)
    storm.ended_at = clock.now(session)
    (territory,) = locked(session, Territory, [storm.territory_id])
    if territory.emergency_reserve_pct == storm.reserve_pct:
        update_territory(session, territory, {"emergency_reserve_pct": storm.reserve_before_pct})
    _swap_policy_back(session, storm)
    for waiting in queries.list_orders(session, storm.id):
        order = get(session, WorkOrder, waiting.work_order_id)
        if order.hold_reason != WAITING:
            continue
        if get(session, Alert, waiting.alert_id).is_open:
            work_orders.release(session, order.id)
        else:
            work_orders.cancel(session, order.id, "The fault went away with its cause.")
    for alert in queries.open_alerts(session, incident.id):
        _ask_again(session, alert)
    session.flush()
    return storm


def _ask_again(session: Session, alert: Alert) -> None:
    """Who was asked before the storm is asked on; whose alert began in it is decided anew."""
    (alert,) = locked(session, Alert, [alert.id])
    ladders.resume(session, alert)
    if alert.is_open and alert.answer is None and not ladders.started(session, alert.id):
        publish(session, AlertQuietEnded(alert_id=alert.id, **whose(alert)))


def _parent_order(session: Session, incident: Incident, alert: Alert) -> WorkOrder:
    rule = get(session, Rule, alert.rule_id)
    return work_orders.open(
        session,
        customer_id=alert.customer_id,
        site_id=alert.site_id,
        work_type_code=rule.work_type_code,
        source=Source.IOT,
        title=f"Incident: {rule.name}",
        description=f"The shared cause ({incident.cause}) of an incident.",
        priority=DANGER_PRIORITY,
        reported_at=incident.opened_at,
        fault_class=incident.fault_class,
    )


def _take_in(session: Session, storm: Storm, alert: Alert) -> None:
    """Open the alert's order unless it has one, and have it wait unless somebody is at it."""
    if alert.danger.threatens_people:
        return
    ladders.pause(session, alert)
    rule = get(session, Rule, alert.rule_id)
    if alert.work_order_id is None and review_needed(session, alert, rule) is None:
        open_work_order(session, alert, rule)
    order_id = alert.work_order_id
    if order_id is None:
        return
    try:
        with session.begin_nested():
            work_orders.hold(session, order_id, WAITING)
    except Conflict:
        return
    session.add(StormOrder(storm_id=storm.id, work_order_id=order_id, alert_id=alert.id))
    session.flush()


def _tell(session: Session, storm: Storm, alerts: Iterable[Alert]) -> None:
    """One message to each customer."""
    for alert in {alert.customer_id: alert for alert in alerts}.values():
        zone = ZoneInfo(queries.time_zone_of(session, alert.site_id))
        messaging.send(
            session,
            template="incident_update",
            customer_id=alert.customer_id,
            values={
                "problem": get(session, Rule, alert.rule_id).name,
                "time": storm.restoration_at.astimezone(zone).strftime("%d.%m. %H:%M"),
            },
            about={"alert_id": alert.id},
        )


def _swap_policy(session: Session, territory_id: UUID, policy_id: UUID | None) -> UUID | None:
    if policy_id is None:
        return None
    if policy_queries.get_policy(session, policy_id).territory_id != territory_id:
        raise Invalid("These rules are another territory's.", code="storm_policy_elsewhere")
    before = policy_queries.find_active(session, territory_id)
    policies.activate(session, policy_id)
    return before.id if before is not None else None


def _swap_policy_back(session: Session, storm: Storm) -> None:
    """Unless somebody has put yet other rules in force meanwhile."""
    active = policy_queries.find_active(session, storm.territory_id)
    if storm.policy_id is None or active is None or active.id != storm.policy_id:
        return
    if storm.policy_before_id is not None:
        policies.activate(session, storm.policy_before_id)
    else:
        policies.retire(session, storm.policy_id)


def _ensure_ahead(session: Session, restoration_at: datetime) -> None:
    if restoration_at <= clock.now(session):
        raise Invalid("The time of restoration lies ahead.", code="restoration_past")
