"""The table of policies."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.scheduling.policies.lifecycle import POLICY, PolicyStatus
from dispatch.scheduling.policies.rules import Rules, rules_from_json
from dispatch.territories.models import Territory
from kernel.db import Record, enum_of, guard_moves


class Policy(Record):
    """One version of a named policy; its rules never change, only whether they are in force.

    Each territory has at most one in force; the one without a territory holds for the rest.
    """

    __tablename__ = "policies"
    __table_args__ = (
        UniqueConstraint("name", "number"),
        Index(
            "uq_policies_active",
            "territory_id",
            unique=True,
            postgresql_where=text("status = 'active'"),
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("number >= 1", name="number"),
    )

    name: Mapped[str]
    number: Mapped[int]
    territory_id: Mapped[UUID | None] = mapped_column(ForeignKey(Territory.id))
    status: Mapped[PolicyStatus] = mapped_column(enum_of(PolicyStatus), default=PolicyStatus.DRAFT)
    note: Mapped[str] = mapped_column(default="")
    made_by: Mapped[str]
    rules_json: Mapped[dict[str, Any]] = mapped_column("rules")

    @property
    def rules(self) -> Rules:
        return rules_from_json(self.rules_json)

    @property
    def label(self) -> str:
        return f"{self.name}@{self.number}"


guard_moves(Policy, "status", POLICY)
