"""What a customer does: ask for work, choose and change a date, call off, answer an alert."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.customers import service as customers
from dispatch.customers.models import Site
from dispatch.customers.queries import get_site_of
from dispatch.feedback import service as feedback
from dispatch.feedback.models import Rating
from dispatch.messaging.templates import language_of
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.bookings.models import Booking
from dispatch.scheduling.moves import service as moves
from dispatch.scheduling.slots import queries as slot_queries
from dispatch.scheduling.slots import service as slots
from dispatch.scheduling.slots.grid import Grade, Window
from dispatch.scheduling.slots.wanted import Wanted
from dispatch.scheduling.tentative import service as dates
from dispatch.scheduling.tentative.dates import TentativeWindow
from dispatch.scheduling.tentative.queries import tentative_windows
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import Source, VisitStatus
from dispatch.work_orders.models import Visit, WorkOrder, WorkType
from dispatch.work_orders.queries import list_visits_of
from iot_ingest.alerts.lifecycle import Choice
from iot_ingest.alerts.models import Alert
from iot_ingest.alerts.reasons import reason_in_words
from iot_ingest.decisions import answers
from iot_ingest.remedies.queries import find_remedy
from kernel.db import because
from kernel.errors import Conflict, Invalid, NotFound
from kernel.geo import straight_travel_seconds
from mobile_api.customer import queries
from mobile_api.customer.lifecycle import CHANGEABLE, Visitor
from mobile_api.customer.queries import PositionSeen

LONGEST_LOOK_AHEAD_DAYS = 14
BEST_FIRST = (Grade.BEST, Grade.GOOD, Grade.OK)


@dataclass(frozen=True)
class NewSite:
    """A place that is not known yet."""

    address: str
    latitude: float | None = None
    longitude: float | None = None
    name: str = ""
    access_notes: str = ""


@dataclass(frozen=True)
class Eta:
    """When the technician will probably arrive, from the last known position."""

    earliest: datetime
    latest: datetime


@dataclass(frozen=True)
class AlertPage:
    """What a device reported and what the customer may answer."""

    alert: Alert
    asset_name: str
    asset_model: str
    address: str
    time_zone: str
    words: dict[str, str]
    choices: list[Choice]
    windows: list[tuple[datetime, datetime]]
    visit_id: UUID | None
    workaround: str | None


def request_work(
    session: Session,
    customer_id: UUID,
    *,
    work_type_code: str,
    site: UUID | NewSite,
    asset_id: UUID | None = None,
    description: str = "",
    answers: Mapping[str, str] | None = None,
) -> tuple[WorkOrder, Visit]:
    """Open a work order for a customer at a known or a new site; its date is chosen next.

    NotFound for a work type that cannot be booked, or somebody else's site or asset; Invalid
    `question_unknown` or `answer_missing`.
    """
    kind = queries.get_bookable(session, work_type_code)
    place = _place(session, customer_id, site)
    if asset_id is not None:
        queries.get_asset_at(session, place.id, asset_id)
    order = work_orders.open(
        session,
        customer_id=customer_id,
        site_id=place.id,
        work_type_code=kind.code,
        source=Source.BOOKING,
        title=kind.name,
        description="\n".join(filter(None, [description, *_answered(kind, answers or {})])),
        asset_id=asset_id,
        priority=_urgency(kind, answers or {}),
    )
    return order, list_visits_of(session, order.id)[0]


def windows(
    session: Session, visitor: Visitor, visit_id: UUID, start: date | None, days: int
) -> tuple[list[Window], list[TentativeWindow]]:
    """The windows from that day on (None: today) that can be kept, the best first; and, on days
    without any, those that would be confirmed by a time."""
    wanted = _asked(session, visitor, visit_id)
    days = min(days, LONGEST_LOOK_AHEAD_DAYS)
    age = slot_queries.MOST_AGE_SECONDS
    found = slot_queries.windows_of(session, wanted, start, days, most_age_seconds=age)
    best_first = sorted(found, key=lambda window: (BEST_FIRST.index(window.grade), window.start))
    tentative = tentative_windows(session, wanted, start, days, found, most_age_seconds=age)
    return best_first, tentative


def ask_for_date(
    session: Session, visitor: Visitor, visit_id: UUID, start: datetime, end: datetime
) -> Booking:
    """Promise to say by `confirm_by` whether somebody comes in a window."""
    _require_changeable(queries.get_visit(session, visitor, visit_id).visit)
    return dates.ask_for_date(session, visit_id, start, end)


def hold(
    session: Session, visitor: Visitor, visit_id: UUID, start: datetime, end: datetime
) -> Assignment:
    """Keep a window for some minutes while the customer decides."""
    return slots.hold(session, _asked(session, visitor, visit_id), start, end)[0]


def confirm(session: Session, visitor: Visitor, visit_id: UUID) -> Booking:
    """Turn the hold into a promise."""
    queries.require_visit(session, visitor, visit_id)
    return slots.confirm_hold(session, visit_id, customer_id=visitor.customer_id)


def reschedule(
    session: Session, visitor: Visitor, visit_id: UUID, start: datetime, end: datetime
) -> Booking:
    """Move the promised window. Raises Conflict `under_way` once somebody has set off."""
    _require_changeable(queries.get_visit(session, visitor, visit_id).visit)
    return slots.reschedule(session, visit_id, start, end)


def cancel(session: Session, visitor: Visitor, visit_id: UUID, reason: str = "") -> None:
    """Call a visit off; twice is once. Raises Conflict once somebody has set off."""
    own = queries.get_visit(session, visitor, visit_id)
    if own.visit.status is VisitStatus.CANCELLED:
        return
    _require_changeable(own.visit)
    because(session, reason or "cancelled by the customer")
    if own.booking is not None:
        slots.cancel_booking(session, visit_id, "customer")
    else:
        moves.move(session, visit_id, VisitStatus.CANCELLED, reason=reason or None)


def rate(
    session: Session,
    visitor: Visitor,
    visit_id: UUID,
    *,
    csat: int,
    effort: int | None,
    solved_first_time: bool,
    comment: str,
) -> Rating:
    """Say how it went; refusals as `dispatch.feedback.service.rate` says."""
    queries.get_visit(session, visitor, visit_id)
    return feedback.rate(
        session, visit_id, visitor.customer_id, csat, effort, solved_first_time, comment
    )


def eta(seen: PositionSeen) -> Eta:
    """A range, because a straight-line estimate knows nothing of traffic."""
    drive = straight_travel_seconds(seen.here, seen.there)
    return Eta(
        seen.at + timedelta(seconds=round(0.8 * drive)),
        seen.at + timedelta(seconds=round(1.4 * drive), minutes=3),
    )


def open_alert(session: Session, visitor: Visitor, alert_id: UUID) -> AlertPage:
    """The page behind a proactive message."""
    alert, asset, site = queries.get_alert(session, visitor, alert_id)
    choices = answers.choices_of(session, alert)
    offered = answers.offered_windows(session, alert) if choices else []
    return AlertPage(
        alert=alert,
        asset_name=asset.name,
        asset_model=asset.model,
        address=site.address,
        time_zone=site.time_zone,
        words=reason_in_words(alert.evidence),
        choices=choices,
        windows=[(window.start, window.end) for window in offered],
        visit_id=queries.find_visit_of_alert(session, alert),
        workaround=_workaround(session, alert),
    )


def _workaround(session: Session, alert: Alert) -> str | None:
    """What helps meanwhile, in the customer's language; None once the fault is over."""
    remedy = find_remedy(session, alert.id)
    if remedy is None or not remedy.instructions or not alert.is_open:
        return None
    locale = queries.get_customer(session, alert.customer_id).locale
    return str(remedy.instructions.get(language_of(locale)) or remedy.instructions["en"])


