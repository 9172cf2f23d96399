"""Races for one offer with real threads and real commits; tests and benchmarks run them."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier, Event
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.lifecycle import OCCUPYING
from dispatch.scheduling.assignments.models import Assignment
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.queries import list_visits_of
from kernel import clock
from kernel.errors import DomainError
from marketplace.offers import service
from marketplace.offers.lifecycle import OfferStatus
from marketplace.offers.models import Offer
from tests.factories.customers import make_site
from tests.factories.marketplace import make_freelancer, offer_values
from tests.factories.territories import make_territory
from tests.factories.work_orders import make_work_type

Transaction = Callable[[], AbstractContextManager[Session]]
Accept = Callable[[UUID, UUID], str]
"""Takes an offer's and its technician's id; gives `WON` or the code of the refusal."""
BASE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WON = "won"
SLACK = timedelta(milliseconds=50)
"""The row is stamped a moment after its deadline was compared."""
REFUSALS = frozenset({"offer_taken", "offer_expired", "technician_busy"})


@dataclass
class Tally:
    """What came of the rounds; `violations` lists every round that broke the rule."""

    rounds: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Field:
    """The people who race and where their work is."""

    technician_ids: list[UUID]
    customer_id: UUID
    site_id: UUID
    work_type_code: str


def prepare(transaction: Transaction, racers: int) -> Field:
    """Freelancers near one site."""
    with transaction() as session:
        territory = make_territory(session)
        site = make_site(session, territory_id=territory.id)
        people = [make_freelancer(session, territory) for _ in range(racers)]
        code = make_work_type(session).code
        return Field([p.id for p in people], site.customer_id, site.id, code)


def race_accepts(
    transaction: Transaction,
    *,
    rounds: int,
    threads: int = 32,
    known: Field | None = None,
    first: int = 0,
    accept: Accept | None = None,
) -> Tally:
    """Everybody accepts an own offer for the same visit at once, round after round.

    `known` goes on with the people of earlier rounds, of which there were `first`; `accept` goes
    another way than straight to the service.
    """
    known = known or prepare(transaction, threads)
    accept = accept or partial(accept_here, transaction)
    tally = Tally()
    with ThreadPoolExecutor(threads) as pool:
        for number in range(first, first + rounds):
            offers = _offer(transaction, known, number, life=timedelta(hours=1))
            barrier = Barrier(threads)
            answers = list(pool.map(partial(_accept, accept, barrier), offers))
            tally.rounds += 1
            tally.answers.update(answers)
            tally.violations += _check(transaction, offers, answers, winners={1})
    return tally


def race_sweeper(transaction: Transaction, *, rounds: int, threads: int = 8) -> Tally:
    """Offers run out while people accept them and a sweeper closes what is overdue."""
    known = prepare(transaction, threads)
    tally = Tally()
    with ThreadPoolExecutor(threads + 1) as pool:
        for number in range(rounds):
            life = timedelta(milliseconds=30 * 2 ** (number % 8))
            offers = _offer(transaction, known, number, life=life)
            barrier, over = Barrier(threads), Event()
            sweeper = pool.submit(_sweep, transaction, over)
            accept = partial(accept_here, transaction)
            answers = list(pool.map(partial(_accept, accept, barrier), offers))
            over.set()
            sweeper.result()
            tally.rounds += 1
            tally.answers.update(answers)
            tally.violations += _check(transaction, offers, answers, winners={0, 1})
    return tally


def _offer(
    transaction: Transaction, known: Field, number: int, *, life: timedelta
) -> list[tuple[UUID, UUID]]:
    """One visit, offered to everybody; its time is free for all, round after round."""
    with transaction() as session:
        order = work_orders.open(
            session,
            customer_id=known.customer_id,
            site_id=known.site_id,
            work_type_code=known.work_type_code,
            source="dispatcher",
            title="A race",
        )
        visit = list_visits_of(session, order.id)[0]
        starts_at = BASE + timedelta(days=365, hours=3 * number)
        expires_at = clock.now(session) + life
        rows = session.execute(
            insert(Offer).returning(Offer.id, Offer.technician_id),
            [
                offer_values(visit.id, key, starts_at, expires_at=expires_at)
                for key in known.technician_ids
            ],
        )
        return [(offer_id, technician_id) for offer_id, technician_id in rows]


def _accept(accept: Accept, gate: Barrier, offer: tuple[UUID, UUID]) -> str:
    gate.wait(timeout=30)
    return accept(*offer)


def accept_here(transaction: Transaction, offer_id: UUID, technician_id: UUID) -> str:
    """Straight at the service, in a transaction of its own."""
    while True:
        try:
            with transaction() as session:
                service.accept(session, offer_id, technician_id)
        except DomainError as refusal:
            return refusal.code
        except (NoConnectionError, OperationalError):
            continue  # the server says 503, and the phone asks again
        return WON


def _sweep(transaction: Transaction, over: Event) -> None:
    while not over.is_set():
        with transaction() as session:
            service.expire_due(session)
        over.wait(0.005)


def _check(
    transaction: Transaction,
    offers: list[tuple[UUID, UUID]],
    answers: list[str],
    *,
    winners: set[int],
) -> list[str]:
    """What is wrong after a round: none should be."""
    with transaction() as session:
        rows = list(session.scalars(select(Offer).where(Offer.id.in_([key for key, _ in offers]))))
        seats = session.scalar(
            select(func.count())
            .select_from(Assignment)
            .where(Assignment.visit_id == rows[0].visit_id, Assignment.status.in_(OCCUPYING))
        )
        accepted = [row for row in rows if row.status is OfferStatus.ACCEPTED]
        found = []
        if answers.count(WON) not in winners:
            found.append(f"{answers.count(WON)} were told that they won")
        if not len(accepted) == seats == answers.count(WON):
            found.append(f"{len(accepted)} accepted, {seats} seats, {answers.count(WON)} told")
        unknown = set(answers) - REFUSALS - {WON}
        if unknown:
            found.append(f"unexpected answers {sorted(unknown)}")
        late = [row for row in accepted if row.updated_at > row.expires_at + SLACK]
        if late:
            found.append("accepted after expiry")
        return found
