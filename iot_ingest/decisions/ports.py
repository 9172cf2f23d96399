"""What decisions need from those who know models, and from those who reach devices."""

from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from kernel.ports import Port


class ModelMayOpenOrders(Protocol):
    """Whether the model of that name has a passing card, so that its alerts may act."""

    def __call__(self, session: Session, model_name: str) -> bool: ...


def no_model_may(session: Session, model_name: str) -> bool:
    """Where nobody knows models, every alert of one needs review first."""
    return False


model_may_open_orders: Port[ModelMayOpenOrders] = Port("decisions.model_may_open_orders")
model_may_open_orders.wire(no_model_may)


class RemoteFix(Protocol):
    """Send a command to a device; False when it cannot take it. Sent twice is safe."""

    def __call__(self, session: Session, device_id: UUID, command: str) -> bool: ...


def no_remote_fix(session: Session, device_id: UUID, command: str) -> bool:
    """Where devices take no commands."""
    return False


remote_fix: Port[RemoteFix] = Port("decisions.remote_fix")
remote_fix.wire(no_remote_fix)
