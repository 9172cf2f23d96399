"""What a customer may do with a visit, and whom a page belongs to."""

from dataclasses import dataclass
from uuid import UUID

from dispatch.work_orders.lifecycle import (
    PLANNED_VISITS,
    RUNNING_VISITS,
    WAITING_VISITS,
    VisitStatus,
)

CHANGEABLE = WAITING_VISITS | PLANNED_VISITS
"""Before anybody sets off, a date can be moved and a visit called off."""

INTRODUCED = (PLANNED_VISITS - {VisitStatus.SCHEDULED}) | RUNNING_VISITS | {VisitStatus.COMPLETED}
"""From dispatch on the customer is told who comes."""


@dataclass(frozen=True)
class Visitor:
    """A customer; behind a signed link, confined to one visit, work order or alert."""

    customer_id: UUID
    only_record: UUID | None = None

    def reaches(self, *record_ids: UUID | None) -> bool:
        """Is one of these the record that the link opens (always so when signed in)?"""
        return self.only_record is None or self.only_record in record_ids


@dataclass(frozen=True)
class VisitMoves:
    """The buttons of a customer's visit."""

    can_book: bool
    can_reschedule: bool
    can_cancel: bool
    can_rate: bool


def visit_moves(status: VisitStatus, *, is_booked: bool, is_rated: bool) -> VisitMoves:
    """What the customer may do with a visit in this state."""
    changeable = status in CHANGEABLE
    return VisitMoves(
        can_book=changeable and not is_booked,
        can_reschedule=changeable and is_booked,
        can_cancel=changeable,
        can_rate=status is VisitStatus.COMPLETED and not is_rated,
    )
