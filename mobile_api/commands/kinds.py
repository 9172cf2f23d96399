"""The kinds of command a phone may queue: what each carries and which action it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from dispatch.scheduling.moves.delays import announce_late
from dispatch.technicians import service as technicians
from dispatch.technicians.lifecycle import AbsenceKind
from dispatch.work_orders.lifecycle import VisitStatus
from kernel.facts import Facts
from marketplace.confirmations import service as confirmations
from marketplace.offers import service as offers
from mobile_api.technician import service
from mobile_api.values import Moment, Reason


class Command(BaseModel):
    """One command: its place in the phone's queue, its own id, and what it asks for.

    `at` is the phone's clock: kept for the record, never trusted.
    """

    model_config = ConfigDict(extra="ignore")

    seq: Annotated[int, Field(ge=1, le=2**53)]
    id: Annotated[str, Field(min_length=1, max_length=100)]
    kind: Annotated[str, Field(max_length=50)]
    visit_id: UUID | None = None
    at: datetime | None = None
    payload: dict[str, Any] = {}


class _Payload(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class MovePayload(_Payload):
    """A step of the visit."""

    visit_id: UUID
    to: VisitStatus
    reason: Reason | None = None
    report: Facts | None = None
    verdict: Annotated[str, Field(max_length=100)] | None = None


class BackOutPayload(_Payload):
    """Giving the visit back."""

    visit_id: UUID
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class LatePayload(_Payload):
    """So many minutes from the moment the command arrives."""

    visit_id: UUID
    minutes: Annotated[int, Field(ge=1, le=720)]
    reason: Reason = ""


class DutyPayload(_Payload):
    """The duty switch."""

    on_duty: bool


class OfferPayload(_Payload):
    """An answer to an offer."""

    offer_id: UUID
    reason: Reason = ""


class ConfirmationPayload(_Payload):
    """The answer of the evening before; a no says why."""

    confirmation_id: UUID
    coming: bool
    reason: Reason = ""


class AbsencePayload(_Payload):
    """Time away."""

    starts_at: Moment
    ends_at: Moment
    kind: AbsenceKind
    reason: Reason = ""


def _move(session: Session, technician_id: UUID, wanted: MovePayload) -> None:
    service.make_move(
        session,
        technician_id,
        wanted.visit_id,
        wanted.to,
        reason=wanted.reason,
        report=wanted.report,
        verdict=wanted.verdict,
    )


def _back_out(session: Session, technician_id: UUID, wanted: BackOutPayload) -> None:
    service.back_out(session, technician_id, wanted.visit_id, wanted.reason)


def _late(session: Session, technician_id: UUID, wanted: LatePayload) -> None:
    announce_late(session, wanted.visit_id, technician_id, wanted.minutes, wanted.reason)


def _duty(session: Session, technician_id: UUID, wanted: DutyPayload) -> None:
    service.set_duty(session, technician_id, on_duty=wanted.on_duty)


def _viewed(session: Session, technician_id: UUID, wanted: OfferPayload) -> None:
    offers.mark_viewed(session, wanted.offer_id, technician_id)


def _accept(session: Session, technician_id: UUID, wanted: OfferPayload) -> None:
    offers.accept(session, wanted.offer_id, technician_id)


def _decline(session: Session, technician_id: UUID, wanted: OfferPayload) -> None:
    offers.decline(session, wanted.offer_id, technician_id, wanted.reason)


def _confirmation(session: Session, technician_id: UUID, wanted: ConfirmationPayload) -> None:
    if wanted.coming:
        confirmations.confirm(session, wanted.confirmation_id, technician_id)
    else:
        confirmations.decline(session, wanted.confirmation_id, technician_id, wanted.reason)


def _absence(session: Session, technician_id: UUID, wanted: AbsencePayload) -> None:
    technicians.report_own_absence(
        session, technician_id, wanted.starts_at, wanted.ends_at, wanted.kind, wanted.reason
    )


@dataclass(frozen=True)
class Kind:
    """The shape of a payload and the action; `about_visit` takes the visit from the envelope."""

    shape: type[BaseModel]
    act: Callable[[Session, UUID, Any], None]
    about_visit: bool = False

    def run(self, session: Session, technician_id: UUID, command: Command) -> None:
        """Raises ValidationError for a payload that does not fit, else what the action raises."""
        payload: Mapping[str, Any] = command.payload
        if self.about_visit:
            payload = {**payload, "visit_id": command.visit_id}
        self.act(session, technician_id, self.shape.model_validate(payload))


KINDS: dict[str, Kind] = {
    "move": Kind(MovePayload, _move, about_visit=True),
    "back_out": Kind(BackOutPayload, _back_out, about_visit=True),
    "late": Kind(LatePayload, _late, about_visit=True),
    "duty": Kind(DutyPayload, _duty),
    "offer_viewed": Kind(OfferPayload, _viewed),
    "offer_accept": Kind(OfferPayload, _accept),
    "offer_decline": Kind(OfferPayload, _decline),
    "confirmation": Kind(ConfirmationPayload, _confirmation),
    "absence": Kind(AbsencePayload, _absence),
}
"""Positions are missing on purpose: one that waited in a queue says nothing about now."""
