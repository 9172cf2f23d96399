"""Tables of business calendars, service-level policies and agreements."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Record
from kernel.settings import settings


class Calendar(Record):
    """Weekly opening hours in one time zone, closed on the public holidays of one region.

    `weekly` holds seven lists, Monday first, of ["HH:MM", "HH:MM"]; "24:00" ends a day.
    `region` is a country and subdivision such as "DE-BE"; None knows no holidays.
    """

    __tablename__ = "calendars"

    name: Mapped[str] = mapped_column(unique=True)
    time_zone: Mapped[str]
    weekly: Mapped[list[list[list[str]]]] = mapped_column(JSONB)
    region: Mapped[str | None]


class SlaPolicy(Record):
    """Minutes from the report to each answer; a clock without minutes does not run.

    Being late costs `penalty_cents` at once and `cents` of each of `penalty_steps`
    ([{minutes, cents}]) so many minutes later, never more than `penalty_cap_cents` in all.
    """

    __tablename__ = "sla_policies"
    __table_args__ = (
        CheckConstraint("respond_minutes > 0", name="respond_positive"),
        CheckConstraint("arrive_minutes > 0", name="arrive_positive"),
        CheckConstraint("resolve_minutes > 0", name="resolve_positive"),
        CheckConstraint("penalty_cents >= 0", name="penalty_not_negative"),
        CheckConstraint("penalty_cap_cents >= 0", name="penalty_cap_not_negative"),
    )

    name: Mapped[str] = mapped_column(unique=True)
    calendar_id: Mapped[UUID | None] = mapped_column(ForeignKey("calendars.id"))
    """None counts day and night."""
    respond_minutes: Mapped[int | None]
    arrive_minutes: Mapped[int | None]
    resolve_minutes: Mapped[int | None]
    penalty_cents: Mapped[int] = mapped_column(default=0)
    penalty_steps: Mapped[list[dict[str, Any]]] = mapped_column(
        default=list, server_default=text("'[]'")
    )
    penalty_cap_cents: Mapped[int | None]
    """None: all steps together."""
    currency: Mapped[str] = mapped_column(default=lambda: settings().currency)

    @property
    def penalty(self) -> dict[str, Any] | None:
        """What an order keeps of it; None where being late costs nothing."""
        whole = self.penalty_cents + sum(step["cents"] for step in self.penalty_steps)
        if whole == 0:
            return None
        cap = whole if self.penalty_cap_cents is None else min(whole, self.penalty_cap_cents)
        return {"cents": self.penalty_cents, "steps": self.penalty_steps, "cap_cents": cap}


class Agreement(Record):
    """What one customer has bought: work types covered, how fast, how often, how long."""

    __tablename__ = "agreements"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("visits_left >= 0", name="visits_left_not_negative"),
        Index(None, "customer_id"),
    )

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    name: Mapped[str]
    sla_policy_id: Mapped[UUID | None] = mapped_column(ForeignKey("sla_policies.id"))
    covers: Mapped[list[str]] = mapped_column(default=list)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    visits_left: Mapped[int | None]
    """None is unlimited."""
