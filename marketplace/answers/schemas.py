"""Shapes of what waits for the office."""

from datetime import datetime
from uuid import UUID

from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.work_orders.lifecycle import VisitStatus
from kernel.http import Schema
from marketplace.counter_offers.schemas import CounterShown
from marketplace.payouts.lifecycle import PayoutKind, PayoutStatus
from marketplace.stand_bys.lifecycle import StandByStatus


class AboutVisit(Schema):
    """Which visit, and whom to call about it; `starts_at` is what was planned."""

    visit_id: UUID
    work_order_number: str
    title: str
    customer_name: str
    site_address: str
    visit_status: VisitStatus
    technician_id: UUID
    technician_name: str
    technician_phone: str | None
    starts_at: datetime


class CounterWaiting(AboutVisit):
    """Other terms on the table; `counter.moves` say whether it is the office's turn."""

    counter: CounterShown


class ConfirmationWaiting(AboutVisit):
    """Nobody said whether to come; others are asked at `released_at`."""

    confirmation_id: UUID
    answer_by: datetime
    released_at: datetime


class LateWaiting(AboutVisit):
    """On the way late by own word; `promised_by` is the end of what the customer was told."""

    arrives_at: datetime
    promised_by: datetime | None
    at_risk: bool
    reason: str


class LostFee(Schema):
    """Below zero the freelancer owes it; above, the office pays it."""

    payout_id: UUID
    kind: PayoutKind
    status: PayoutStatus
    amount_cents: int
    currency: str


class LostVisit(AboutVisit):
    """Given back, nobody came, or taken away at a cost; `asked_count` are asked instead now."""

    assignment_id: UUID
    how: AssignmentStatus
    reason: str
    lost_at: datetime
    fee: LostFee | None
    review_id: UUID | None
    asked_count: int


class StandByUncoveredShown(Schema):
    """A duty that nobody took, that was given back, or whose taker may not work any more; nobody
    is asked for it now."""

    stand_by_id: UUID
    rota_name: str
    status: StandByStatus
    starts_at: datetime
    ends_at: datetime


class AnswersShown(Schema):
    """What waits in one territory, the most urgent first in each list."""

    counter_offers: list[CounterWaiting]
    unanswered: list[ConfirmationWaiting]
    overdue: list[AboutVisit]
    late: list[LateWaiting]
    lost: list[LostVisit]
    stand_bys: list[StandByUncoveredShown]
