"""Reading customers, sites and keys."""

import re
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from dispatch.accounts.addresses import Address, AddressKind, normalize_phone
from dispatch.customers.models import Customer, Site, SiteKey, SiteKeyView
from dispatch.customers.ports import TimelineEntry, timeline_sources
from kernel.db import get
from kernel.errors import Invalid, NotFound


def get_customer(session: Session, customer_id: UUID) -> Customer:
    return get(session, Customer, customer_id)


def get_site(session: Session, site_id: UUID) -> Site:
    return get(session, Site, site_id)


def get_site_of(session: Session, customer_id: UUID, site_id: UUID) -> Site:
    """NotFound also when the site is another customer's."""
    site = get(session, Site, site_id)
    if site.customer_id != customer_id:
        raise NotFound("site", site_id)
    return site


def list_sites(session: Session, customer_id: UUID) -> list[Site]:
    statement = select(Site).where(Site.customer_id == customer_id).order_by(Site.id)
    return list(session.scalars(statement))


def list_sites_by_id(session: Session, site_ids: Collection[UUID]) -> dict[UUID, Site]:
    sites = session.scalars(select(Site).where(Site.id.in_(site_ids)))
    return {site.id: site for site in sites}


def list_customers_by_id(session: Session, customer_ids: Collection[UUID]) -> dict[UUID, Customer]:
    customers = session.scalars(select(Customer).where(Customer.id.in_(customer_ids)))
    return {customer.id: customer for customer in customers}


def find_customer_at(session: Session, address: Address) -> Customer | None:
    """The oldest customer with this e-mail address or phone number."""
    column = Customer.email if address.kind is AddressKind.EMAIL else Customer.phone
    return session.scalar(
        select(Customer).where(column == address.value).order_by(Customer.id).limit(1)
    )


def customers_matching(words: str | None) -> Select[Customer]:
    """Customers with every word in name, e-mail or a site's address, or with the phone number."""
    statement = select(Customer)
    if not words or not words.strip():
        return statement
    matches = and_(*(_mentions(word) for word in words.split()))
    phone = _phone_in(words)
    if phone:
        matches = or_(matches, Customer.phone.contains(phone, autoescape=True))
    return statement.where(matches)


def _mentions(word: str) -> ColumnElement[bool]:
    at_site = select(Site.customer_id).where(Site.address.icontains(word, autoescape=True))
    return or_(
        Customer.name.icontains(word, autoescape=True),
        Customer.email.icontains(word, autoescape=True),
        Customer.id.in_(at_site),
    )


def _phone_in(words: str) -> str | None:
    """What to look for when somebody typed (part of) a phone number, however it was written."""
    if not re.fullmatch(r"\+?[\d\s()/.-]{4,}", words.strip()):
        return None
    if words.strip()[0] in "+0":
        try:
            return normalize_phone(words)
        except Invalid:
            pass
    return re.sub(r"\D", "", words).lstrip("0") or None


def list_keys(session: Session, site_id: UUID) -> list[SiteKey]:
    statement = select(SiteKey).where(SiteKey.site_id == site_id).order_by(SiteKey.id)
    return list(session.scalars(statement))


def list_key_views(session: Session, site_id: UUID) -> list[SiteKeyView]:
    """Who was shown a key of this site, newest first."""
    statement = (
        select(SiteKeyView)
        .join(SiteKey, SiteKey.id == SiteKeyView.site_key_id)
        .where(SiteKey.site_id == site_id)
        .order_by(SiteKeyView.id.desc())
    )
    return list(session.scalars(statement))


def timeline(session: Session, customer_id: UUID, limit: int = 50) -> list[TimelineEntry]:
    """Everything that happened with a customer, newest first."""
    customer = get_customer(session, customer_id)
    entries = [
        TimelineEntry(customer.created_at, "customer", customer.id, customer.name, "created")
    ]
    for source in timeline_sources():
        entries += source(session, customer_id, limit)
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:limit]
