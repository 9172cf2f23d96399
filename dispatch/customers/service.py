"""Changing customers, sites and keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.accounts.addresses import (
    Address,
    AddressKind,
    normalize_email,
    normalize_phone,
)
from dispatch.customers import queries
from dispatch.customers.lifecycle import CustomerKind, PositionBy, PreferredChannel
from dispatch.customers.models import (
    Customer,
    Site,
    SiteKey,
    SiteKeyView,
)
from dispatch.customers.places import check_position, check_time_zone
from dispatch.customers.ports import territory_rule
from dispatch.geocoding import service as geocoding
from kernel import clock
from kernel.errors import Invalid
from kernel.geo import Point
from kernel.principal import Principal


def create_customer(
    session: Session,
    *,
    name: str,
    kind: CustomerKind = CustomerKind.PERSON,
    email: str | None = None,
    phone: str | None = None,
    locale: str = "en",
    channel: PreferredChannel | None = None,
    consent_marketing: bool = False,
    vulnerable: bool = False,
    notes: str = "",
    preferred_technician_id: UUID | None = None,
    external_id: str | None = None,
) -> Customer:
    """Without a channel: SMS where there is a phone number, otherwise e-mail."""
    customer = Customer(
        name=_some_name(name),
        kind=kind,
        email=normalize_email(email) if email else None,
        phone=normalize_phone(phone) if phone else None,
        locale=locale,
        channel=channel or (PreferredChannel.SMS if phone else PreferredChannel.EMAIL),
        consent_marketing=consent_marketing,
        vulnerable=vulnerable,
        notes=notes,
        preferred_technician_id=preferred_technician_id,
        external_id=external_id,
    )
    session.add(customer)
    session.flush()
    return customer


def update_customer(session: Session, customer: Customer, changes: Mapping[str, Any]) -> Customer:
    """Set the named columns; e-mail address and phone number are brought into one form."""
    values = dict(changes)
    if "name" in values:
        values["name"] = _some_name(values["name"])
    if "email" in values:
        values["email"] = normalize_email(values["email"]) if values["email"] else None
    if "phone" in values:
        values["phone"] = normalize_phone(values["phone"]) if values["phone"] else None
    for column, value in values.items():
        setattr(customer, column, value)
    session.flush()
    return customer


def _some_name(name: str) -> str:
    if not name.strip():
        raise Invalid("A customer needs a name.", code="name_missing")
    return name.strip()


def create_site(
    session: Session,
    *,
    customer_id: UUID,
    address: str,
    latitude: float | None = None,
    longitude: float | None = None,
    name: str = "",
    time_zone: str | None = None,
    territory_id: UUID | None = None,
    access_notes: str = "",
    access_notes_confidential: str = "",
    requirements: Mapping[str, Any] | None = None,
    external_id: str | None = None,
) -> Site:
    """Territory and time zone follow from the position unless given.

    Without a position the address is looked up. Raises Invalid `time_zone_missing` when neither
    zone nor territory is there, `position_missing` without a geocoder, and as
    `geocoding.service.locate`.
    """
    queries.get_customer(session, customer_id)
    point, position_by = _position(address, latitude, longitude)
    fit = territory_rule().territory_for(session, point)
    zone = time_zone or (fit.time_zone if fit else None)
    if zone is None:
        raise Invalid("Give the site's time zone.", code="time_zone_missing")
    site = Site(
        customer_id=customer_id,
        name=name,
        address=address,
        latitude=point.latitude,
        longitude=point.longitude,
        position_by=position_by,
        time_zone=check_time_zone(zone),
        territory_id=territory_id or (fit.territory_id if fit else None),
        access_notes=access_notes,
        access_notes_confidential=access_notes_confidential,
        requirements=dict(requirements or {}),
        external_id=external_id,
    )
    session.add(site)
    session.flush()
    return site


def update_site(session: Session, site: Site, changes: Mapping[str, Any]) -> Site:
    """Set the named columns; a site that moves goes to the territory of its new position.

    A position that is named is a person's pin and stays. A site that a geocoder placed follows
    its new address; raises as `geocoding.service.locate`, and nothing is changed.
    """
    values = dict(changes)
    if "time_zone" in values:
        check_time_zone(values["time_zone"])
    if values.keys() & {"latitude", "longitude"}:
        values["position_by"] = PositionBy.PERSON
    elif _is_to_be_found_anew(site, values):
        found = geocoding.locate(values["address"])
        values |= {"latitude": found.latitude, "longitude": found.longitude}
    for column, value in values.items():
        setattr(site, column, value)
    if values.keys() & {"latitude", "longitude"}:
        point = check_position(site.latitude, site.longitude)
        fit = territory_rule().territory_for(session, point)
        site.territory_id = fit.territory_id if fit else None
    session.flush()
    return site


def _position(
    address: str, latitude: float | None, longitude: float | None
) -> tuple[Point, PositionBy]:
    """The pin, or where the geocoder finds the address."""
    if latitude is not None and longitude is not None:
        return check_position(latitude, longitude), PositionBy.PERSON
    if not geocoding.is_on():
        raise Invalid("Set the pin: where is this address?", code="position_missing")
    found = geocoding.locate(address)
    return check_position(found.latitude, found.longitude), PositionBy.GEOCODER


def _is_to_be_found_anew(site: Site, values: Mapping[str, Any]) -> bool:
    return (
        values.get("address", site.address) != site.address
        and site.position_by is PositionBy.GEOCODER
        and geocoding.is_on()
    )


def add_key(
    session: Session,
    site_id: UUID,
    *,
    label: str,
    secret: str,
    valid_from: datetime,
    valid_until: datetime,
) -> SiteKey:
    queries.get_site(session, site_id)
    if valid_until <= valid_from:
        raise Invalid("The key must be valid for some time.", code="empty_period")
    key = SiteKey(
        site_id=site_id,
        label=label,
        secret=secret,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    session.add(key)
    session.flush()
    return key


@dataclass(frozen=True)
class ShownKey:
    """A key as a person sees it: without the secret while it is not valid."""

    id: UUID
    label: str
    secret: str | None
    valid_from: datetime
    valid_until: datetime


def view_keys(session: Session, site_id: UUID, viewer: Principal) -> list[ShownKey]:
    """The keys of a site; each secret shown is recorded in a SiteKeyView."""
    queries.get_site(session, site_id)
    at = clock.now(session)
    shown = []
    for key in queries.list_keys(session, site_id):
        valid = key.valid_from <= at < key.valid_until
        if valid:
            session.add(
                SiteKeyView(
                    site_key_id=key.id,
                    account_id=viewer.account_id,
                    viewer=viewer.actor,
                    viewed_at=at,
                )
            )
        secret = key.secret if valid else None
        shown.append(ShownKey(key.id, key.label, secret, key.valid_from, key.valid_until))
    session.flush()
    return shown


class CustomerDirectory:
    """The accounts' SubjectDirectory."""

    def customer_for(
        self, session: Session, address: Address, name: str | None, locale: str
    ) -> UUID:
        known = queries.find_customer_at(session, address)
        if known is not None:
            return known.id
        is_email = address.kind is AddressKind.EMAIL
        created = create_customer(
            session,
            name=name or address.value,
            email=address.value if is_email else None,
            phone=None if is_email else address.value,
            locale=locale,
        )
        return created.id
