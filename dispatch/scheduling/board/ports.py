"""What the board shows that packages above know: open offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from kernel.ports import Port


@dataclass(frozen=True)
class OpenOffer:
    """Work proposed to a freelancer who has not answered."""

    id: UUID
    visit_id: UUID
    technician_id: UUID
    status: str
    starts_at: datetime
    ends_at: datetime
    expires_at: datetime


class OpenOffers(Protocol):
    """Open offers for visits of a territory that would be worked in `[start, end)`."""

    def __call__(
        self, session: Session, territory_id: UUID, start: datetime, end: datetime
    ) -> Sequence[OpenOffer]: ...


def no_offers(
    session: Session, territory_id: UUID, start: datetime, end: datetime
) -> Sequence[OpenOffer]:
    """Where nobody makes offers."""
    return ()


open_offers: Port[OpenOffers] = Port("scheduling.open_offers")
open_offers.wire(no_offers)
