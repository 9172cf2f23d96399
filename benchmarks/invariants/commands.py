"""I10 from above: every command on a visit, offer or alert in each of its states."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.invariants.jobs import Outcome
from benchmarks.invariants.schedule import CHECKS
from dispatch.feedback.service import rate
from dispatch.scheduling.moves.delays import announce_late
from dispatch.scheduling.moves.no_access import record_no_access
from dispatch.scheduling.moves.service import move, settle_cancelled
from dispatch.scheduling.pins.models import PinKind
from dispatch.scheduling.pins.service import pin, unpin
from dispatch.scheduling.policies.service import dispatch
from dispatch.scheduling.slots.service import cancel_booking, confirm_hold, hold_slot, reschedule
from dispatch.scheduling.staffing.service import assign, recall, unassign
from dispatch.technicians.models import Technician
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from iot_ingest.alerts import service as alerts
from iot_ingest.alerts.lifecycle import AlertStatus, Choice, Disposition
from iot_ingest.decisions import answers
from iot_ingest.decisions import service as decisions
from iot_ingest.decisions.silence import act_on_silence
from kernel import clock
from kernel.errors import DomainError
from marketplace.back_outs.service import record_no_show
from marketplace.counter_offers.service import Wanted, propose
from marketplace.offers import service as offers
from marketplace.offers.lifecycle import OfferStatus
from marketplace.offers.models import Offer
from marketplace.pay_changes.lifecycle import Side
from marketplace.waves.service import offer_visit
from mobile_api.technician.service import back_out, make_move
from tests.factories.iot_ingest import make_alert
from tests.factories.marketplace import make_freelancer, make_offer
from tests.factories.scheduling import MONDAY, add_technician, make_town, make_waiting

V = VisitStatus
HOUR = timedelta(hours=1)
AT = MONDAY + HOUR
WAY: dict[VisitStatus, tuple[VisitStatus, ...]] = {
    V.UNSCHEDULED: (),
    V.SCHEDULED: (),
    V.DISPATCHED: (V.DISPATCHED,),
    V.ACCEPTED: (V.DISPATCHED, V.ACCEPTED),
    V.EN_ROUTE: (V.DISPATCHED, V.EN_ROUTE),
    V.ON_SITE: (V.DISPATCHED, V.EN_ROUTE, V.ON_SITE),
    V.IN_PROGRESS: (V.DISPATCHED, V.EN_ROUTE, V.ON_SITE, V.IN_PROGRESS),
    V.PAUSED: (V.DISPATCHED, V.EN_ROUTE, V.ON_SITE, V.IN_PROGRESS, V.PAUSED),
    V.COMPLETED: (V.DISPATCHED, V.EN_ROUTE, V.ON_SITE, V.IN_PROGRESS, V.COMPLETED),
    V.INCOMPLETE: (V.DISPATCHED, V.EN_ROUTE, V.ON_SITE, V.INCOMPLETE),
    V.CANCELLED: (V.CANCELLED,),
}


@dataclass
class Subject:
    """One record in one state with whom and what the commands need beside it."""

    key: Any
    person: Technician
    other: Technician


Command = Callable[[Session, Subject], object]


def _office_move(to: VisitStatus) -> Command:
    return lambda session, on: move(session, on.key, to, reason="other")


def _field_move(to: VisitStatus) -> Command:
    return lambda session, on: make_move(session, on.person.id, on.key, to, reason="other")


def _rate(session: Session, on: Subject) -> object:
    customer_id = session.get_one(Visit, on.key).customer_id
    return rate(session, on.key, customer_id, 5, None, True, "")


VISIT_COMMANDS: dict[str, Command] = {
    "assign": lambda s, on: assign(s, on.key, [on.other.id], AT, source="dispatcher"),
    "unassign": lambda s, on: unassign(s, on.key, "other"),
    "no show": lambda s, on: unassign(s, on.key, "other", ended="technician_no_show"),
    "nobody came": lambda s, on: record_no_show(s, on.key, "waited"),
    "late": lambda s, on: announce_late(s, on.key, on.person.id, 30, "traffic"),
    "recall": lambda s, on: recall(s, on.key),
    "dispatch": lambda s, on: dispatch(s, on.key),
    "hold": lambda s, on: hold_slot(s, on.key, MONDAY, MONDAY + 2 * HOUR),
    "confirm": lambda s, on: confirm_hold(s, on.key),
    "reschedule": lambda s, on: reschedule(s, on.key, MONDAY, MONDAY + 2 * HOUR),
    "cancel booking": lambda s, on: cancel_booking(s, on.key, "customer"),
    "no access": lambda s, on: record_no_access(s, on.key, call_log=[{}], waited_minutes=60),
    "pin": lambda s, on: pin(s, on.key, PinKind.TECHNICIAN, technician_id=on.person.id),
    "unpin": lambda s, on: unpin(s, on.key),
    "offer": lambda s, on: offer_visit(s, on.key),
    "back out": lambda s, on: back_out(s, on.person.id, on.key, "ill"),
    "settle": lambda s, on: settle_cancelled(s, on.key),
    "rate": _rate,
    "cancel order": lambda s, on: work_orders.cancel(
        s, s.get_one(Visit, on.key).work_order_id, "other"
    ),
    "hold order": lambda s, on: work_orders.hold(
        s, s.get_one(Visit, on.key).work_order_id, "credit"
    ),
    **{f"office: {to}": _office_move(to) for to in V},
    **{f"phone: {to}": _field_move(to) for to in V},
}
OFFER_COMMANDS: dict[str, Command] = {
    "view": lambda s, on: offers.mark_viewed(s, on.key, on.person.id),
    "accept": lambda s, on: offers.accept(s, on.key, on.person.id),
    "decline": lambda s, on: offers.decline(s, on.key, on.person.id, "far"),
    "withdraw": lambda s, on: offers.withdraw(s, on.key),
    "withdraw all": lambda s, on: offers.withdraw_of_visit(s, s.get_one(Offer, on.key).visit_id),
    "expire": lambda s, on: offers.expire_due(s),
    "propose": lambda s, on: propose(
        s, on.key, Side.FREELANCER, Wanted(pay_cents=9000), technician_id=on.person.id
    ),
    "accept as another": lambda s, on: offers.accept(s, on.key, on.other.id),
}
ALERT_COMMANDS: dict[str, Command] = {
    "acknowledge": lambda s, on: alerts.acknowledge(s, on.key),
    "snooze": lambda s, on: alerts.snooze(s, on.key, clock.now(s) + HOUR),
    "end snooze": lambda s, on: alerts.end_snooze(s, on.key),
    "clear": lambda s, on: alerts.clear(s, on.key, Disposition.REPAIRED),
    "end": lambda s, on: alerts.end(s, on.key, Disposition.SELF_CLEARED),
    "decide": lambda s, on: decisions.decide(s, on.key),
    "silence": lambda s, on: act_on_silence(s, on.key),
    "ignore": lambda s, on: answers.answer(s, on.key, Choice.IGNORE),
    "slot": lambda s, on: answers.answer(s, on.key, Choice.SLOT, (AT, AT + 2 * HOUR)),
}


def make_visit(session: Session, state: str) -> Subject:
    """A freelancer's visit, so that every command has somebody who may."""
    town = make_town(session, 1)
    person = make_freelancer(session, town.territory)
    visit = make_waiting(session, town)
    if state not in (V.UNSCHEDULED, V.CANCELLED):
        assign(session, visit.id, [person.id], AT, source="offer")
    for step in WAY[V(state)]:
        move(session, visit.id, step, reason="other")
    return Subject(visit.id, person, town.first)


