"""What planning asks of the packages above: whom of the crowd a visit could go to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from kernel.ports import Port


@dataclass(frozen=True)
class CrowdEstimate:
    """A freelancer who could do a visit: from when, leaving when, at what pay. Of 100 asked so
    `accept_pct` say yes within `answer`, of 100 who did `show_pct` come."""

    technician_id: UUID
    starts_at: datetime
    leaves_at: datetime
    pay_cents: int
    accept_pct: int
    show_pct: int
    answer: timedelta


class CrowdEstimates(Protocol):
    """By visit, whom one could ask; visits that nobody can take are left out."""

    def __call__(
        self, session: Session, visit_ids: Collection[UUID]
    ) -> Mapping[UUID, Sequence[CrowdEstimate]]: ...


def nobody(session: Session, visit_ids: Collection[UUID]) -> Mapping[UUID, Sequence[CrowdEstimate]]:
    """Where there is no crowd."""
    return {}


crowd_estimates: Port[CrowdEstimates] = Port("scheduling.crowd_estimates")
crowd_estimates.wire(nobody)
