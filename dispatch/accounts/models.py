"""The table of accounts: people who can sign in."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Record


class Account(Record):
    """`subject_id` is the customer, technician or provider that this account acts for."""

    __tablename__ = "accounts"
    __audit_secret__: ClassVar[set[str]] = {"password_hash"}
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("cardinality(roles) > 0", name="some_role"),
    )

    email: Mapped[str | None] = mapped_column(unique=True)
    phone: Mapped[str | None] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    name: Mapped[str]
    roles: Mapped[list[str]]
    subject_id: Mapped[UUID | None] = mapped_column(index=True)
    locale: Mapped[str] = mapped_column(default="en")
    disabled: Mapped[bool] = mapped_column(default=False)
