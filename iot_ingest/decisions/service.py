"""From an alert to a dated visit: tell the customer, open the work order, act on silence."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from dispatch.assets.queries import get_asset
from dispatch.scheduling.slots import service as slots
from dispatch.scheduling.slots.grid import Span
from dispatch.scheduling.slots.queries import windows
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import RUNNING_VISITS, Source
from dispatch.work_orders.locks.service import lock_order
from dispatch.work_orders.models import Visit
from iot_ingest.alerts import service as alerts
from iot_ingest.alerts.lifecycle import (
    AlertStatus,
    Choice,
    Disposition,
    RemoteOutcome,
    TriageReason,
    delay_cost_cents_per_day,
    may_be_ignored,
    opens_at_once,
    priority_of,
)
from iot_ingest.alerts.models import Alert
from iot_ingest.alerts.queries import count_acted_on
from iot_ingest.decisions import queries, remote
from iot_ingest.decisions.ports import model_may_open_orders
from iot_ingest.decisions.remote import playbook_of
from iot_ingest.decisions.windows import wishes
from iot_ingest.events import AlertAnswered, AlertJoinedStorm
from iot_ingest.incidents import service as incidents
from iot_ingest.incidents.lifecycle import IncidentStatus
from iot_ingest.outreach import service as outreach
from iot_ingest.outreach.service import FIRST_ASK, LAST_ASK
from iot_ingest.playbooks.lifecycle import (
    DAY,
    Deadlines,
    FirstStep,
    deadlines,
    delay_cost_cents,
    failure_within,
)
from iot_ingest.rules.detector import Measure
from iot_ingest.rules.lifecycle import NoAnswer, Standing
from iot_ingest.rules.models import Rule
from iot_ingest.silences import service as silences
from kernel import clock
from kernel.db import get, locked
from kernel.errors import Conflict, Invalid
from kernel.events import publish

DAYS_OFFERED = 7
RESPONSE_FLOOR = timedelta(hours=1)


def decide(session: Session, alert_id: UUID) -> None:
    """What a new or worsened alert asks for; safe to repeat.

    A remote fix comes first, where the decision table knows one, and is looked at again. Danger
    does not wait for that: it gets its work order now, as critical faults do and those of which
    the table says so; every customer is asked for a time.
    """
    (alert,) = locked(session, Alert, [alert_id])
    if not alert.is_open:
        return
    incident = incidents.group(session, alert)
    if silences.keep_quiet(session, alert):
        return
    in_storm = incident is not None and incident.status is IncidentStatus.STORM
    if incident is not None and in_storm and not alert.danger.threatens_people:
        publish(session, AlertJoinedStorm(alert_id=alert.id, incident_id=incident.id))
        return
    rule = get(session, Rule, alert.rule_id)
    if alert.triage_reason is None:
        alert.triage_reason = _why_review(session, alert, rule)
        session.flush()
    if alert.triage_reason is not None:
        return
    playbook = playbook_of(session, alert)
    if remote.is_tried(session, alert, playbook) and not alert.danger.threatens_people:
        return
    at_once = playbook is not None and playbook.first_step is FirstStep.WORK_ORDER
    if alert.work_order_id is None and (at_once or opens_at_once(alert.severity, alert.danger)):
        open_work_order(session, alert, rule)
    if alert.answer is None and alert.answer_due_at is None:
        outreach.ask(session, alert, rule, attempt=FIRST_ASK)


def approve(session: Session, alert_id: UUID) -> Alert:
    """Somebody looked at an alert in triage: it is decided like any other. Twice is once."""
    (alert,) = locked(session, Alert, [alert_id])
    if alert.triage_reason is not None:
        alert.triage_reason, alert.reviewed_at = None, clock.now(session)
        session.flush()
        decide(session, alert.id)
    return alert


def open_by_hand(session: Session, alert_id: UUID) -> Alert:
    """The office does not wait for anybody's answer; who looked at it has reviewed it. Twice is
    once. Raises Conflict `alert_cleared`."""
    (alert,) = locked(session, Alert, [alert_id])
    if not alert.is_open:
        raise Conflict("This has been settled meanwhile.", code="alert_cleared")
    if alert.triage_reason is not None:
        alert.triage_reason, alert.reviewed_at = None, clock.now(session)
        session.flush()
    if alert.work_order_id is None:
        open_work_order(session, alert, get(session, Rule, alert.rule_id))
    return alert


def retest(session: Session, alert_id: UUID) -> None:
    """A remote fix has had its time. An alert that is still open goes on to the next step."""
    (alert,) = locked(session, Alert, [alert_id])
    due_at = alert.remote_due_at
    if not alert.is_open or alert.remote_outcome is not RemoteOutcome.SENT:
        return
    if due_at is None or due_at > clock.now(session):
        return
    alert.remote_outcome = RemoteOutcome.FAILED
    if alert.answer is Choice.REMOTE_FIX:
        alert.answer = alert.answer_due_at = None  # the customer is asked anew
    session.flush()
    decide(session, alert.id)


def choices_of(session: Session, alert: Alert) -> list[Choice]:
    """What the customer may answer, as the decision table and the danger allow."""
    if not alert.is_open or alert.answer is not None:
        return []
    playbook = playbook_of(session, alert)
    remote = playbook is not None and playbook.offers_remote and alert.remote_outcome is None
    ignore = may_be_ignored(alert.danger) and (playbook is None or playbook.offers_ignore)
    offered = {Choice.REMOTE_FIX: remote, Choice.SLOT: True, Choice.IGNORE: ignore}
    return [choice for choice, is_offered in offered.items() if is_offered]


def release_inhibited(session: Session, source_id: UUID) -> None:
    """The alert that made others redundant has ended: they are decided anew."""
    for alert_id in queries.ids_inhibited_by(session, source_id):
        decide(session, alert_id)


def answer(
    session: Session,
    alert_id: UUID,
    choice: Choice,
    window: tuple[datetime, datetime] | None = None,
) -> Alert:
    """The customer's answer; the same answer twice is one.

    `slot` needs a window: it is booked if somebody can come then, and otherwise stays the wish
    that the planner works with. Raises Conflict `alert_cleared` when the episode is over,
    `already_answered` when a visit is booked, `danger_not_ignored` for gas, CO and electrical
    danger, `remote_fix_unavailable`, `under_way` when somebody has set off; Invalid
    `window_missing` or `window_past`.
    """
    (alert,) = locked(session, Alert, [alert_id])
    if not alert.is_open:
        raise Conflict("This has been settled meanwhile.", code="alert_cleared")
    if choice is Choice.IGNORE:
        _ignore(session, alert)
    elif choice is Choice.REMOTE_FIX:
        _ask_for_remote_fix(session, alert)
    else:
        _take_slot(session, alert, _checked(session, window))
    if alert.status in {AlertStatus.ACTIVE, AlertStatus.SNOOZED}:
        alerts.acknowledge(session, alert.id)
    publish(
        session,
        AlertAnswered(
            alert_id=alert.id,
            choice=str(choice),
            customer_id=alert.customer_id,
            territory_id=alert.territory_id,
        ),
    )
    return alert


def act_on_silence(session: Session, alert_id: UUID, attempt: int) -> None:
    """The answer is due: remind once, then take the default; safe to repeat."""
    (alert,) = locked(session, Alert, [alert_id])
    settled = alert.answer is not None or not alert.is_open
    if settled or alert.answer_due_at is None or alert.answer_due_at > clock.now(session):
        return
    if alert.work_order_id is not None and queries.is_booked(session, alert.work_order_id):
        return
    rule = get(session, Rule, alert.rule_id)
    if attempt == FIRST_ASK:
        outreach.ask(session, alert, rule, attempt=LAST_ASK)
    else:
        _default(session, alert, rule)


def offered_windows(session: Session, alert: Alert) -> list[Span]:
    """What the customer may choose: what can be kept once there is a visit, before that the
    windows in daytime until the work is due."""
    now = clock.now(session)
    time_zone = queries.time_zone_of(session, alert.site_id)
    visit = _visit_of(session, alert)
    if visit is not None:
        today = now.astimezone(ZoneInfo(time_zone)).date()
        found = windows(session, visit.id, today, DAYS_OFFERED)
        return [Span(window.start, window.end) for window in found]
    rule = get(session, Rule, alert.rule_id)
    return wishes(now, _deadlines(session, alert, rule).due, time_zone)


def open_work_order(
    session: Session, alert: Alert, rule: Rule, window: tuple[datetime, datetime] | None = None
) -> None:
    """Hand the fault, its evidence and its deadlines down to a new work order."""
    asset = get_asset(session, alert.asset_id)
    playbook = playbook_of(session, alert)
    told = _deadlines(session, alert, rule)
    risk = failure_within(DAY, _time_left(session, alert), alert.failure_curve)
    order = work_orders.open(
        session,
        customer_id=alert.customer_id,
        site_id=alert.site_id,
        work_type_code=(playbook and playbook.work_type_code) or rule.work_type_code,
        source=Source.IOT,
        title=f"{rule.name}: {asset.name}",
        description=_describe(alert),
        asset_id=asset.id,
        priority=priority_of(alert.severity, alert.danger),
        reported_at=alert.opened_at,
        earliest_at=told.earliest,
        delay_cost_cents_per_day=delay_cost_cents(
            delay_cost_cents_per_day(alert.severity, asset.criticality),
            playbook.failure_cents if playbook else 0,
            risk,
        ),
        failure_curve=alert.failure_curve,
        fault_class=alert.fault_class,
        alert_id=alert.id,
        window=window,
    )
    if order.due_at is None or told.due < order.due_at:  # until here it had the contract's
        work_orders.edit(session, order.id, {"due_at": told.due})
    alert.work_order_id = order.id
    session.flush()


def _time_left(session: Session, alert: Alert) -> timedelta | None:
    """Until the 10 % quantile of the time to failure; None when nothing predicts it."""
    if alert.predicted_minutes is None:
        return None
    q10 = alert.opened_at + timedelta(minutes=alert.predicted_minutes)
    return q10 - clock.now(session)


def _deadlines(session: Session, alert: Alert, rule: Rule) -> Deadlines:
    playbook = playbook_of(session, alert)
    now, left = clock.now(session), _time_left(session, alert)
    return deadlines(
        now,
        latest=alert.opened_at + timedelta(hours=rule.response_hours),
        floor=timedelta(minutes=playbook.floor_minutes) if playbook else RESPONSE_FLOOR,
        parts_lead=timedelta(hours=playbook.parts_lead_hours if playbook else 0),
        q10=now + left if left is not None else None,
    )


def _ask_for_remote_fix(session: Session, alert: Alert) -> None:
    if alert.answer is Choice.REMOTE_FIX:
        return
    playbook = playbook_of(session, alert)
    if Choice.REMOTE_FIX in choices_of(session, alert) and playbook and playbook.remote_command:
        remote.send(session, alert, playbook, playbook.remote_command)
    if alert.remote_outcome is not RemoteOutcome.SENT:
        raise Conflict("This cannot be fixed from afar now.", code="remote_fix_unavailable")
    alert.answer = Choice.REMOTE_FIX
    session.flush()


def _why_review(session: Session, alert: Alert, rule: Rule) -> TriageReason | None:
    """What threatens people and what somebody has seen needs no review."""
    if alert.danger.threatens_people or alert.reviewed_at is not None:
        return None
    if rule.measure is Measure.MODEL and not model_may_open_orders()(
        session, rule.model_name or ""
    ):
        return TriageReason.NO_CARD
    if rule.standing is Standing.TRIAGE:
        return TriageReason.LOW_PRECISION
    if rule.weekly_budget is not None:
        week_ago = clock.now(session) - timedelta(days=7)
        if count_acted_on(session, rule.id, week_ago) > rule.weekly_budget:
            return TriageReason.OVER_BUDGET
    return None


def _ignore(session: Session, alert: Alert) -> None:
    if not may_be_ignored(alert.danger):
        raise Conflict(
            "This can hurt people, so it cannot be ignored. Please choose a time.",
            code="danger_not_ignored",
        )
    if alert.work_order_id is not None:
        _call_off(session, alert.work_order_id)
        alert.work_order_id = None
    alert.answer = Choice.IGNORE
    session.flush()


def _call_off(session: Session, work_order_id: UUID) -> None:
    _, open_visits = lock_order(session, work_order_id)
    if any(visit.status in RUNNING_VISITS for visit in open_visits):
        raise Conflict("Somebody is on the way or at work already.", code="under_way")
    work_orders.cancel(session, work_order_id, "The customer does not want a visit.")


def _take_slot(session: Session, alert: Alert, window: tuple[datetime, datetime]) -> None:
    if alert.work_order_id is not None and queries.is_booked(session, alert.work_order_id):
        if (alert.wished_start, alert.wished_end) == window:
            return
        raise Conflict("A visit is booked already.", code="already_answered")
    if alert.work_order_id is None:
        open_work_order(session, alert, get(session, Rule, alert.rule_id), window)
    alert.answer = Choice.SLOT
    alert.wished_start, alert.wished_end = window
    session.flush()
    _book(session, alert, window)


def _book(session: Session, alert: Alert, window: tuple[datetime, datetime]) -> bool:
    """Book the window if somebody can come then; otherwise it is what the planner aims at."""
    visit = _visit_of(session, alert)
    if visit is None:
        return False
    try:
        with session.begin_nested():
            slots.hold_slot(session, visit.id, *window)
            slots.confirm_hold(session, visit.id, alert.customer_id)
    except (Conflict, Invalid):
        (visit,) = locked(session, Visit, [visit.id])
        wish = {"window_start": window[0], "window_end": window[1]}
        work_orders.edit_visit(session, visit, wish)
        return False
    return True


def _default(session: Session, alert: Alert, rule: Rule) -> None:
    """Nobody answered: by danger class, else as the rule says."""
    alert.answer_due_at = None
    if alert.danger.threatens_people:
        if alert.work_order_id is None:
            open_work_order(session, alert, rule)
        outreach.call(session, alert, rule)
        return
    if rule.no_answer is NoAnswer.CLOSE and alert.work_order_id is None:
        alerts.end(session, alert.id, Disposition.UNANSWERED)
        return
    if alert.work_order_id is None:
        open_work_order(session, alert, rule)
    if rule.no_answer is NoAnswer.BOOK:
        for window in offered_windows(session, alert)[:1]:
            _book(session, alert, (window.start, window.end))


def _visit_of(session: Session, alert: Alert) -> Visit | None:
    if alert.work_order_id is None:
        return None
    return queries.find_open_visit(session, alert.work_order_id)


def _checked(
    session: Session, window: tuple[datetime, datetime] | None
) -> tuple[datetime, datetime]:
    if window is None or window[1] <= window[0]:
        raise Invalid("Choose a window.", code="window_missing")
    if window[0] < clock.now(session):
        raise Invalid("This window has begun already.", code="window_past")
    return window


def _describe(alert: Alert) -> str:
    evidence = alert.evidence
    return (
        f"{evidence.get('metric')} was {evidence.get('value')} at {evidence.get('at')}; "
        f"the limit is {evidence.get('threshold')} for {evidence.get('duration_seconds')} s. "
        f"Severity {alert.severity}, danger {alert.danger}."
    )
