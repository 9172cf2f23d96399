"""Shapes of the board and of one visit on it."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from dispatch.scheduling.board.cards import Board, Card
from kernel.http import Schema


class SeatOut(Schema):
    assignment_id: UUID
    technician_id: UUID
    technician_name: str
    seat: int
    status: str
    starts_at: datetime
    ends_at: datetime
    travel_seconds: int
    travel_estimated: bool
    source: str
    expires_at: datetime | None
    overlap_reason: str | None
    overlap_until: datetime | None
    cost_cents: int


class PinOut(Schema):
    id: UUID
    kind: str
    reason: str
    technician_id: UUID | None
    day: date | None
    starts_at: datetime | None
    window_start: datetime | None
    window_end: datetime | None


class VisitCard(Schema):
    """`arrival_*` is what was promised, `window_*` what was asked for; `moves` what may follow."""

    id: UUID
    version: int
    work_order_id: UUID
    work_order_number: str
    title: str
    work_type: str
    source: str
    status: str
    order_status: str
    moves: list[str]
    priority: int
    duration_minutes: int
    p80_minutes: int
    customer_id: UUID
    customer_name: str
    customer_phone: str | None
    site_id: UUID
    site_address: str
    time_zone: str
    latitude: float
    longitude: float
    territory_id: UUID | None
    window_start: datetime | None
    window_end: datetime | None
    arrival_start: datetime | None
    arrival_end: datetime | None
    due_at: datetime | None
    earliest_at: datetime | None
    at_risk: bool
    skills: list[dict[str, Any]]
    crew_size: int
    incomplete_reason: str | None
    en_route_at: datetime | None
    on_site_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    unassigned_reason: str | None
    seats: list[SeatOut]
    pins: list[PinOut]

    @classmethod
    def of(cls, card: Card) -> Self:
        visit, order, site, booking = card.visit, card.order, card.site, card.booking
        return cls(
            id=visit.id,
            version=visit.version,
            work_order_id=order.id,
            work_order_number=order.number,
            title=order.title,
            work_type=card.work_type.name,
            source=order.source,
            status=visit.status,
            order_status=order.status,
            moves=[str(to) for to in card.moves],
            priority=visit.priority,
            duration_minutes=visit.duration_minutes,
            p80_minutes=visit.p80_minutes,
            customer_id=visit.customer_id,
            customer_name=card.customer.name,
            customer_phone=card.customer.phone,
            site_id=site.id,
            site_address=site.address,
            time_zone=site.time_zone,
            latitude=site.latitude,
            longitude=site.longitude,
            territory_id=visit.territory_id,
            window_start=visit.window_start,
            window_end=visit.window_end,
            arrival_start=booking.arrival_start if booking else None,
            arrival_end=booking.arrival_end if booking else None,
            due_at=visit.due_at,
            earliest_at=visit.earliest_at,
            at_risk=visit.at_risk,
            skills=visit.skills,
            crew_size=visit.crew_size,
            incomplete_reason=visit.incomplete_reason,
            en_route_at=visit.en_route_at,
            on_site_at=visit.on_site_at,
            started_at=visit.started_at,
            finished_at=visit.finished_at,
            unassigned_reason=card.unassigned_reason,
            seats=_seats(card),
            pins=[PinOut.model_validate(pin) for pin in card.pins],
        )


def _seats(card: Card) -> list[SeatOut]:
    return [
        SeatOut(
            assignment_id=seat.row.id,
            technician_id=seat.row.technician_id,
            technician_name=seat.technician_name,
            seat=seat.row.seat,
            status=seat.row.status,
            starts_at=seat.row.starts_at,
            ends_at=seat.row.ends_at,
            travel_seconds=seat.row.travel_seconds,
            travel_estimated=seat.row.travel_estimated,
            source=seat.row.source,
            expires_at=seat.row.expires_at,
            overlap_reason=seat.row.overlap_reason,
            overlap_until=seat.row.overlap_until,
            cost_cents=seat.row.cost_cents,
        )
        for seat in card.seats
    ]


class BoardBreak(Schema):
    earliest: datetime
    latest: datetime
    minutes: int


class BoardShift(Schema):
    id: UUID
    starts_at: datetime
    ends_at: datetime
    overtime_minutes: int
    breaks: list[BoardBreak]


class BoardAbsence(Schema):
    id: UUID
    starts_at: datetime
    ends_at: datetime
    kind: str


class BoardOffer(Schema):
    id: UUID
    visit_id: UUID
    technician_id: UUID
    status: str
    starts_at: datetime
    ends_at: datetime
    expires_at: datetime


class BoardSkill(Schema):
    skill: str
    level: int


class BoardPosition(Schema):
    at: datetime
    latitude: float
    longitude: float


class BoardTechnician(Schema):
    """`latitude` and `longitude` are where the day starts, `position` the last one on duty."""

    id: UUID
    name: str
    phone: str | None
    employment: str
    on_duty: bool
    latitude: float
    longitude: float
    position: BoardPosition | None
    skills: list[BoardSkill]
    shifts: list[BoardShift]
    absences: list[BoardAbsence]
    visit_ids: list[UUID]
    offers: list[BoardOffer]


class BoardPlan(Schema):
    id: UUID
    status: str
    trigger: str
    created_at: datetime


class BoardTerritory(Schema):
    id: UUID
    name: str
    time_zone: str


class BoardOut(Schema):
    """Every visit of the day and every one that waits or is at risk stands once in `visits`."""

    territory: BoardTerritory
    day: date
    starts_at: datetime
    ends_at: datetime
    now: datetime
    technicians: list[BoardTechnician]
    visits: list[VisitCard]
    unassigned: list[UUID]
    at_risk: list[UUID]
    plans: list[BoardPlan]

    @classmethod
    def of(cls, board: Board) -> Self:
        return cls(
            territory=BoardTerritory.model_validate(board.territory),
            day=board.day,
            starts_at=board.starts_at,
            ends_at=board.ends_at,
            now=board.now,
            technicians=_technicians(board),
            visits=[VisitCard.of(card) for card in board.cards],
            unassigned=[card.visit.id for card in board.cards if not card.seats],
            at_risk=[card.visit.id for card in board.cards if card.visit.at_risk],
            plans=[BoardPlan.model_validate(plan) for plan in board.plans],
        )


def _technicians(board: Board) -> list[BoardTechnician]:
    visits: dict[UUID, list[UUID]] = {}
    for card in board.cards:
        for seat in card.seats:
            if seat.row.starts_at < board.ends_at and seat.row.ends_at > board.starts_at:
                visits.setdefault(seat.row.technician_id, []).append(card.visit.id)
    offers: dict[UUID, list[BoardOffer]] = {}
    for offer in board.offers:
        shape = BoardOffer.model_validate(offer)
        offers.setdefault(offer.technician_id, []).append(shape)
    return [
        BoardTechnician(
            id=person.technician.id,
            name=person.technician.name,
            phone=person.technician.phone,
            employment=person.technician.employment,
            on_duty=person.technician.on_duty,
            latitude=person.technician.latitude,
            longitude=person.technician.longitude,
            position=(
                None if person.position is None else BoardPosition.model_validate(person.position)
            ),
            skills=[BoardSkill.model_validate(skill) for skill in person.skills],
            shifts=[BoardShift.model_validate(shift) for shift in person.shifts],
            absences=[BoardAbsence.model_validate(away) for away in person.absences],
            visit_ids=visits.get(person.technician.id, []),
            offers=offers.get(person.technician.id, []),
        )
        for person in board.technicians
    ]
