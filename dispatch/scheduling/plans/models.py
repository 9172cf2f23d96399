"""The table of plans."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.scheduling.plans.lifecycle import PLAN, PlanKind, PlanStatus
from kernel.db import Record, enum_of, guard_moves

ASKED = "asked_id"
"""In `Plan.policy`: the policy that a draft was asked to follow instead of those in force."""


class Plan(Record):
    """One optimizer result over a horizon, with everything that replaying it needs.

    `snapshot` is the problem and the versions it was read at; `groups` says for each group of
    technicians which visits moved and which were left to the human who moved first.
    `difference` is what it would change in the schedule, and what a draft that is applied changes.

    A large plan is solved in parts, plans themselves with a `parent_id`: each is confined to its
    `technician_ids` and `visit_ids`. The parent counts those that are not over in `open_parts`.
    """

    __tablename__ = "plans"
    __table_args__ = (
        Index(
            "ix_plans_pending",
            "created_at",
            postgresql_where=text("status IN ('requested', 'solving')"),
        ),
        CheckConstraint("horizon_end > horizon_start", name="horizon"),
        CheckConstraint("limit_seconds > 0", name="limit"),
        CheckConstraint("open_parts >= 0", name="open_parts"),
        Index(None, "parent_id", postgresql_where=text("parent_id IS NOT NULL")),
    )
    __audit_secret__ = {"snapshot", "result", "difference"}

    status: Mapped[PlanStatus] = mapped_column(enum_of(PlanStatus), default=PlanStatus.REQUESTED)
    kind: Mapped[PlanKind] = mapped_column(enum_of(PlanKind), default=PlanKind.PLAN)
    horizon_start: Mapped[datetime]
    horizon_end: Mapped[datetime]
    territory_ids: Mapped[list[UUID]]
    # whose day it is about; none for all others
    technician_id: Mapped[UUID | None]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("plans.id"))
    open_parts: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    is_border: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """A part that looks once more at the routes on both sides of a cut."""
    tries: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    technician_ids: Mapped[list[UUID]] = mapped_column(default=list, server_default=text("'{}'"))
    # what a repair is about, or a part is confined to; empty for all others
    visit_ids: Mapped[list[UUID]] = mapped_column(default=list)
    policy: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """`weights` and `versions` (by territory) that it follows; of a draft for another policy than
    those in force, `ASKED` is that one."""
    seed: Mapped[int] = mapped_column(BigInteger)
    limit_seconds: Mapped[float]
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    score: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    difference: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    unassigned: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    groups: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    travel: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """Where its travel times came from: `{"source", "places", "estimated"}` (pairs)."""
    message: Mapped[str | None]
    requested_by: Mapped[str]
    trigger: Mapped[str]
    solving_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    @property
    def placed(self) -> int:
        """How many visits it moved."""
        return sum(len(group["moved"]) for group in self.groups)

    @property
    def left(self) -> int:
        """How many visits have no place."""
        return sum(not item["stays"] for item in self.unassigned)


guard_moves(Plan, "status", PLAN)
