"""Tables of customers, their sites, and the keys and codes that open them."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.customers.lifecycle import CustomerKind, PositionBy, PreferredChannel
from kernel.db import Record, enum_of


def trigram_index(table: str, column: str) -> Index:
    """Serves ILIKE with a wildcard at both ends."""
    return Index(
        f"ix_{table}_{column}_trgm",
        column,
        postgresql_using="gin",
        postgresql_ops={column: "gin_trgm_ops"},
    )


class Customer(Record):
    __tablename__ = "customers"
    __table_args__ = (
        trigram_index("customers", "name"),
        trigram_index("customers", "email"),
        trigram_index("customers", "phone"),
    )

    name: Mapped[str]
    kind: Mapped[CustomerKind] = mapped_column(enum_of(CustomerKind), default=CustomerKind.PERSON)
    email: Mapped[str | None] = mapped_column(index=True)
    phone: Mapped[str | None] = mapped_column(index=True)
    locale: Mapped[str] = mapped_column(default="en")
    channel: Mapped[PreferredChannel] = mapped_column(
        enum_of(PreferredChannel), default=PreferredChannel.SMS
    )
    consent_marketing: Mapped[bool] = mapped_column(default=False)
    vulnerable: Mapped[bool] = mapped_column(default=False)
    notes: Mapped[str] = mapped_column(default="")
    # Technicians lie to the right of customers, so this points there without a foreign key.
    preferred_technician_id: Mapped[UUID | None]


class Site(Record):
    """`requirements` holds what every visit here inherits:
    `{"skills": [{"skill", "level"}], "credentials": [kind], "languages": [code]}`."""

    __tablename__ = "sites"
    # fewer people may read it than may read the history of a site
    __audit_secret__: ClassVar[set[str]] = {"access_notes_confidential"}
    __table_args__ = (
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
        trigram_index("sites", "address"),
    )

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    name: Mapped[str] = mapped_column(default="")
    address: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]
    position_by: Mapped[PositionBy] = mapped_column(
        enum_of(PositionBy), default=PositionBy.PERSON, server_default="person"
    )
    time_zone: Mapped[str]
    # Territories lie to the right of customers, so this points there without a foreign key.
    territory_id: Mapped[UUID | None] = mapped_column(index=True)
    access_notes: Mapped[str] = mapped_column(default="")
    access_notes_confidential: Mapped[str] = mapped_column(default="")
    requirements: Mapped[dict[str, Any]] = mapped_column(default=dict)


class SiteKey(Record):
    """A key or access code, usable in `[valid_from, valid_until)`."""

    __tablename__ = "site_keys"
    __audit_secret__: ClassVar[set[str]] = {"secret"}
    __table_args__ = (CheckConstraint("valid_until > valid_from", name="validity"),)

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), index=True)
    label: Mapped[str]
    secret: Mapped[str]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]


class SiteKeyView(Record):
    """Somebody was shown a key."""

    __tablename__ = "site_key_views"

    site_key_id: Mapped[UUID] = mapped_column(ForeignKey("site_keys.id"), index=True)
    account_id: Mapped[UUID | None]
    viewer: Mapped[str]
    viewed_at: Mapped[datetime]
