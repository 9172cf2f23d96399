"""Puts what waits for the office into its shape."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from dispatch.scheduling.bookings.models import Booking
from marketplace.answers.queries import Answers, Known, Lost
from marketplace.answers.schemas import (
    AboutVisit,
    AnswersShown,
    ConfirmationWaiting,
    CounterWaiting,
    LateWaiting,
    LostFee,
    LostVisit,
    StandByUncoveredShown,
)
from marketplace.confirmations.lifecycle import RULES
from marketplace.counter_offers.queries import Bargain
from marketplace.counter_offers.views import shown
from marketplace.pay_changes.lifecycle import Side


def answers_shown(
    found: Answers, bargains: Mapping[UUID, Bargain], promised: Mapping[UUID, Booking]
) -> AnswersShown:
    return AnswersShown(
        counter_offers=[
            CounterWaiting(
                **_about(known, offer.starts_at),
                counter=shown(counter, offer, bargains[offer.id], Side.OFFICE),
            )
            for counter, offer, known in found.counters
        ],
        unanswered=[
            ConfirmationWaiting(
                **_about(known, row.starts_at),
                confirmation_id=asked.id,
                answer_by=asked.answer_by,
                released_at=asked.answer_by + RULES.release_after,
            )
            for asked, row, known in found.unanswered
        ],
        overdue=[AboutVisit(**_about(known, row.starts_at)) for row, known in found.overdue],
        late=[
            LateWaiting(
                **_about(known, row.starts_at),
                arrives_at=notice.arrives_at,
                promised_by=booking.arrival_end
                if (booking := promised.get(row.visit_id))
                else None,
                at_risk=known.visit.at_risk,
                reason=notice.reason,
            )
            for notice, row, known in found.late
        ],
        lost=[_lost(one) for one in found.lost],
        stand_bys=[
            StandByUncoveredShown(
                stand_by_id=stand_by.id,
                rota_name=rota_name,
                status=stand_by.status,
                starts_at=stand_by.starts_at,
                ends_at=stand_by.ends_at,
            )
            for stand_by, rota_name in found.stand_bys
        ],
    )


def _lost(one: Lost) -> LostVisit:
    return LostVisit(
        **_about(one.known, one.assignment.starts_at),
        assignment_id=one.assignment.id,
        how=one.assignment.status,
        reason=one.assignment.ended_reason or "",
        lost_at=one.assignment.updated_at,
        fee=one.payout
        and LostFee(
            payout_id=one.payout.id,
            kind=one.payout.kind,
            status=one.payout.status,
            amount_cents=one.payout.amount_cents,
            currency=one.payout.currency,
        ),
        review_id=one.review_id,
        asked_count=one.asked_count,
    )


def _about(known: Known, starts_at: datetime) -> dict[str, Any]:
    return {
        "visit_id": known.visit.id,
        "work_order_number": known.order.number,
        "title": known.order.title,
        "customer_name": known.customer.name,
        "site_address": known.site.address,
        "visit_status": known.visit.status,
        "technician_id": known.technician.id,
        "technician_name": known.technician.name,
        "technician_phone": known.technician.phone,
        "starts_at": starts_at,
    }
