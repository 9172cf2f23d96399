"""Writes of work types."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.sla.models import SlaPolicy
from dispatch.work_orders.models import WorkType
from kernel.db import get
from kernel.errors import Invalid
from kernel.settings import settings


def create_work_type(
    session: Session,
    *,
    code: str,
    name: str,
    expected_minutes: int,
    p80_minutes: int | None = None,
    sla_policy_id: UUID | None = None,
    currency: str | None = None,
    **rest: Any,
) -> WorkType:
    """Without p80_minutes, four of five are taken to need at most a half more than expected.

    `rest` are the other columns of WorkType. Raises Invalid `duration`.
    """
    _check_policy(session, sla_policy_id)
    p80 = p80_minutes or expected_minutes * 3 // 2
    _check_minutes(expected_minutes, p80)
    work_type = WorkType(
        code=code,
        name=name,
        expected_minutes=expected_minutes,
        p80_minutes=p80,
        sla_policy_id=sla_policy_id,
        currency=currency or settings().currency,
        **rest,
    )
    session.add(work_type)
    session.flush()
    return work_type


def edit_work_type(session: Session, work_type: WorkType, changes: Mapping[str, Any]) -> WorkType:
    """Orders that exist keep what they were opened with."""
    for name, value in changes.items():
        setattr(work_type, name, value)
    _check_policy(session, work_type.sla_policy_id)
    _check_minutes(work_type.expected_minutes, work_type.p80_minutes)
    session.flush()
    return work_type


def _check_policy(session: Session, policy_id: UUID | None) -> None:
    if policy_id is not None:
        get(session, SlaPolicy, policy_id)


def _check_minutes(expected: int, p80: int) -> None:
    if expected <= 0 or p80 < expected:
        raise Invalid(
            "Work takes some minutes, and p80 is not below what is expected.", code="duration"
        )
