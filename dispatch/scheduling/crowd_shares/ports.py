"""What shares ask of the packages above: for which visits freelancers are asked just now."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from kernel.ports import Port


class CrowdAsked(Protocol):
    """Visits of a territory that freelancers hold open offers for, with the earliest start."""

    def __call__(self, session: Session, territory_id: UUID) -> Mapping[UUID, datetime]: ...


def nobody(session: Session, territory_id: UUID) -> Mapping[UUID, datetime]:
    """Where there is no crowd."""
    return {}


crowd_asked: Port[CrowdAsked] = Port("scheduling.crowd_asked")
crowd_asked.wire(nobody)
