"""Customers and their sites, for the office."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from dispatch.accounts.access import Office, Planner
from dispatch.customers import queries, service
from dispatch.customers.models import Customer, Site, SiteKey, SiteKeyView
from dispatch.customers.ports import TimelineEntry
from dispatch.customers.schemas import (
    CustomerIn,
    CustomerOut,
    CustomerPatch,
    ShownKeyOut,
    SiteIn,
    SiteKeyIn,
    SiteKeyOut,
    SiteKeyViewOut,
    SiteOut,
    SitePatch,
    SiteWithConfidential,
    TimelineEntryOut,
)
from kernel.http import IfMatch, Page, Router, Session, ensure_version, paginate, set_etag
from kernel.shapes import page_of

router = Router(prefix="/api", tags=["customers"])


@router.get("/customers")
def list_customers(
    session: Session,
    _: Office,
    q: Annotated[str | None, Query(max_length=200)] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[CustomerOut]:
    """`q` finds parts of a name, phone number, e-mail address or site address."""
    statement = queries.customers_matching(q)
    return page_of(
        CustomerOut,
        paginate(session, statement, Customer.id, cursor, limit, newest_first=True),
    )


@router.post("/customers", response_model=CustomerOut, status_code=201)
def create_customer(body: CustomerIn, session: Session, _: Office, response: Response) -> Customer:
    customer = service.create_customer(session, **body.model_dump())
    set_etag(response, customer.version)
    return customer


@router.get("/customers/{customer_id}", response_model=CustomerOut)
def get_customer(customer_id: UUID, session: Session, _: Office, response: Response) -> Customer:
    customer = queries.get_customer(session, customer_id)
    set_etag(response, customer.version)
    return customer


@router.patch("/customers/{customer_id}", response_model=CustomerOut)
def update_customer(
    customer_id: UUID,
    body: CustomerPatch,
    session: Session,
    _: Office,
    seen: IfMatch,
    response: Response,
) -> Customer:
    customer = queries.get_customer(session, customer_id)
    ensure_version(customer, seen)
    service.update_customer(session, customer, body.changes())
    set_etag(response, customer.version)
    return customer


@router.get("/customers/{customer_id}/timeline", response_model=list[TimelineEntryOut])
def timeline(
    customer_id: UUID,
    session: Session,
    _: Office,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[TimelineEntry]:
    """Everything that happened with the customer, newest first."""
    return queries.timeline(session, customer_id, limit)


@router.get("/customers/{customer_id}/sites", response_model=list[SiteOut])
def list_sites(customer_id: UUID, session: Session, _: Office) -> list[Site]:
    queries.get_customer(session, customer_id)
    return queries.list_sites(session, customer_id)


@router.post("/customers/{customer_id}/sites", response_model=SiteOut, status_code=201)
def create_site(
    customer_id: UUID, body: SiteIn, session: Session, _: Office, response: Response
) -> Site:
    site = service.create_site(session, customer_id=customer_id, **body.model_dump())
    set_etag(response, site.version)
    return site


@router.get("/sites/{site_id}", response_model=SiteWithConfidential)
def get_site(site_id: UUID, session: Session, _: Planner, response: Response) -> Site:
    """With the confidential access notes."""
    site = queries.get_site(session, site_id)
    set_etag(response, site.version)
    return site


@router.patch("/sites/{site_id}", response_model=SiteOut)
def update_site(
    site_id: UUID,
    body: SitePatch,
    session: Session,
    _: Office,
    seen: IfMatch,
    response: Response,
) -> Site:
    site = queries.get_site(session, site_id)
    ensure_version(site, seen)
    service.update_site(session, site, body.changes())
    set_etag(response, site.version)
    return site


@router.post("/sites/{site_id}/keys", response_model=SiteKeyOut, status_code=201)
def add_key(site_id: UUID, body: SiteKeyIn, session: Session, _: Office) -> SiteKey:
    return service.add_key(session, site_id, **body.model_dump())


@router.get("/sites/{site_id}/keys", response_model=list[ShownKeyOut])
def view_keys(site_id: UUID, session: Session, principal: Planner) -> list[service.ShownKey]:
    """Shows the secrets; who looked is recorded."""
    return service.view_keys(session, site_id, principal)


@router.get("/sites/{site_id}/key-views", response_model=list[SiteKeyViewOut])
def list_key_views(site_id: UUID, session: Session, _: Planner) -> list[SiteKeyView]:
    """Who was shown a key of the site, newest first."""
    queries.get_site(session, site_id)
    return queries.list_key_views(session, site_id)
