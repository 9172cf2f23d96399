"""The table of assets: equipment at a site."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Record


class Asset(Record):
    """`warranty_until` is the last day covered; `criticality` goes from 1 to 5 (worst to lose)."""

    __tablename__ = "assets"
    __table_args__ = (
        CheckConstraint("criticality BETWEEN 1 AND 5", name="criticality"),
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
    )

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), index=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("assets.id"), index=True)
    name: Mapped[str]
    model: Mapped[str] = mapped_column(default="")
    serial: Mapped[str] = mapped_column(default="", index=True)
    criticality: Mapped[int] = mapped_column(default=3)
    installed_on: Mapped[date | None]
    warranty_until: Mapped[date | None]
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)
