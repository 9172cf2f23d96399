"""SELECTs over calendars, policies and agreements."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, any_, select
from sqlalchemy.orm import Session

from dispatch.sla.business_time import OpeningHours
from dispatch.sla.models import Agreement, Calendar, SlaPolicy
from kernel.db import get


def select_calendars() -> Select[Calendar]:
    return select(Calendar)


def select_policies() -> Select[SlaPolicy]:
    return select(SlaPolicy)


def select_agreements(customer_id: UUID | None = None) -> Select[Agreement]:
    statement = select(Agreement)
    if customer_id is not None:
        statement = statement.where(Agreement.customer_id == customer_id)
    return statement


def find_policy_named(session: Session, name: str) -> SlaPolicy | None:
    return session.scalar(select(SlaPolicy).where(SlaPolicy.name == name))


def get_policy(session: Session, policy_id: UUID) -> SlaPolicy:
    return get(session, SlaPolicy, policy_id)


def opening_hours(session: Session, calendar_id: UUID | None) -> OpeningHours | None:
    """None when the clock counts day and night."""
    if calendar_id is None:
        return None
    calendar = get(session, Calendar, calendar_id)
    return OpeningHours.read(calendar.time_zone, calendar.weekly, calendar.region)


def list_agreements_in_force(
    session: Session, customer_id: UUID, work_type_code: str, day: date
) -> Sequence[Agreement]:
    """Agreements that cover this kind of work on that day, the one that ends first first."""
    return session.scalars(
        select(Agreement)
        .where(
            Agreement.customer_id == customer_id,
            Agreement.starts_on <= day,
            Agreement.ends_on >= day,
            any_(Agreement.covers) == work_type_code,
        )
        .order_by(Agreement.ends_on, Agreement.id)
    ).all()
