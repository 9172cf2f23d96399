"""Reads for a batch of commands: what is known already, and what it will touch."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.models import Assignment
from marketplace.offers.models import Offer
from mobile_api.commands.models import DeviceCommand, FieldDevice
from mobile_api.technician.queries import MINE


def lock_device(session: Session, device_id: UUID) -> FieldDevice:
    """The device that was just registered, locked: one batch of a phone at a time."""
    return session.scalars(
        select(FieldDevice)
        .where(FieldDevice.device_id == device_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def list_known(
    session: Session, device_id: UUID, seqs: Collection[int]
) -> dict[int, DeviceCommand]:
    """The commands among `seqs` that have been dealt with, by sequence number."""
    rows = session.scalars(
        select(DeviceCommand).where(
            DeviceCommand.device_id == device_id, DeviceCommand.seq.in_(seqs)
        )
    )
    return {row.seq: row for row in rows}


def list_touched_visits(
    session: Session,
    technician_id: UUID,
    visit_ids: Collection[UUID],
    offer_ids: Collection[UUID],
) -> set[UUID]:
    """The technician's own visits among those named, and the visits of the offers named."""
    own = select(Assignment.visit_id).where(
        Assignment.visit_id.in_(visit_ids),
        Assignment.technician_id == technician_id,
        Assignment.status.in_(MINE),
    )
    offered = select(Offer.visit_id).where(
        Offer.id.in_(offer_ids), Offer.technician_id == technician_id
    )
    return {*session.scalars(own), *session.scalars(offered)}
