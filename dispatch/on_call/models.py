"""Tables of rotas, of changes to them, and of call-outs."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.on_call.lifecycle import CALL_OUT, DUTY_CHANGE, CallOutStatus, ChangeStatus
from kernel.db import Record, enum_of, guard_moves


class Rota(Record):
    """Who takes turns for the emergencies of a territory that need no more than its `skills`.

    Turns change at `hand_over_minute` of the local day, every day, or on `weekday` (Monday 0).
    Whoever is called out has `accept_minutes` to accept before the next is asked.
    """

    __tablename__ = "rotas"
    __table_args__ = (
        CheckConstraint("hand_over_minute BETWEEN 0 AND 1439", name="hand_over"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("accept_minutes > 0", name="accept"),
    )

    name: Mapped[str] = mapped_column(unique=True)
    territory_id: Mapped[UUID] = mapped_column(ForeignKey("territories.id"), index=True)
    time_zone: Mapped[str]
    skills: Mapped[list[str]] = mapped_column(default=list)
    hand_over_minute: Mapped[int] = mapped_column(default=480)
    weekday: Mapped[int | None]
    starts_on: Mapped[date]
    accept_minutes: Mapped[int] = mapped_column(default=10)
    active: Mapped[bool] = mapped_column(default=True)
    members: Mapped[list["RotaMember"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="RotaMember.position"
    )


class RotaMember(Record):
    """One technician's place in the order of a rota."""

    __tablename__ = "rota_members"
    __table_args__ = (UniqueConstraint("rota_id", "technician_id"),)

    rota_id: Mapped[UUID] = mapped_column(ForeignKey("rotas.id"))
    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technicians.id"), index=True)
    position: Mapped[int]


class DutyChange(Record):
    """Somebody else has the duty for a time: an exception of the office, or a swap that
    `asked_by_id` asked for; it counts once accepted."""

    __tablename__ = "duty_changes"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="order"),
        Index(None, "rota_id", "ends_at"),
    )

    rota_id: Mapped[UUID] = mapped_column(ForeignKey("rotas.id"))
    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technicians.id"), index=True)
    asked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("technicians.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")
    status: Mapped[ChangeStatus] = mapped_column(enum_of(ChangeStatus))


class CallOut(Record):
    """A technician on call is asked to go to a visit now, until `accept_by`."""

    __tablename__ = "call_outs"
    __table_args__ = (
        UniqueConstraint("visit_id", "technician_id"),
        Index(
            "uq_call_outs_open",
            "visit_id",
            unique=True,
            postgresql_where=text("status IN ('asked', 'accepted')"),
        ),
        Index(None, "technician_id", "status"),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"))
    rota_id: Mapped[UUID] = mapped_column(ForeignKey("rotas.id"))
    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technicians.id"))
    status: Mapped[CallOutStatus] = mapped_column(enum_of(CallOutStatus))
    accept_by: Mapped[datetime]
    answered_at: Mapped[datetime | None]


guard_moves(DutyChange, "status", DUTY_CHANGE)
guard_moves(CallOut, "status", CALL_OUT)
