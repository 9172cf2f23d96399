"""I9: the ledger adds up to zero, says what a model says, and cannot be changed."""

import random
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from uuid import UUID

from sqlalchemy import exc, func, select, text
from sqlalchemy.orm import Session

from benchmarks.invariants.jobs import Outcome
from benchmarks.invariants.servers import fresh
from dispatch.technicians.models import Technician
from kernel.db import transaction
from kernel.errors import Conflict
from marketplace.ledger import queries
from marketplace.ledger.lifecycle import AccountKind
from marketplace.ledger.models import LedgerEntry
from marketplace.payouts import service
from marketplace.payouts.lifecycle import PAYOUT, PayoutKind, PayoutStatus
from server import registry
from tests.factories.marketplace import make_freelancer
from tests.factories.territories import make_territory

S = PayoutStatus
PLACES = {
    S.EARNED: AccountKind.EARNED,
    S.APPROVED: AccountKind.PAYABLE,
    S.RESOLVED: AccountKind.PAYABLE,
    S.DISPUTED: AccountKind.DISPUTED,
}
MOVES = {
    "approve": (S.APPROVED, service.approve),
    "dispute": (S.DISPUTED, lambda session, key: service.dispute(session, key, "why")),
    "resolve": (S.RESOLVED, lambda session, key: service.resolve(session, key, "right")),
    "reverse": (S.REVERSED, lambda session, key: service.reverse(session, key, "mistake")),
}
FORGERIES = (
    "UPDATE ledger_lines SET cents = cents + 1",
    "DELETE FROM ledger_lines",
    "TRUNCATE ledger_lines",
    "UPDATE ledger_entries SET movement = 'pay', version = version + 1",
    "DELETE FROM ledger_entries",
)
PEOPLE = 12
A_TRANSACTION = 40
"""So many steps are one transaction."""


@dataclass(frozen=True)
class Step:
    """One action of the model: `who` and `pick` choose among what there is."""

    action: str
    who: int
    cents: int
    pick: int


@dataclass
class Owed:
    key: UUID
    payee_id: UUID
    cents: int
    status: PayoutStatus = S.EARNED


@dataclass
class Model:
    """What should be in the ledger, counted without it."""

    people: list[UUID] = field(default_factory=list)
    owed: list[Owed] = field(default_factory=list)
    refused: int = 0
    wrong: list[str] = field(default_factory=list)

    def balances(self) -> Counter[tuple[AccountKind, UUID | None]]:
        found: Counter[tuple[AccountKind, UUID | None]] = Counter()
        for one in self.owed:
            if one.status in PLACES:
                found[PLACES[one.status], one.payee_id] += one.cents
                found[AccountKind.BUYER, None] -= one.cents
        return found


def steps(count: int, seed: int) -> Iterator[Step]:
    chance = random.Random(seed)
    actions = ["earn", "earn", "bonus", "approve", "approve", "dispute", "resolve", "reverse"]
    for _ in range(count):
        yield Step(
            chance.choice(actions),
            chance.randrange(PEOPLE),
            chance.randint(1, 100_000),
            chance.randrange(10**9),
        )


def apply(session: Session, wanted: Iterable[Step], model: Model | None = None) -> Model:
    """Do the steps, in the ledger and in the model."""
    model = model or Model()
    if not model.people:
        place = make_territory(session)
        model.people = [make_freelancer(session, place).id for _ in range(PEOPLE)]
    for step in wanted:
        if step.action in ("earn", "bonus"):
            who = model.people[step.who % len(model.people)]
            person = session.get_one(Technician, who)
            kind = PayoutKind.BONUS if step.action == "bonus" else PayoutKind.EXPENSE
            made = service.earn(session, person, kind, step.cents, "EUR")
            model.owed.append(Owed(made.id, person.id, step.cents))
        elif model.owed:
            _move(session, model, step)
    return model


def _move(session: Session, model: Model, step: Step) -> None:
    owed = model.owed[-1 - step.pick % min(len(model.owed), 50)]
    to, act = MOVES[step.action]
    legal = owed.status is to or PAYOUT.allows(owed.status, to)
    try:
        with session.begin_nested():
            act(session, owed.key)
    except Conflict:
        model.refused += 1
        if legal:
            model.wrong.append(f"I9: {owed.status} > {to} was refused")
    else:
        if not legal:
            model.wrong.append(f"I9: {owed.status} > {to} was done")
        owed.status = to


def judge(session: Session, model: Model) -> list[str]:
    """What is wrong with the ledger, in sentences."""
    wrong = [*model.wrong]
    wanted = model.balances()
    found = {(b.kind, b.holder_id): b.cents for b in queries.balances(session)}
    if sum(found.values()) != 0:
        wrong.append(f"I9: the ledger adds up to {sum(found.values())}")
    for place in {*found, *wanted}:
        if found.get(place, 0) != wanted.get(place, 0):
            wrong.append(f"I9: {place} holds {found.get(place, 0)}, not {wanted.get(place, 0)}")
    if queries.unbalanced(session):
        wrong.append("I9: an entry does not add up")
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    return wrong + [
        f"I9: {forgery} was done" for forgery in FORGERIES if _is_done(session, forgery)
    ]


def _is_done(session: Session, forgery: str) -> bool:
    with session.begin_nested() as nested:
        try:
            session.execute(text(forgery))
        except exc.DBAPIError:
            return False
        finally:
            nested.rollback()
    return True


def attack(folder: Path, *, transfers: int, seed: int) -> Outcome:
    """Steps until the ledger has so many entries, then compare."""
    with fresh(folder):
        registry.load()
        with closing(grow(seed, every=transfers)) as growing:
            return next(growing)


def grow(seed: int, *, every: int) -> Generator[Outcome]:
    """Steps without end in one ledger, compared whenever it has so many more entries; the
    outcomes are of all steps so far."""
    model, endless, entries = Model(), steps(10**9, seed), 0
    compared = 0
    while True:
        with transaction("model") as session:
            apply(session, islice(endless, A_TRANSACTION), model)
            session.flush()
            entries = session.scalar(select(func.count()).select_from(LedgerEntry)) or 0
        if entries - compared < every:
            continue
        compared = entries
        with transaction("model") as session:
            wrong = judge(session, model)
        yield Outcome(entries, model.refused + len(FORGERIES), wrong, {"transfers": entries})
