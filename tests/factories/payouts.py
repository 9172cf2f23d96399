"""Payouts and changes of pay for tests."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from dispatch.technicians.models import Technician
from marketplace.pay_changes.lifecycle import PayChangeKind, PayChangeStatus, Side
from marketplace.pay_changes.models import PayChange
from marketplace.payouts import service
from marketplace.payouts.lifecycle import PayoutKind
from marketplace.payouts.models import Payout
from tests.factories.marketplace import make_freelancer


def make_payout(
    session: Session, technician: Technician | None = None, cents: int = 6000, **over: Any
) -> Payout:
    """Earned, and approved by itself in three days."""
    values: dict[str, Any] = {"kind": PayoutKind.PAY, "approve_after": timedelta(days=3)}
    person = technician or make_freelancer(session)
    wanted = {**values, **over}
    kind = wanted.pop("kind")
    return service.earn(session, person, kind, cents, person.currency, **wanted)


def make_pay_change(session: Session, technician: Technician, **over: Any) -> PayChange:
    """The office asks the technician to agree to ten euros less."""
    values: dict[str, Any] = {
        "technician_id": technician.id,
        "kind": PayChangeKind.ADJUSTMENT,
        "status": PayChangeStatus.ASKED,
        "amount_cents": -1000,
        "currency": technician.currency,
        "reason": "half an hour less",
        "side": Side.OFFICE,
        "asked_by": "dispatcher:1",
    }
    change = PayChange(**{**values, **over})
    session.add(change)
    session.flush()
    return change
