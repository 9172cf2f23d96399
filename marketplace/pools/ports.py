"""What a rule may ask of packages that come later: how reliable somebody is."""

from collections.abc import Collection, Mapping
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from kernel.ports import Port


class ScoresOf(Protocol):
    def __call__(self, session: Session, technician_ids: Collection[UUID]) -> Mapping[UUID, int]:
        """The score from 0 to 100 of each who has one."""


def no_scores(session: Session, technician_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """Where nobody is scored, a rule that asks for a score finds nobody."""
    return {}


scores_of: Port[ScoresOf] = Port("marketplace.scores_of")
scores_of.wire(no_scores)
