"""Puts the records of a visit into the shape the phone shows."""

from dispatch.work_orders.models import Visit
from mobile_api.technician.schemas import (
    AssetShown,
    Contact,
    Day,
    DepotShown,
    KeyShown,
    MoveShown,
    PartShown,
    RemedyShown,
    SiteShown,
    VisitSheet,
)
from mobile_api.technician.service import DayPlan, Sheet


def day_shown(plan: DayPlan) -> Day:
    """The agenda."""
    return Day(
        day=plan.day,
        time_zone=plan.time_zone,
        now=plan.now,
        on_duty=plan.on_duty,
        visits=[visit_sheet(sheet) for sheet in plan.sheets],
    )


def visit_sheet(sheet: Sheet) -> VisitSheet:
    """Everything about one's own visit."""
    job = sheet.job
    visit, order = job.visit, job.order
    return VisitSheet(
        **_columns(visit),
        next_moves=[MoveShown.model_validate(m) for m in sheet.moves],
        work_order_id=order.id,
        work_order_number=order.number,
        work_type=job.work_type.name,
        title=order.title,
        description=order.description,
        source=order.source,
        assigned_by=job.assignment.source,
        starts_at=job.assignment.starts_at,
        ends_at=job.assignment.ends_at,
        travel_seconds=job.assignment.travel_seconds,
        may_back_out=sheet.may_back_out,
        arrival_start=job.booking.arrival_start if job.booking else None,
        arrival_end=job.booking.arrival_end if job.booking else None,
        checklist=job.work_type.checklist,
        depot=None if job.depot is None else DepotShown.model_validate(job.depot),
        parts=[
            PartShown(
                number=part.number,
                name=part.name,
                quantity=reservation.quantity,
                status=reservation.status,
            )
            for reservation, part in job.parts
        ],
        contact=Contact(
            customer_id=job.customer.id, name=job.customer.name, phone=job.customer.phone
        ),
        site=_site(sheet),
        asset=AssetShown.model_validate(job.asset) if job.asset else None,
        remedies=[RemedyShown.model_validate(remedy) for remedy in job.remedies],
    )


_VISIT_COLUMNS = (
    "id version status priority duration_minutes p80_minutes crew_size skills credentials"
    " at_risk note report incomplete_reason en_route_at on_site_at started_at finished_at"
).split()


def _columns(visit: Visit) -> dict[str, object]:
    return {name: getattr(visit, name) for name in _VISIT_COLUMNS}


def _site(sheet: Sheet) -> SiteShown:
    site = sheet.job.site
    return SiteShown(
        id=site.id,
        name=site.name,
        address=site.address,
        latitude=site.latitude,
        longitude=site.longitude,
        time_zone=site.time_zone,
        access_notes=site.access_notes,
        access_notes_confidential=(
            site.access_notes_confidential if sheet.job.is_open_to_technician else None
        ),
        keys=[
            KeyShown(label=key.label, secret=key.secret, valid_until=key.valid_until)
            for key in sheet.keys
            if key.secret is not None
        ],
    )
