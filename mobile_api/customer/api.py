"""HTTP for the customer's pages; only one's own, and behind a link only that one record."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from iot_ingest.credits.queries import list_of_customer
from kernel.auth import Anybody
from kernel.clock import now
from kernel.http import Router, Session, Turns, only_reads
from mobile_api.customer import queries, service, views
from mobile_api.customer.access import CustomerId, LinkOrCustomer
from mobile_api.customer.schemas import (
    AlertAnswerGiven,
    AlertShown,
    AssetMine,
    BookingShown,
    Cancel,
    CatalogEntry,
    CreditMine,
    CustomerMe,
    Held,
    PinMoved,
    RatingGiven,
    RatingShown,
    SiteMine,
    Track,
    VisitMine,
    WindowShown,
    WindowWanted,
    WorkRequest,
    WorkRequested,
)
from mobile_api.values import Day

router = Router(prefix="/api/customer", tags=["customer"])
one_by_one = Depends(Turns("holds", lambda: 1), scope="function")
"""A hold asks the database two dozen times: one at a time in each process, so that whoever only
looks shares it with one and not with several."""


@router.get("/me")
def me(customer_id: CustomerId, session: Session) -> CustomerMe:
    """Who is signed in, with places and equipment."""
    customer = queries.get_customer(session, customer_id)
    return CustomerMe(
        id=customer.id,
        name=customer.name,
        email=customer.email,
        phone=customer.phone,
        locale=customer.locale,
        now=now(session),
        sites=[SiteMine.model_validate(s) for s in queries.list_sites(session, customer_id)],
        assets=[AssetMine.model_validate(a) for a in queries.list_assets(session, customer_id)],
    )


@router.put("/sites/{site_id}/position")
def move_pin(site_id: UUID, pin: PinMoved, customer_id: CustomerId, session: Session) -> SiteMine:
    """Say where one of one's places really is."""
    site = service.move_pin(session, customer_id, site_id, pin.latitude, pin.longitude)
    return SiteMine.model_validate(site)


@router.get("/catalog")
def catalog(anybody: Anybody, session: Session) -> list[CatalogEntry]:
    """What can be booked, with questions and price."""
    return [views.catalog_entry(kind) for kind in queries.list_catalog(session)]


@router.post("/requests", status_code=201)
def request_work(wanted: WorkRequest, customer_id: CustomerId, session: Session) -> WorkRequested:
    """Say what is wrong; the date is chosen next."""
    order, visit = service.request_work(
        session,
        customer_id,
        work_type_code=wanted.work_type_code,
        site=views.place_wanted(wanted),
        asset_id=wanted.asset_id,
        description=wanted.description,
        answers=wanted.answers,
    )
    return WorkRequested(work_order_id=order.id, work_order_number=order.number, visit_id=visit.id)


@router.get("/credits")
def list_credits(customer_id: CustomerId, session: Session) -> list[CreditMine]:
    """What one has good, newest first."""
    return [CreditMine.model_validate(one) for one in list_of_customer(session, customer_id)]


@router.get("/visits")
def list_visits(customer_id: CustomerId, session: Session) -> list[VisitMine]:
    """One's visits, newest first."""
    return [views.visit_mine(own) for own in queries.list_visits(session, customer_id)]


@router.get("/visits/{visit_id}")
def track(visit_id: UUID, visitor: LinkOrCustomer, session: Session) -> Track:
    """Follow one visit; the position only while the technician is en route here."""
    own = queries.get_visit(session, visitor, visit_id)
    return views.track(
        own,
        queries.find_technician(session, visit_id),
        queries.find_position(session, visitor, visit_id),
        now(session),
    )


@router.get("/visits/{visit_id}/windows")
@only_reads
def windows(
    visit_id: UUID,
    visitor: LinkOrCustomer,
    session: Session,
    start: Annotated[Day | None, Query(alias="from", description="today when left out")] = None,
    days: Annotated[int, Query(ge=1, le=14)] = 5,
) -> list[WindowShown]:
    """Windows that can be kept now, best first; then those that would be confirmed by a time."""
    found, tentative = service.windows(session, visitor, visit_id, start, days)
    return [
        *(views.window_shown(window) for window in found),
        *(views.tentative_shown(window) for window in tentative),
    ]


@router.post("/visits/{visit_id}/ask-for-date")
def ask_for_date(
    visit_id: UUID, wanted: WindowWanted, visitor: LinkOrCustomer, session: Session
) -> BookingShown:
    """Choose a window with `confirm_by`: somebody is looked for at once."""
    booking = service.ask_for_date(
        session, visitor, visit_id, wanted.window_start, wanted.window_end
    )
    return BookingShown.model_validate(booking)


@router.post("/visits/{visit_id}/hold", dependencies=[one_by_one])
def hold(visit_id: UUID, wanted: WindowWanted, visitor: LinkOrCustomer, session: Session) -> Held:
    """Keep a window for some minutes."""
    held = service.hold(session, visitor, visit_id, wanted.window_start, wanted.window_end)
    return Held.model_validate(held)


@router.post("/visits/{visit_id}/confirm")
def confirm(visit_id: UUID, visitor: LinkOrCustomer, session: Session) -> BookingShown:
    """Book the window that is held."""
    return BookingShown.model_validate(service.confirm(session, visitor, visit_id))


@router.post("/visits/{visit_id}/reschedule", dependencies=[one_by_one])
def reschedule(
    visit_id: UUID, wanted: WindowWanted, visitor: LinkOrCustomer, session: Session
) -> BookingShown:
    """Move the booked window."""
    booking = service.reschedule(session, visitor, visit_id, wanted.window_start, wanted.window_end)
    return BookingShown.model_validate(booking)


@router.post("/visits/{visit_id}/cancel")
def cancel(visit_id: UUID, wanted: Cancel, visitor: LinkOrCustomer, session: Session) -> VisitMine:
    """Call the visit off."""
    service.cancel(session, visitor, visit_id, wanted.reason)
    return views.visit_mine(queries.get_visit(session, visitor, visit_id))


@router.post("/visits/{visit_id}/rate", status_code=201)
def rate(
    visit_id: UUID, wanted: RatingGiven, visitor: LinkOrCustomer, session: Session
) -> RatingShown:
    """Say how it went."""
    return RatingShown.model_validate(
        service.rate(session, visitor, visit_id, **wanted.model_dump())
    )


@router.get("/alerts/{alert_id}")
def alert(alert_id: UUID, visitor: LinkOrCustomer, session: Session) -> AlertShown:
    """What a device reported, and the choices."""
    return views.alert_shown(service.open_alert(session, visitor, alert_id))


@router.post("/alerts/{alert_id}/answer")
def answer_alert(
    alert_id: UUID, wanted: AlertAnswerGiven, visitor: LinkOrCustomer, session: Session
) -> AlertShown:
    """Choose a slot, or let it be where that is allowed."""
    page = service.answer_alert(session, visitor, alert_id, wanted.choice, wanted.window)
    return views.alert_shown(page)
