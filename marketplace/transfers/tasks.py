"""What sends money: prepared transfers, those nothing was heard of, and the day of the week."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.db import transaction
from kernel.failpoints import failpoint
from kernel.jobs import every, on
from marketplace.events import TransferPrepared
from marketplace.pay_terms.queries import terms_in_force
from marketplace.payments.ports import PaymentRefused
from marketplace.transfers import service


@on(TransferPrepared, name="marketplace.send_transfer", outside=True, retries=12)
def send(event: TransferPrepared, key: str) -> None:
    """Ask the provider outside any transaction; the transfer's own key makes a repeat harmless."""
    with transaction() as session:
        order = service.begin(session, event.transfer_id)
    if order is None:
        return
    failpoint("transfers.before_call")
    try:
        reference = service.ask(order)
    except PaymentRefused as refusal:
        with transaction() as session:
            service.fail(session, event.transfer_id, str(refusal))
        return
    failpoint("transfers.after_call")
    with transaction() as session:
        service.settle(session, event.transfer_id, reference)
        failpoint("transfers.before_commit")


@every(timedelta(hours=1), name="marketplace.resend_transfers")
def resend(session: Session, due_at: datetime) -> None:
    service.resend_stuck(session)


@every(timedelta(days=1), name="marketplace.payout_day")
def payout_day(session: Session, due_at: datetime) -> None:
    if due_at.weekday() == terms_in_force(session).payout_weekday:
        service.start_run(session)