def make_offered(session: Session, state: str) -> Subject:
    town = make_town(session, 1)
    person = make_freelancer(session, town.territory)
    add_technician(session, town)
    visit = make_waiting(session, town)
    accepted = state == OfferStatus.ACCEPTED
    before = OfferStatus.SENT if accepted else OfferStatus(state)
    offer = make_offer(session, visit, person, status=before)
    if accepted:
        offers.accept(session, offer.id, person.id)
    return Subject(offer.id, person, town.first)


def make_alerted(session: Session, state: str) -> Subject:
    town = make_town(session, 1)
    over: dict[str, Any] = {}
    if state == AlertStatus.CLEARED:
        over = {"cleared_at": clock.now(session), "disposition": Disposition.REPAIRED}
    if state == AlertStatus.SNOOZED:
        over = {"snoozed_until": clock.now(session)}
    alert = make_alert(session, status=AlertStatus(state), **over)
    return Subject(alert.id, town.first, town.first)


STAGES: tuple[
    tuple[str, type[StrEnum], Callable[[Session, str], Subject], Mapping[str, Command]], ...
] = (
    ("visit", VisitStatus, make_visit, VISIT_COMMANDS),
    ("offer", OfferStatus, make_offered, OFFER_COMMANDS),
    ("alert", AlertStatus, make_alerted, ALERT_COMMANDS),
)


def attack_commands(session: Session) -> Outcome:
    """Each command is done or refused with a reason, and leaves everything in step."""
    outcome = Outcome()
    for noun, states, make, commands in STAGES:
        for state in states:
            with session.begin_nested() as stage:
                on = make(session, state)
                session.flush()
                for name, command in commands.items():
                    _try(session, outcome, f"{noun} {state}: {name}", command, on)
                stage.rollback()
    outcome.figures["done"] = outcome.operations - outcome.faults
    return outcome


def _try(session: Session, outcome: Outcome, name: str, command: Command, on: Subject) -> None:
    outcome.operations += 1
    with session.begin_nested() as attempt:
        try:
            command(session, on)
            session.flush()
            broken = [what for what, query in CHECKS.items() if session.scalar(text(query))]
            outcome.violations += [f"I10: {name} leaves {what}" for what in broken]
        except DomainError:
            outcome.faults += 1
        except Exception as error:  # a surprise is what this attack looks for
            outcome.violations.append(f"I10: {name}: {error!r}"[:500])
        finally:
            attempt.rollback()
            session.expire_all()
