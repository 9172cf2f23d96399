"""Asks for changes of pay, and decides about them."""

from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.technicians.queries import get_technician
from dispatch.work_orders.models import Visit
from kernel.db import because, locked
from kernel.errors import Forbidden, Invalid, NotFound
from kernel.principal import Principal
from marketplace.documents.queries import get_document
from marketplace.pay_changes import queries
from marketplace.pay_changes.lifecycle import (
    PAY_CHANGE,
    PayChangeKind,
    PayChangeStatus,
    Side,
    decider,
)
from marketplace.pay_changes.models import PayChange
from marketplace.pay_terms.service import require_within_limit
from marketplace.payouts.lifecycle import PayoutKind
from marketplace.payouts.service import approve as approve_payout
from marketplace.payouts.service import earn


def ask(
    session: Session,
    principal: Principal,
    side: Side,
    technician_id: UUID,
    *,
    kind: PayChangeKind,
    amount_cents: int,
    reason: str,
    visit_id: UUID | None = None,
    document_id: UUID | None = None,
) -> PayChange:
    """Expenses that were agreed with the offer are approved at once.

    Raises Invalid `receipt_missing`, `amount_sign`, `bonus_by_office`; NotFound for what is
    not the technician's."""
    technician = get_technician(session, technician_id)
    if visit_id is not None:
        queries.check_was_there(session, visit_id, technician_id)
        locked(session, Visit, [visit_id])  # two expenses at once share what was agreed
    if document_id is not None:
        get_document(session, document_id, technician_id)
    elif kind is PayChangeKind.EXPENSE:
        raise Invalid("An expense needs its receipt.", code="receipt_missing")
    if kind is PayChangeKind.BONUS and side is not Side.OFFICE:
        raise Invalid("A bonus comes from the office.", code="bonus_by_office")
    if amount_cents == 0 or (amount_cents < 0 and kind is not PayChangeKind.ADJUSTMENT):
        raise Invalid("Only an adjustment can be less than nothing.", code="amount_sign")
    change = PayChange(
        technician_id=technician_id,
        visit_id=visit_id,
        kind=kind,
        status=PayChangeStatus.ASKED,
        amount_cents=amount_cents,
        currency=technician.currency,
        reason=reason,
        document_id=document_id,
        side=side,
        asked_by=principal.actor,
    )
    session.add(change)
    session.flush()
    if kind is PayChangeKind.EXPENSE and queries.is_agreed(session, change):
        _grant(session, change)
    return change


def approve(
    session: Session, change_id: UUID, principal: Principal, technician_id: UUID | None = None
) -> PayChange:
    """Agree, as the office or as this technician: it is a payout from now on, approved.

    Repeating changes nothing.

    Raises NotFound for whose agreement is not needed, Forbidden `own_change` for who asked for
    it, and `above_limit` for whose limit is lower.
    """
    change = _decided_by(session, change_id, principal, technician_id)
    if change.status is PayChangeStatus.APPROVED:
        return change
    PAY_CHANGE.check(change.status, PayChangeStatus.APPROVED)
    if technician_id is None:
        require_within_limit(session, principal, change.amount_cents)
    _grant(session, change)
    return change


def refuse(
    session: Session,
    change_id: UUID,
    principal: Principal,
    answer: str,
    technician_id: UUID | None = None,
) -> PayChange:
    """Say no, and why. Repeating changes nothing."""
    change = _decided_by(session, change_id, principal, technician_id)
    if change.status is PayChangeStatus.REFUSED:
        return change
    PAY_CHANGE.check(change.status, PayChangeStatus.REFUSED)
    because(session, answer)
    change.status, change.answer = PayChangeStatus.REFUSED, answer
    session.flush()
    return change


def _decided_by(
    session: Session, change_id: UUID, principal: Principal, technician_id: UUID | None
) -> PayChange:
    [change] = locked(session, PayChange, [change_id])
    side = Side.OFFICE if technician_id is None else Side.FREELANCER
    is_theirs = technician_id in (None, change.technician_id)
    if decider(change.amount_cents) is not side or not is_theirs:
        raise NotFound("pay_change", change_id)
    if change.asked_by == principal.actor:
        raise Forbidden("Somebody else decides about what you asked for.", code="own_change")
    return change


def _grant(session: Session, change: PayChange) -> None:
    because(session, change.reason)
    payout = earn(
        session,
        get_technician(session, change.technician_id),
        PayoutKind(change.kind),
        change.amount_cents,
        change.currency,
        visit_id=change.visit_id,
        note=change.reason,
    )
    approve_payout(session, payout.id)
    change.status, change.payout_id = PayChangeStatus.APPROVED, payout.id
    session.flush()
