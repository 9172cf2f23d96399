"""What customers may answer, and what follows from it."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from dispatch.scheduling.slots import service as slots
from dispatch.scheduling.slots.grid import Span
from dispatch.scheduling.slots.queries import windows
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import RUNNING_VISITS
from dispatch.work_orders.locks.service import lock_order
from dispatch.work_orders.models import Visit
from iot_ingest.alerts import service as alerts
from iot_ingest.alerts.lifecycle import AlertStatus, Choice, RemoteOutcome, may_be_ignored
from iot_ingest.alerts.models import Alert
from iot_ingest.decisions import queries, remote
from iot_ingest.decisions.orders import dates_of, open_work_order
from iot_ingest.decisions.remote import playbook_of
from iot_ingest.decisions.windows import AT_LEAST, wishes
from iot_ingest.events import AlertAnswered
from iot_ingest.outreach import ladders
from iot_ingest.outreach.lifecycle import StopReason
from iot_ingest.rules.models import Rule
from kernel import clock
from kernel.db import get, locked
from kernel.errors import Conflict, Invalid
from kernel.events import publish

DAYS_OFFERED = 7
SHORTEST, LONGEST = timedelta(minutes=30), timedelta(days=1)
"""Of a window."""


def choices_of(session: Session, alert: Alert) -> list[Choice]:
    """What the customer may answer, as the decision table and the danger allow."""
    if not alert.is_open or alert.answer is not None:
        return []
    playbook = playbook_of(session, alert)
    is_heard = alert.device_id is not None and alert.remote_outcome is None
    remote = is_heard and playbook is not None and playbook.offers_remote
    ignore = may_be_ignored(alert.danger) and (playbook is None or playbook.offers_ignore)
    offered = {Choice.REMOTE_FIX: remote, Choice.SLOT: True, Choice.IGNORE: ignore}
    return [choice for choice, is_offered in offered.items() if is_offered]


def ensure_offers_ignore(session: Session, alert: Alert) -> None:
    """Raises Conflict `danger_not_ignored`, or `ignore_not_offered` by the decision table."""
    _ensure_harmless(alert)
    playbook = playbook_of(session, alert)
    if playbook is not None and not playbook.offers_ignore:
        raise Conflict("Please choose a time, or phone us.", code="ignore_not_offered")


def offered_windows(session: Session, alert: Alert) -> list[Span]:
    """What the customer may choose: what can be kept once there is a visit; before that, and
    where nothing can, the windows in daytime until the work is due."""
    now = clock.now(session)
    time_zone = queries.time_zone_of(session, alert.site_id)
    visit = _visit_of(session, alert)
    if visit is not None:
        today = now.astimezone(ZoneInfo(time_zone)).date()
        latest = _latest_end(session, alert)
        found = windows(session, visit.id, today, DAYS_OFFERED)
        kept = [Span(window.start, window.end) for window in found if window.end <= latest]
        if kept or not alert.danger.threatens_people:
            return kept
    rule = get(session, Rule, alert.rule_id)
    return wishes(now, dates_of(session, alert, rule).due_at, time_zone)


def answer(
    session: Session,
    alert_id: UUID,
    choice: Choice,
    window: tuple[datetime, datetime] | None = None,
) -> Alert:
    """The customer's answer; the same answer twice is one.

    `slot` needs a window: it is booked if somebody can come then, and otherwise stays the wish
    that the planner works with. Raises Conflict `alert_cleared` when the episode is over,
    `already_answered` when a visit is booked, `needs_review` when somebody
    must look first, `danger_not_ignored` for gas, CO and electrical
    danger, `remote_fix_unavailable`, `under_way` when somebody has set off; Invalid
    `window_missing`, `window_past` or `window_not_offered`.
    """
    (alert,) = locked(session, Alert, [alert_id])
    if not alert.is_open:
        raise Conflict("This has been settled meanwhile.", code="alert_cleared")
    if choice is Choice.IGNORE:
        _ignore(session, alert)
    elif choice is Choice.REMOTE_FIX:
        _ask_for_remote_fix(session, alert)
    else:
        _take_slot(session, alert, _checked(session, alert, window))
    if alert.status in {AlertStatus.ACTIVE, AlertStatus.SNOOZED}:
        alerts.acknowledge(session, alert.id)
    ladders.stop(session, alert, StopReason.ANSWERED)
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


def book(session: Session, alert: Alert, window: tuple[datetime, datetime]) -> bool:
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


def _ensure_harmless(alert: Alert) -> None:
    if not may_be_ignored(alert.danger):
        raise Conflict(
            "This can hurt people, so it cannot be ignored. Please choose a time.",
            code="danger_not_ignored",
        )


def _ignore(session: Session, alert: Alert) -> None:
    _ensure_harmless(alert)
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
    book(session, alert, window)


def _visit_of(session: Session, alert: Alert) -> Visit | None:
    if alert.work_order_id is None:
        return None
    return queries.find_open_visit(session, alert.work_order_id)


def _checked(
    session: Session, alert: Alert, window: tuple[datetime, datetime] | None
) -> tuple[datetime, datetime]:
    """A window that was offered may have been taken meanwhile: it is a wish then. What never was
    offered, far away or too narrow to keep, is refused."""
    if window is None or window[1] <= window[0]:
        raise Invalid("Choose a window.", code="window_missing")
    if window[0] < clock.now(session):
        raise Invalid("This window has begun already.", code="window_past")
    fits = SHORTEST <= window[1] - window[0] <= LONGEST
    if not fits or window[1] > _latest_end(session, alert):
        raise Invalid("Choose one of the windows offered.", code="window_not_offered")
    return window


def _latest_end(session: Session, alert: Alert) -> datetime:
    """Of a window that can be chosen. Where people are in danger nobody waits longer than the work
    may, but for two days to choose from."""
    now = clock.now(session)
    if not alert.danger.threatens_people:
        return now + timedelta(days=DAYS_OFFERED)
    return max(dates_of(session, alert, get(session, Rule, alert.rule_id)).due_at, now + AT_LEAST)
