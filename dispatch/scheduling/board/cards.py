"""What the board, a visit's card and a day sheet are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dispatch.customers.models import Customer, Site
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.board.ports import OpenOffer
from dispatch.scheduling.bookings.models import Booking
from dispatch.scheduling.pins.models import Pin
from dispatch.scheduling.plans.models import Plan
from dispatch.technicians.models import Shift, Technician
from dispatch.technicians.queries import TechnicianForPlanning
from dispatch.territories.models import Territory
from dispatch.work_orders.lifecycle import VISIT, VisitStatus
from dispatch.work_orders.models import Visit, WorkOrder, WorkType


@dataclass(frozen=True)
class Seat:
    """Who sits in a seat of a visit."""

    row: Assignment
    technician_name: str


@dataclass(frozen=True)
class Card:
    """One visit with everything a dispatcher looks at."""

    visit: Visit
    order: WorkOrder
    work_type: WorkType
    site: Site
    customer: Customer
    booking: Booking | None
    pins: Sequence[Pin]
    seats: Sequence[Seat]
    unassigned_reason: str | None

    @property
    def moves(self) -> tuple[VisitStatus, ...]:
        return VISIT.moves_from(self.visit.status)


@dataclass(frozen=True)
class Board:
    """A territory's day."""

    territory: Territory
    day: date
    starts_at: datetime
    ends_at: datetime
    now: datetime
    technicians: Sequence[TechnicianForPlanning]
    cards: Sequence[Card]
    offers: Sequence[OpenOffer]
    plans: Sequence[Plan]


@dataclass(frozen=True)
class DaySheet:
    """What one technician does on one day, for paper."""

    technician: Technician
    time_zone: str
    day: date
    printed_at: datetime
    shifts: Sequence[Shift]
    cards: Sequence[Card]
