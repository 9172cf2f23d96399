"""Proposes rate cards, and puts them in force once the office has agreed."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.technicians.models import Technician
from dispatch.technicians.qualifications.service import tell_changed
from kernel.db import get, locked
from marketplace.rate_cards.lifecycle import RATE_CARD, RateCardStatus
from marketplace.rate_cards.models import RateCard
from marketplace.rate_cards.queries import find_card


def propose_card(
    session: Session,
    technician_id: UUID,
    *,
    hourly_cents: int,
    travel_cents_per_hour: int,
    minimum_cents: int = 0,
    skill_cents: Mapping[str, int] | None = None,
) -> RateCard:
    """Ask for these rates, in place of what was asked for before and not answered yet."""
    [technician] = locked(session, Technician, [technician_id])
    waiting = find_card(session, technician_id, RateCardStatus.PROPOSED)
    if waiting is not None:
        _move(session, waiting, RateCardStatus.REPLACED)
    card = RateCard(
        technician_id=technician_id,
        status=RateCardStatus.PROPOSED,
        hourly_cents=hourly_cents,
        travel_cents_per_hour=travel_cents_per_hour,
        minimum_cents=minimum_cents,
        skill_cents=dict(skill_cents or {}),
        currency=technician.currency,
    )
    session.add(card)
    session.flush()
    return card


def approve_card(session: Session, card_id: UUID) -> RateCard:
    """In force from now on; what was offered before keeps its pay."""
    technician_id = get(session, RateCard, card_id).technician_id
    [technician] = locked(session, Technician, [technician_id])
    [card] = locked(session, RateCard, [card_id])
    RATE_CARD.check(card.status, RateCardStatus.IN_FORCE)
    before = find_card(session, technician_id, RateCardStatus.IN_FORCE)
    if before is not None:
        _move(session, before, RateCardStatus.REPLACED)
    _move(session, card, RateCardStatus.IN_FORCE)
    technician.hourly_cents = card.hourly_cents
    technician.travel_cents_per_hour = card.travel_cents_per_hour
    session.flush()
    tell_changed(session, technician, "master_data")
    return card


def refuse_card(session: Session, card_id: UUID, note: str) -> RateCard:
    """The rates before stay in force."""
    [card] = locked(session, RateCard, [card_id])
    card.note = note
    _move(session, card, RateCardStatus.REFUSED)
    return card


def _move(session: Session, card: RateCard, to: RateCardStatus) -> None:
    RATE_CARD.check(card.status, to)
    card.status = to
    session.flush()
