"""Facts that the dispatch package publishes: ids and small scalars only, never names or texts."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class WorkOrderOpened(Event):
    """There is a new work order with its first visit."""

    work_order_id: UUID
    visit_id: UUID
    source: str
    priority: int


@dataclass(frozen=True, kw_only=True)
class WorkOrderMoved(Event):
    """A work order changed its status."""

    work_order_id: UUID
    from_status: str
    to_status: str
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class WorkOrderChanged(Event):
    """Something the planner or a screen cares about changed without a move of status."""

    work_order_id: UUID
    what: str


@dataclass(frozen=True, kw_only=True)
class PriorityExpired(Event):
    """Published for the future by an override of priority; due when the override ends."""

    work_order_id: UUID


@dataclass(frozen=True, kw_only=True)
class HoldExpired(Event):
    """Published for the future by a hold with an end; due when the hold ends."""

    work_order_id: UUID


@dataclass(frozen=True, kw_only=True)
class SlaBreached(Event):
    """A clock ran out before it was met."""

    work_order_id: UUID
    clock_kind: str


@dataclass(frozen=True, kw_only=True)
class VisitAdded(Event):
    """A further visit of an order that exists already, a follow-up most of the time."""

    visit_id: UUID
    work_order_id: UUID
    sequence: int


@dataclass(frozen=True, kw_only=True)
class VisitMoved(Event):
    """A visit changed its status."""

    visit_id: UUID
    work_order_id: UUID
    from_status: str
    to_status: str
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class VisitAtRisk(Event):
    """A visit will probably be late."""

    visit_id: UUID


@dataclass(frozen=True, kw_only=True)
class RunningLate(Event):
    """A technician said that he or she will be at the visit in so many minutes."""

    visit_id: UUID
    minutes: int


@dataclass(frozen=True, kw_only=True)
class VisitAssigned(Event):
    """A technician has a visit."""

    visit_id: UUID
    assignment_id: UUID
    source: str


@dataclass(frozen=True, kw_only=True)
class VisitUnassigned(Event):
    """A technician no longer has a visit."""

    visit_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class VisitUnserved(Event):
    """Our own people cannot serve the visit in time; without a plan: found when it was opened."""

    visit_id: UUID
    reason: str
    plan_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class SlotHeld(Event):
    """A slot is kept for a customer until `expires_at`."""

    visit_id: UUID
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class SlotReleased(Event):
    """A slot is free again before its time was over."""

    visit_id: UUID


@dataclass(frozen=True, kw_only=True)
class BookingConfirmed(Event):
    """A customer has an arrival window."""

    visit_id: UUID
    booking_id: UUID


@dataclass(frozen=True, kw_only=True)
class DateToConfirm(Event):
    """A customer has an arrival window that is confirmed, or not, by a time."""

    visit_id: UUID
    booking_id: UUID


@dataclass(frozen=True, kw_only=True)
class DateNotConfirmed(Event):
    """Nobody was found for it in time; the customer chooses another date."""

    visit_id: UUID
    booking_id: UUID


@dataclass(frozen=True, kw_only=True)
class BookingCancelled(Event):
    """A customer's appointment was given up, by whom `cancelled_by` says."""

    visit_id: UUID
    booking_id: UUID
    cancelled_by: str


@dataclass(frozen=True, kw_only=True)
class BookingRescheduled(Event):
    """A booking has another arrival window."""

    visit_id: UUID
    booking_id: UUID


@dataclass(frozen=True, kw_only=True)
class TechnicianAbsent(Event):
    """`technician_id` of the base is always set; `is_rest`: the law wants it, and nobody else hears
    of another reason."""

    starts_at: datetime
    ends_at: datetime
    is_rest: bool = False


@dataclass(frozen=True, kw_only=True)
class PolicyActivated(Event):
    """Another version of a policy is in force in its territory, or for the rest."""

    policy_id: UUID


@dataclass(frozen=True, kw_only=True)
class TechnicianChanged(Event):
    """What decides when and for what `technician_id` can be planned is different: `what` says."""

    what: str


