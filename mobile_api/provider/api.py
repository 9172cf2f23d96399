"""HTTP for a provider's manager: own people, their proofs, times, jobs and offers."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Header

from dispatch.technicians import service as technicians
from dispatch.technicians.models import Absence, Credential, Shift
from dispatch.technicians.qualifications.schemas import CredentialIn, CredentialOut
from dispatch.technicians.qualifications.service import add_credential
from dispatch.technicians.schemas import AbsenceIn, AbsenceOut, ShiftIn, ShiftOut
from kernel import clock
from kernel.http import Router, Session
from kernel.shapes import Moment
from marketplace.offers import service as offers
from marketplace.offers.models import Offer
from marketplace.transfers.models import PayoutDestination
from marketplace.transfers.schemas import BankDetailsIn, DestinationShown
from marketplace.transfers.service import set_destination
from mobile_api.offers.schemas import Decline
from mobile_api.provider import queries
from mobile_api.provider.access import ProviderId
from mobile_api.provider.schemas import OwnJobShown, OwnOfferShown, OwnPersonShown

Key = Annotated[str, Header(alias="Idempotency-Key")]
SHOWN = timedelta(days=14)

router = Router(prefix="/api/provider", tags=["provider"])


@router.get("/people")
def list_people(provider_id: ProviderId, session: Session) -> list[OwnPersonShown]:
    """One's own people, and what keeps them from work."""
    at = clock.now(session)
    return [
        OwnPersonShown(
            id=own.technician.id,
            name=own.technician.name,
            phone=own.technician.phone,
            email=own.technician.email,
            suspended_at=own.technician.suspended_at,
            is_cleared=own.clearance.covers(at),
            cleared_until=own.clearance.until if own.clearance.covers(at) else None,
            bar="" if own.clearance.covers(at) else own.clearance.sentence,
            credentials=[CredentialOut.model_validate(one) for one in own.credentials],
        )
        for own in queries.list_own(session, provider_id)
    ]


@router.get("/jobs")
def list_jobs(
    provider_id: ProviderId,
    session: Session,
    start: Moment | None = None,
    end: Moment | None = None,
) -> list[OwnJobShown]:
    """What one's own people do; from now for two weeks unless said otherwise."""
    first = start or clock.now(session)
    return [
        OwnJobShown(
            visit_id=job.visit.id,
            technician_id=job.row.technician_id,
            status=job.visit.status,
            work_type=job.work_type.name,
            address=job.site.address,
            starts_at=job.row.starts_at,
            ends_at=job.row.ends_at,
        )
        for job in queries.list_jobs(session, provider_id, first, end or first + SHOWN)
    ]


@router.post("/people/{technician_id}/credentials", response_model=CredentialOut, status_code=201)
def claim_credential(
    technician_id: UUID, body: CredentialIn, provider_id: ProviderId, session: Session
) -> Credential:
    """It counts only once the office has verified it."""
    own = queries.require_own(session, provider_id, technician_id)
    return add_credential(session, own, **body.model_dump())


@router.post("/people/{technician_id}/shifts", response_model=ShiftOut, status_code=201)
def add_shift(
    technician_id: UUID, body: ShiftIn, provider_id: ProviderId, session: Session
) -> Shift:
    """When somebody of one's own works; nobody but the office may set rules aside."""
    own = queries.require_own(session, provider_id, technician_id)
    return technicians.add_shift(
        session,
        own,
        **body.model_dump(exclude={"breaks", "override_reason"}),
        breaks=[technicians.BreakWanted(**wanted.model_dump()) for wanted in body.breaks],
    )


@router.post("/people/{technician_id}/absences", response_model=AbsenceOut, status_code=201)
def report_absence(
    technician_id: UUID, body: AbsenceIn, provider_id: ProviderId, session: Session
) -> Absence:
    """Somebody of one's own will be away; the schedule reacts."""
    own = queries.require_own(session, provider_id, technician_id)
    return technicians.report_absence(session, own, **body.model_dump())


@router.get("/offers", response_model=list[OwnOfferShown])
def list_offers(provider_id: ProviderId, session: Session) -> list[Offer]:
    """Open offers to one's own people, the first to end first."""
    return list(queries.list_open_offers(session, provider_id))


@router.post("/offers/{offer_id}/accept", response_model=OwnOfferShown)
def accept_offer(offer_id: UUID, provider_id: ProviderId, session: Session) -> Offer:
    """Take the visit for the person it was offered to."""
    offer = queries.get_own_offer(session, provider_id, offer_id)
    return offers.accept(session, offer.id, offer.technician_id)


@router.post("/offers/{offer_id}/decline", response_model=OwnOfferShown)
def decline_offer(
    offer_id: UUID, wanted: Decline, provider_id: ProviderId, session: Session
) -> Offer:
    """Say no for the person it was offered to; costs nothing."""
    offer = queries.get_own_offer(session, provider_id, offer_id)
    return offers.decline(session, offer.id, offer.technician_id, wanted.reason)


@router.put("/bank-details", response_model=DestinationShown)
def set_bank_details(
    wanted: BankDetailsIn, provider_id: ProviderId, session: Session, key: Key = ""
) -> PayoutDestination:
    """Where the provider's money goes; the number itself is not kept here."""
    return set_destination(session, provider_id, key, wanted.holder, wanted.iban)
