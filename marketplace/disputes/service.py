"""Opens disputes about payouts, and settles them."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.technicians.queries import get_technician
from kernel.clock import now
from kernel.db import because, locked
from kernel.errors import Conflict, Forbidden, Invalid
from kernel.principal import Principal
from marketplace.disputes import queries
from marketplace.disputes.lifecycle import DISPUTE, DisputeStatus
from marketplace.disputes.models import Dispute
from marketplace.pay_terms.queries import terms_in_force
from marketplace.payouts import service as payouts
from marketplace.payouts.lifecycle import PayoutKind, PayoutStatus
from marketplace.payouts.models import Payout


def open_dispute(session: Session, payout_id: UUID, principal: Principal, reason: str) -> Dispute:
    """Doubt a payout. What is not paid yet waits until the dispute is settled.

    The one that is open already is given again. Raises Conflict `payout_under_way`, or
    `illegal_move` for one that was reversed.
    """
    [payout] = locked(session, Payout, [payout_id])
    known = queries.find_open(session, payout_id)
    if known is not None:
        return known
    if payout.status is not PayoutStatus.PAID:
        payouts.dispute(session, payout_id, reason)
    dispute = Dispute(
        payout_id=payout_id,
        technician_id=payout.technician_id,
        status=DisputeStatus.OPEN,
        reason=reason,
        opened_by=principal.actor,
        answer_by=now(session) + timedelta(days=terms_in_force(session).dispute_days),
    )
    session.add(dispute)
    session.flush()
    return dispute


def settle(
    session: Session, dispute_id: UUID, principal: Principal, *, change_cents: int, answer: str
) -> Dispute:
    """Decide: the payout is right, or right with so many cents more or less.

    Raises Forbidden `own_dispute` for who opened it, Invalid `adjustment_too_large` for less
    than nothing, Conflict `dispute_settled`.
    """
    [dispute] = locked(session, Dispute, [dispute_id])
    if dispute.status is DisputeStatus.SETTLED:
        raise Conflict("The dispute is settled already.", code="dispute_settled")
    if dispute.opened_by == principal.actor:
        raise Forbidden("Somebody else settles what you opened.", code="own_dispute")
    [payout] = locked(session, Payout, [dispute.payout_id])
    was_paid = payout.status is PayoutStatus.PAID
    if change_cents < 0 and (was_paid or payout.amount_cents + change_cents < 0):
        raise Invalid("Less than nothing is not possible.", code="adjustment_too_large")
    because(session, answer)
    if payout.status is PayoutStatus.DISPUTED:
        payouts.resolve(session, payout.id, answer)
    if change_cents:
        dispute.adjustment_id = _adjust(session, payout, change_cents, answer).id
    DISPUTE.check(dispute.status, DisputeStatus.SETTLED)
    dispute.status, dispute.answer = DisputeStatus.SETTLED, answer
    session.flush()
    return dispute


def _adjust(session: Session, payout: Payout, cents: int, why: str) -> Payout:
    made = payouts.earn(
        session,
        get_technician(session, payout.technician_id),
        PayoutKind.ADJUSTMENT,
        cents,
        payout.currency,
        visit_id=payout.visit_id,
        note=why,
    )
    return payouts.approve(session, made.id)
