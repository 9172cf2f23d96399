"""What tentative dates ask of the packages above: how likely the crowd is to take a visit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from dispatch.work_orders.models import Visit
from kernel.ports import Port


class CrowdChances(Protocol):
    """For each arrival window, percent that somebody says yes before its own moment and comes."""

    def __call__(
        self,
        session: Session,
        visit: Visit,
        windows: Sequence[tuple[datetime, datetime]],
        known_by: Sequence[datetime],
    ) -> Sequence[int]: ...


def nobody(
    session: Session,
    visit: Visit,
    windows: Sequence[tuple[datetime, datetime]],
    known_by: Sequence[datetime],
) -> Sequence[int]:
    """Where there is no crowd."""
    return [0] * len(windows)


crowd_chances: Port[CrowdChances] = Port("scheduling.crowd_chances")
crowd_chances.wire(nobody)
