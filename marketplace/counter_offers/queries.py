"""Reads of counter-offers."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from kernel.errors import NotFound
from marketplace.counter_offers.lifecycle import (
    MOST_ROUNDS,
    CounterMove,
    CounterStatus,
    counter_moves,
    offer_moves,
)
from marketplace.counter_offers.models import CounterOffer
from marketplace.offers.models import Offer
from marketplace.pay_changes.lifecycle import Side


@dataclass(frozen=True)
class Bargain:
    """The latest counter-offer about an offer, and how often each side has proposed one."""

    latest: CounterOffer | None = None
    rounds: dict[Side, int] = field(default_factory=dict)

    def offer_moves(self, offer: Offer) -> list[CounterMove]:
        """Of the freelancer, about the offer as it was made; a bundle is taken as it is."""
        rounds = self.rounds.get(Side.FREELANCER, 0) if offer.bundle_id is None else MOST_ROUNDS
        return offer_moves(offer.status, rounds)

    def counter_moves(self, offer: Offer, counter: CounterOffer, side: Side) -> list[CounterMove]:
        rounds = self.rounds.get(side, 0)
        return counter_moves(counter.status, offer.status, counter.side, side, rounds)


def get_with_offer(
    session: Session, counter_id: UUID, technician_id: UUID | None = None
) -> tuple[CounterOffer, Offer]:
    """NotFound also when the offer was made to somebody else than `technician_id`."""
    statement = (
        select(CounterOffer, Offer)
        .join(Offer, Offer.id == CounterOffer.offer_id)
        .where(CounterOffer.id == counter_id)
    )
    if technician_id is not None:
        statement = statement.where(Offer.technician_id == technician_id)
    found = session.execute(statement).one_or_none()
    if found is None:
        raise NotFound("counter_offer", counter_id)
    return found[0], found[1]


def find_open(session: Session, offer_id: UUID) -> CounterOffer | None:
    return session.scalar(
        select(CounterOffer).where(
            CounterOffer.offer_id == offer_id, CounterOffer.status == CounterStatus.OPEN
        )
    )


def bargain_of(session: Session, offer_id: UUID) -> Bargain:
    return bargains(session, [offer_id]).get(offer_id, Bargain())


def bargains(session: Session, offer_ids: Collection[UUID]) -> dict[UUID, Bargain]:
    """By offer; those nobody countered are left out."""
    found: dict[UUID, Bargain] = {}
    for row in session.scalars(
        select(CounterOffer).where(CounterOffer.offer_id.in_(offer_ids)).order_by(CounterOffer.id)
    ):
        before = found.get(row.offer_id, Bargain())
        rounds = {**before.rounds, row.side: before.rounds.get(row.side, 0) + 1}
        found[row.offer_id] = Bargain(row, rounds)
    return found


def select_counters(
    status: CounterStatus | None = None, offer_id: UUID | None = None
) -> Select[CounterOffer]:
    """The office's list, to be paginated by id."""
    statement = select(CounterOffer)
    if status is not None:
        statement = statement.where(CounterOffer.status == status)
    if offer_id is not None:
        statement = statement.where(CounterOffer.offer_id == offer_id)
    return statement


def offers_of(session: Session, counters: Collection[CounterOffer]) -> dict[UUID, Offer]:
    ids = {counter.offer_id for counter in counters}
    return {row.id: row for row in session.scalars(select(Offer).where(Offer.id.in_(ids)))}