@dataclass(frozen=True, kw_only=True)
class CredentialEnding(Event):
    """A credential of `technician_id` ends within `days` days, and there is no other of its
    kind."""

    credential_id: UUID
    days: int


@dataclass(frozen=True, kw_only=True)
class CredentialEnded(Event):
    """A credential of `technician_id` has run out or was revoked, and there is no other of its
    kind."""

    credential_id: UUID
    kind: str


@dataclass(frozen=True, kw_only=True)
class TechnicianSuspended(Event):
    """`technician_id` gets no work until further notice."""

    suspension_id: UUID


@dataclass(frozen=True, kw_only=True)
class TechnicianReinstated(Event):
    """The suspension of `technician_id` is lifted."""

    suspension_id: UUID


@dataclass(frozen=True, kw_only=True)
class PreferenceChanged(Event):
    """A customer or a technician blocks or prefers the other, or no longer does. Neither of them
    hears it, so that the ids stand in fields of their own."""

    of_customer_id: UUID
    of_technician_id: UUID


@dataclass(frozen=True, kw_only=True)
class BacktestRequested(Event):
    """A day of a backtest is to be done."""

    backtest_id: UUID
    day: date


@dataclass(frozen=True, kw_only=True)
class BacktestFinished(Event):
    """A backtest has its result, or failed."""

    backtest_id: UUID


@dataclass(frozen=True, kw_only=True)
class PlanRequested(Event):
    """Somebody or something asked for a plan."""

    plan_id: UUID


@dataclass(frozen=True, kw_only=True)
class PlanPartsFinished(Event):
    """Every part of a plan that there is so far is over."""

    plan_id: UUID


@dataclass(frozen=True, kw_only=True)
class PlanDrafted(Event):
    """A plan waits for somebody to apply or drop it."""

    plan_id: UUID
    kind: str
    promises_broken: int


@dataclass(frozen=True, kw_only=True)
class PlanApproved(Event):
    """Somebody wants a draft in the schedule."""

    plan_id: UUID


@dataclass(frozen=True, kw_only=True)
class PlanApplied(Event):
    """At least a part of the plan is in the schedule now."""

    plan_id: UUID


@dataclass(frozen=True, kw_only=True)
class PlanFinished(Event):
    """The plan is over, whatever became of it."""

    plan_id: UUID
    status: str


@dataclass(frozen=True, kw_only=True)
class PartArrived(Event):
    """Stock of a part came in."""

    part_id: UUID


@dataclass(frozen=True, kw_only=True)
class PartShort(Event):
    """An order needs more of a part than there is."""

    part_id: UUID
    work_order_id: UUID
    quantity: int


@dataclass(frozen=True, kw_only=True)
class MessageQueued(Event):
    """A message waits in the outbox; `is_urgent` when somebody sits there and waits for it."""

    message_id: UUID
    is_urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class VisitRated(Event):
    """A customer said what the visit was worth."""

    visit_id: UUID
    csat: int


@dataclass(frozen=True, kw_only=True)
class NoAccessRecorded(Event):
    """Nobody let the technician in; `follow_up_visit_id` is what the customer may book now."""

    visit_id: UUID
    work_order_id: UUID
    follow_up_visit_id: UUID | None = None
    charge_cents: int = 0


@dataclass(frozen=True, kw_only=True)
class CallOutAsked(Event):
    """Somebody on call is asked to go to a visit now."""

    call_out_id: UUID
    visit_id: UUID


@dataclass(frozen=True, kw_only=True)
class CallOutDue(Event):
    """Published for the future with a call-out; due when it should have been accepted."""

    call_out_id: UUID
    visit_id: UUID


@dataclass(frozen=True, kw_only=True)
class CallOutAnswered(Event):
    """A call-out was accepted, declined, or not answered in time."""

    call_out_id: UUID
    visit_id: UUID
    status: str


@dataclass(frozen=True, kw_only=True)
class CallOutUnanswered(Event):
    """Nobody on call is left to ask: a dispatcher has to act."""

    visit_id: UUID