def answer_alert(
    session: Session,
    visitor: Visitor,
    alert_id: UUID,
    choice: Choice,
    window: tuple[datetime, datetime] | None = None,
) -> AlertPage:
    """The customer's choice; refusals as `iot_ingest.decisions.answers.answer` says, and Conflict
    `ignore_not_offered`: who insists says so by phone."""
    alert, _, _ = queries.get_alert(session, visitor, alert_id)
    if choice is Choice.IGNORE:
        answers.ensure_offers_ignore(session, alert)
    answers.answer(session, alert_id, choice, window)
    return open_alert(session, visitor, alert_id)


def move_pin(
    session: Session, customer_id: UUID, site_id: UUID, latitude: float, longitude: float
) -> Site:
    """The customer knows best where the place is; the pin stays when the address changes."""
    site = get_site_of(session, customer_id, site_id)
    return customers.update_site(session, site, {"latitude": latitude, "longitude": longitude})


def _asked(session: Session, visitor: Visitor, visit_id: UUID) -> Wanted:
    """Raises NotFound unless the visit is the visitor's and within what the link opens."""
    wanted = slot_queries.ask(session, visit_id)
    is_own = wanted.visit.customer_id == visitor.customer_id
    if not is_own or not visitor.reaches(visit_id, wanted.order.id, wanted.order.alert_id):
        raise NotFound("visit", visit_id)
    _require_changeable(wanted.visit)
    return wanted


def _require_changeable(visit: Visit) -> None:
    if visit.status not in CHANGEABLE:
        raise Conflict(
            "This visit cannot be changed any more.",
            code="under_way",
            visit_status=str(visit.status),
        )


def _place(session: Session, customer_id: UUID, site: UUID | NewSite) -> Site:
    if isinstance(site, UUID):
        return get_site_of(session, customer_id, site)
    return customers.create_site(
        session,
        customer_id=customer_id,
        name=site.name,
        address=site.address,
        latitude=site.latitude,
        longitude=site.longitude,
        access_notes=site.access_notes,
    )


def _answered(kind: WorkType, answers: Mapping[str, str]) -> list[str]:
    """Each question with its answer, in the order of the work type."""
    asked = {question_key(question): question for question in kind.questions}
    unknown = answers.keys() - asked.keys()
    if unknown:
        raise Invalid(
            "This question is not asked.", code="question_unknown", questions=sorted(unknown)
        )
    missing = [
        key for key, question in asked.items() if question.get("required") and not answers.get(key)
    ]
    if missing:
        raise Invalid("Please answer.", code="answer_missing", questions=missing)
    return [
        f"{_before_answer(question.get('text', key))} {answers[key]}"
        for key, question in asked.items()
        if answers.get(key)
    ]


def _before_answer(question: str) -> str:
    return question if question.endswith("?") else f"{question}:"


def _urgency(kind: WorkType, answers: Mapping[str, str]) -> int | None:
    """The highest priority that one of the chosen options asks for."""
    asked = [
        option.get("priority")
        for question in kind.questions
        for option in _options(question)
        if option.get("value") == answers.get(question_key(question))
    ]
    return max((priority for priority in asked if isinstance(priority, int)), default=None)


def _options(question: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [option for option in question.get("options", []) if isinstance(option, dict)]


def question_key(question: Mapping[str, Any]) -> str:
    """By what an answer names its question."""
    return str(question.get("id") or question.get("key") or question.get("text"))
