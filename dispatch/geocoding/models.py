"""The table of what geocoders answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class GeocodedAddress(Base):
    """The places a geocoder gave for an address, none where it knew none.

    A cache: losing rows costs questions, nothing else. A person's pin is the site's own position.
    """

    __tablename__ = "geocoded_addresses"
    __table_args__ = (Index("ix_geocoded_addresses_geocoder_asked_at", "geocoder", "asked_at"),)

    geocoder: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    """In one spelling: lower case, single spaces."""
    places: Mapped[list[dict[str, Any]]]
    asked_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
