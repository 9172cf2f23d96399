"""Every write on credits: granted once for an alert, redeemed once with a bill."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from iot_ingest.alerts.models import Alert
from iot_ingest.credits import queries
from iot_ingest.credits.lifecycle import CREDIT, CreditStatus
from iot_ingest.credits.models import Credit
from kernel import clock
from kernel.db import locked
from kernel.errors import Conflict


def grant(
    session: Session, alert: Alert, amount_cents: int, currency: str, words: Mapping[str, str]
) -> Credit:
    """For a locked alert; one that has its credit keeps it."""
    known = queries.find_credit(session, alert.id)
    if known is not None:
        return known
    credit = Credit(
        customer_id=alert.customer_id,
        alert_id=alert.id,
        amount_cents=amount_cents,
        currency=currency,
        words=dict(words),
        status=CreditStatus.GRANTED,
        granted_at=clock.now(session),
    )
    session.add(credit)
    session.flush()
    return credit


def redeem(session: Session, credit_id: UUID, reference: str) -> Credit:
    """It was taken off a bill; the same bill twice is once. Raises Conflict `credit_redeemed`
    when it was taken off another."""
    (credit,) = locked(session, Credit, [credit_id])
    if credit.status is CreditStatus.REDEEMED:
        if credit.reference != reference:
            raise Conflict("It was taken off another bill.", code="credit_redeemed")
        return credit
    now = clock.now(session)
    CREDIT.check(credit.status, CreditStatus.REDEEMED)
    credit.status, credit.redeemed_at = CreditStatus.REDEEMED, now
    credit.reference = reference
    session.flush()
    return credit
