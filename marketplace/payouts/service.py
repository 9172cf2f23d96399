"""Turns what happened into money owed, and moves it towards being paid.

Lock order everywhere: the visit, then payouts.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.lifecycle import BARRED, AssignmentStatus
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.models import Technician
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel.clock import now
from kernel.db import because, locked
from kernel.errors import Conflict
from kernel.events import publish
from marketplace.events import PayoutMoved
from marketplace.ledger import service as ledger
from marketplace.ledger.lifecycle import AccountKind, Line, Movement, moved
from marketplace.ledger.queries import count_entries, held_for_visit
from marketplace.pay_terms.queries import terms_in_force
from marketplace.payouts import queries
from marketplace.payouts.lifecycle import (
    NOT_OUR_FAULT,
    PAYOUT,
    PayoutKind,
    PayoutStatus,
    fee_of,
    share_of,
)
from marketplace.payouts.models import Payout

_A = AccountKind
_WHERE = {
    PayoutStatus.EARNED: _A.EARNED,
    PayoutStatus.APPROVED: _A.PAYABLE,
    PayoutStatus.RESOLVED: _A.PAYABLE,
    PayoutStatus.DISPUTED: _A.DISPUTED,
}
_MOVEMENTS = {
    PayoutStatus.APPROVED: Movement.APPROVE,
    PayoutStatus.DISPUTED: Movement.DISPUTE,
    PayoutStatus.RESOLVED: Movement.RESOLVE,
}


def hold(session: Session, visit_id: UUID) -> None:
    """Set aside what the visit may cost at most, or give back what it no longer can."""
    if not queries.was_offered(session, visit_id):
        return
    [visit] = locked(session, Visit, [visit_id])
    fee_bp = terms_in_force(session).fee_bp
    wanted = {
        currency: cents + fee_of(cents, fee_bp)
        for currency, cents in queries.most_owed(session, visit).items()
    }
    held = held_for_visit(session, visit_id)
    for currency in sorted({*wanted, *held}):
        more = wanted.get(currency, 0) - held.get(currency, 0)
        key = f"hold:{visit_id}:{count_entries(session, visit_id=visit_id)}"
        lines = moved(more, _A.BUYER, _A.HELD)
        ledger.post(session, Movement.HOLD, key, lines, currency, visit_id=visit_id)


def settle_visit(session: Session, visit_id: UUID) -> list[Payout]:
    """What a visit that has ended is worth to each freelancer who was there; each once.

    One that is under way again, because its end was a mis-tap, takes back what is not approved.
    """
    if not queries.list_agreed(session, visit_id):
        return []
    [visit] = locked(session, Visit, [visit_id])
    if visit.status not in (VisitStatus.COMPLETED, VisitStatus.INCOMPLETE):
        for key in queries.list_unapproved_ids(session, visit_id):
            reverse(session, key, "The visit goes on.")
        return []
    terms = terms_in_force(session)
    kind, pct = PayoutKind.PAY, 100
    if visit.status is VisitStatus.INCOMPLETE:
        kind = PayoutKind.CALL_OUT
        pct = 0 if visit.incomplete_reason in NOT_OUR_FAULT else terms.call_out_pct
    found = [
        _by_rule(session, visit, agreed, kind, share_of(agreed.cents, pct))
        for agreed in queries.list_agreed(session, visit_id)
        if agreed.status is AssignmentStatus.DONE
    ]
    return [payout for payout in found if payout is not None]


def settle_lost(session: Session, visit_id: UUID, technician_id: UUID) -> Payout | None:
    """A share of the pay for whom a job is taken away shortly before it, unless they may not do
    it any more, or, below zero, from whom gives it back then or does not come."""
    if not queries.list_agreed(session, visit_id, technician_id):
        return None
    [visit] = locked(session, Visit, [visit_id])
    terms = terms_in_force(session)
    for agreed in queries.list_agreed(session, visit_id, technician_id):
        notice = agreed.starts_at - agreed.ended_at
        kind, pct = PayoutKind.CANCELLATION, 0
        match agreed.status:
            case AssignmentStatus.REMOVED:
                pct = 0 if agreed.ended_reason in BARRED else terms.cancel_pct(notice)
            case AssignmentStatus.BACKED_OUT:
                kind, pct = PayoutKind.BACK_OUT, -terms.back_out_pct(notice)
            case AssignmentStatus.TECHNICIAN_NO_SHOW:
                kind, pct = PayoutKind.NO_SHOW, -terms.no_show_pct
        return _by_rule(session, visit, agreed, kind, share_of(agreed.cents, pct))
    return None


def _by_rule(
    session: Session, visit: Visit, agreed: queries.Agreed, kind: PayoutKind, cents: int
) -> Payout | None:
    known = queries.find_by_rule(session, visit.id, agreed.technician.id, kind)
    if known is not None or cents == 0:
        return known
    terms = terms_in_force(session)
    return earn(
        session,
        agreed.technician,
        kind,
        cents,
        agreed.currency,
        visit_id=visit.id,
        fee_cents=fee_of(cents, terms.fee_bp) if kind is PayoutKind.PAY else 0,
        approve_after=timedelta(hours=terms.approve_hours),
    )


def earn(
    session: Session,
    technician: Technician,
    kind: PayoutKind,
    cents: int,
    currency: str,
    *,
    visit_id: UUID | None = None,
    fee_cents: int = 0,
    approve_after: timedelta | None = None,
    note: str = "",
) -> Payout:
    """Owe somebody money, first from what was set aside for the visit."""
    payout = Payout(
        technician_id=technician.id,
        payee_id=payee_of(technician),
        visit_id=visit_id,
        kind=kind,
        amount_cents=cents,
        fee_cents=fee_cents,
        currency=currency,
        approve_by=None if approve_after is None else now(session) + approve_after,
        note=note,
    )
    session.add(payout)
    session.flush()
    held = held_for_visit(session, visit_id).get(currency, 0) if visit_id else 0
    whole = cents + fee_cents
    from_hold = max(0, min(held, whole))
    ledger.post(
        session,
        Movement.EARN,
        f"earn:{payout.id}",
        [
            Line(_A.HELD, -from_hold),
            Line(_A.BUYER, from_hold - whole),
            Line(_A.EARNED, cents, payout.payee_id),
            Line(_A.PLATFORM, fee_cents),
        ],
        currency,
        visit_id=visit_id,
        subject_id=payout.id,
    )
    _tell(session, payout, None)
    return payout


def payee_of(technician: Technician) -> UUID:
    """Who gets the money for this person's work: the provider that supplies a partner's people."""
    if technician.employment is Employment.PARTNER and technician.provider_id is not None:
        return technician.provider_id
    return technician.id


def approve(session: Session, payout_id: UUID) -> Payout:
    """Say that it is right; repeating it changes nothing."""
    return _move(session, payout_id, PayoutStatus.APPROVED)


def dispute(session: Session, payout_id: UUID, reason: str) -> Payout:
    """Stop it until somebody has decided; repeating it changes nothing."""
    because(session, reason)
    return _move(session, payout_id, PayoutStatus.DISPUTED)


def resolve(session: Session, payout_id: UUID, reason: str) -> Payout:
    """The dispute is over, and the payout is paid with the next run."""
    because(session, reason)
    return _move(session, payout_id, PayoutStatus.RESOLVED)


def reverse(session: Session, payout_id: UUID, reason: str) -> Payout:
    """Take back what was owed by mistake; the ledger keeps both. Repeating changes nothing.

    Raises Conflict `payout_under_way`, or `illegal_move` once it is paid.
    """
    because(session, reason)
    [payout] = locked(session, Payout, [payout_id])
    if payout.status is PayoutStatus.REVERSED:
        return payout
    _check_here(payout, PayoutStatus.REVERSED)
    ledger.reverse_all(session, payout.id)
    return _set(session, payout, PayoutStatus.REVERSED)


def approve_due(session: Session, limit: int = 500) -> int:
    """Approve what nobody has objected to in time; gives how many."""
    due = queries.list_due(session, limit)
    for payout in due:
        _enter(session, payout, PayoutStatus.APPROVED)
    return len(due)


def mark_paid(session: Session, payout: Payout) -> None:
    """The transfer that it belongs to has arrived; the transfer moves the money."""
    _set(session, payout, PayoutStatus.PAID)


def mark_returned(session: Session, payout: Payout) -> None:
    """The transfer did not arrive: the next run tries again."""
    payout.transfer_id = None
    if payout.status is PayoutStatus.PAID:
        _set(session, payout, PayoutStatus.APPROVED)
    session.flush()


def _move(session: Session, payout_id: UUID, to: PayoutStatus) -> Payout:
    [payout] = locked(session, Payout, [payout_id])
    return payout if payout.status is to else _enter(session, payout, to)


def _enter(session: Session, payout: Payout, to: PayoutStatus) -> Payout:
    """Move the payout, and its money to the account that says so."""
    _check_here(payout, to)
    ledger.post(
        session,
        _MOVEMENTS[to],
        f"{to}:{payout.id}:{count_entries(session, subject_id=payout.id)}",
        moved(payout.amount_cents, _WHERE[payout.status], _WHERE[to], holder_id=payout.payee_id),
        payout.currency,
        visit_id=payout.visit_id,
        subject_id=payout.id,
    )
    return _set(session, payout, to)


def _check_here(payout: Payout, to: PayoutStatus) -> None:
    PAYOUT.check(payout.status, to)
    if payout.transfer_id is not None:
        raise Conflict("The money is on its way.", code="payout_under_way")


def _set(session: Session, payout: Payout, to: PayoutStatus) -> Payout:
    before = payout.status
    PAYOUT.check(before, to)
    payout.status = to
    session.flush()
    _tell(session, payout, before)
    return payout


def _tell(session: Session, payout: Payout, before: PayoutStatus | None) -> None:
    publish(
        session,
        PayoutMoved(
            payout_id=payout.id,
            from_status=None if before is None else str(before),
            to_status=str(payout.status),
            technician_id=payout.technician_id,
        ),
    )
