"""What decisions need from those who know models."""

from typing import Protocol

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
