"""Sends what is payable: the key is stored before anybody is asked, and the reply applied once."""

from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from kernel.clock import now
from kernel.db import because, get, locked
from kernel.errors import Conflict, Invalid
from kernel.events import publish
from marketplace.events import TransferPrepared
from marketplace.ledger import service as ledger
from marketplace.ledger.lifecycle import AccountKind, Movement, moved
from marketplace.payments.ports import PaymentRefused, PaymentUnknown, payment_provider
from marketplace.payouts.models import Payout
from marketplace.payouts.queries import lock_payable
from marketplace.payouts.service import mark_paid, mark_returned
from marketplace.transfers import queries
from marketplace.transfers.lifecycle import TRANSFER, TransferStatus, is_iban
from marketplace.transfers.models import PayoutDestination, PayoutRun, Transfer

STUCK_AFTER = timedelta(hours=1)


class Order(NamedTuple):
    """What the provider is asked for; `is_repeated` when it may have been asked before."""

    key: str
    token: str
    cents: int
    currency: str
    is_repeated: bool


def set_destination(
    session: Session, payee_id: UUID, key: str, holder: str, iban: str
) -> PayoutDestination:
    """Give bank details to the payment provider, and keep its name for them.

    Raises Invalid `iban_wrong` or `bank_refused`, Conflict `payments_off` or `payment_down`.
    """
    number = iban.replace(" ", "").upper()
    if not is_iban(number):
        raise Invalid("This is no valid IBAN.", code="iban_wrong")
    provider = payment_provider()
    if provider is None:
        raise Conflict("Payments are switched off here.", code="payments_off")
    try:
        given = provider.register(key, holder, number)
    except PaymentRefused:
        raise Invalid("The bank details were refused.", code="bank_refused") from None
    except PaymentUnknown:
        raise Conflict("The payment provider does not answer.", code="payment_down") from None
    destination = queries.find_destination(session, payee_id)
    if destination is None:
        destination = PayoutDestination(payee_id=payee_id)
        session.add(destination)
    destination.provider_name = provider.name
    destination.token, destination.label = given.token, given.label
    session.flush()
    return destination


def start_run(session: Session) -> PayoutRun:
    """Prepare one transfer for each payee and currency; what is below zero is carried over."""
    due: dict[tuple[UUID, str], list[Payout]] = defaultdict(list)
    for payout in lock_payable(session):
        due[payout.payee_id, payout.currency].append(payout)
    owed = {whose: own for whose, own in due.items() if sum(p.amount_cents for p in own) > 0}
    places = queries.destinations_of(session, {payee_id for payee_id, _ in owed})
    run = PayoutRun(
        transfer_count=sum(payee_id in places for payee_id, _ in owed),
        left_out=sorted({payee_id for payee_id, _ in owed} - places.keys()),
    )
    session.add(run)
    session.flush()
    for (payee_id, currency), payouts in sorted(owed.items()):
        if payee_id in places:
            _prepare(session, run, places[payee_id], currency, payouts)
    return run


def _prepare(
    session: Session,
    run: PayoutRun,
    place: PayoutDestination,
    currency: str,
    payouts: list[Payout],
) -> None:
    transfer = Transfer(
        run_id=run.id,
        payee_id=place.payee_id,
        status=TransferStatus.PREPARED,
        amount_cents=sum(payout.amount_cents for payout in payouts),
        currency=currency,
        key=f"payout-{uuid4()}",
        destination_id=place.id,
    )
    session.add(transfer)
    session.flush()
    for payout in payouts:
        payout.transfer_id = transfer.id
    _post(session, transfer, Movement.SEND, AccountKind.PAYABLE, AccountKind.IN_TRANSIT)
    publish(session, TransferPrepared(transfer_id=transfer.id))


def begin(session: Session, transfer_id: UUID) -> Order | None:
    """Note that the provider is about to be asked; None when it need not be."""
    [transfer] = locked(session, Transfer, [transfer_id])
    if transfer.status is not TransferStatus.PREPARED:
        return None
    is_repeated = transfer.asked_at is not None
    if not is_repeated:
        transfer.asked_at = now(session)
        session.flush()
    place = get(session, PayoutDestination, transfer.destination_id)
    return Order(transfer.key, place.token, transfer.amount_cents, transfer.currency, is_repeated)


def ask(order: Order) -> str:
    """Have the provider pay, and give its reference. Raises PaymentRefused, PaymentUnknown.

    A key is not remembered for ever: before a repeat, look whether it was paid.
    """
    provider = payment_provider()
    if provider is None:
        raise PaymentUnknown("payments are switched off")
    known = provider.find(order.key) if order.is_repeated else None
    return known or provider.transfer(order.key, order.token, order.cents, order.currency)


def settle(session: Session, transfer_id: UUID, reference: str) -> Transfer:
    """The provider has paid; repeating it changes nothing."""
    [transfer] = locked(session, Transfer, [transfer_id])
    if transfer.status is TransferStatus.SENT:
        return transfer
    settled_at = now(session)
    _set(transfer, TransferStatus.SENT)
    transfer.reference, transfer.settled_at = reference, settled_at
    _post(session, transfer, Movement.PAY, AccountKind.IN_TRANSIT, AccountKind.BANK)
    for payout in queries.payouts_of(session, transfer.id):
        mark_paid(session, payout)
    return transfer


def fail(session: Session, transfer_id: UUID, message: str) -> Transfer:
    """The provider will not pay: what was on its way is payable again."""
    return _take_back(session, transfer_id, TransferStatus.FAILED, message)


def take_returned(session: Session, transfer_id: UUID, message: str) -> Transfer:
    """The bank sent the money back: it is payable again."""
    return _take_back(session, transfer_id, TransferStatus.RETURNED, message)


def resend_stuck(session: Session) -> int:
    """Ask again about transfers of which nothing was heard for an hour; gives how many."""
    stuck = queries.list_stuck(session, now(session) - STUCK_AFTER)
    for transfer in stuck:
        publish(session, TransferPrepared(transfer_id=transfer.id))
    return len(stuck)


def _take_back(session: Session, transfer_id: UUID, to: TransferStatus, message: str) -> Transfer:
    because(session, message)
    [transfer] = locked(session, Transfer, [transfer_id])
    if transfer.status is to:
        return transfer
    _set(transfer, to)
    transfer.message = message
    ledger.reverse_all(session, transfer.id)
    for payout in queries.payouts_of(session, transfer.id):
        mark_returned(session, payout)
    session.flush()
    return transfer


def _set(transfer: Transfer, to: TransferStatus) -> None:
    TRANSFER.check(transfer.status, to)
    transfer.status = to


def _post(
    session: Session, transfer: Transfer, movement: Movement, frm: AccountKind, to: AccountKind
) -> None:
    ledger.post(
        session,
        movement,
        f"{movement}:{transfer.id}",
        moved(transfer.amount_cents, frm, to, holder_id=transfer.payee_id),
        transfer.currency,
        subject_id=transfer.id,
    )
    session.flush()
