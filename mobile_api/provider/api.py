"""HTTP for a provider's manager: own people, their proofs, jobs, offers and pay."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Header

from dispatch.technicians.models import Credential
from dispatch.technicians.qualifications.schemas import CredentialOut
from kernel import clock
from kernel.http import Router, Session
from kernel.shapes import Moment
from marketplace.counter_offers import queries as counter_queries
from marketplace.counter_offers.queries import Bargain
from marketplace.documents import service as documents
from marketplace.offers import service as offers
from marketplace.payouts.schemas import PayoutShown
from marketplace.transfers.models import PayoutDestination
from marketplace.transfers.queries import find_destination
from marketplace.transfers.schemas import BankDetailsIn, DestinationShown
from marketplace.transfers.service import set_destination
from mobile_api.earnings.queries import purses_of_payee
from mobile_api.earnings.schemas import PurseShown
from mobile_api.earnings.service import hand_in_receipt
from mobile_api.offers.schemas import Decline, OfferAnswer
from mobile_api.offers.views import offer_card
from mobile_api.provider import queries
from mobile_api.provider.access import ProviderId
from mobile_api.provider.schemas import (
    CompanyEarnings,
    EmployeeCredentialIn,
    OwnJobShown,
    OwnOfferShown,
    OwnPersonShown,
)
from mobile_api.provider.views import job_shown

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
            active=own.technician.active,
            onboarding_status=own.onboarding.status if own.onboarding else None,
            lacks=own.lacks,
            suspended_at=own.technician.suspended_at,
            is_cleared=own.clearance.covers(at),
            cleared_until=own.clearance.until if own.clearance.covers(at) else None,
            bar_code="" if own.clearance.covers(at) else own.clearance.code,
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
    jobs = queries.list_jobs(session, provider_id, first, end or first + SHOWN)
    return [job_shown(job) for job in jobs]


@router.post("/people/{technician_id}/credentials", response_model=CredentialOut, status_code=201)
def claim_credential(
    technician_id: UUID, body: EmployeeCredentialIn, provider_id: ProviderId, session: Session
) -> Credential:
    """It counts only once the office has verified it."""
    own = queries.require_own(session, provider_id, technician_id)
    paper = hand_in_receipt(session, own, body.paper.name, body.paper.content)
    return documents.claim_credential(
        session, own, kind=body.kind, expires_at=body.expires_at, document_id=paper.id
    )


@router.get("/offers")
def list_offers(provider_id: ProviderId, session: Session) -> list[OwnOfferShown]:
    """Open offers to one's own people and accepted ones ahead, the first to end first."""
    at, rows = clock.now(session), queries.list_own_offers(session, provider_id)
    bargains = counter_queries.bargains(session, [row[0].id for row in rows])
    return [
        OwnOfferShown(
            **dict(offer_card(row, bargains.get(row[0].id, Bargain()), at)),
            technician_id=row[0].technician_id,
            time_zone=row[-1].time_zone,
        )
        for row in rows
    ]


@router.post("/offers/{offer_id}/accept")
def accept_offer(offer_id: UUID, provider_id: ProviderId, session: Session) -> OfferAnswer:
    """Take the visit for the person it was offered to."""
    offer = queries.get_own_offer(session, provider_id, offer_id)
    return OfferAnswer.model_validate(offers.accept(session, offer.id, offer.technician_id))


@router.post("/offers/{offer_id}/decline")
def decline_offer(
    offer_id: UUID, wanted: Decline, provider_id: ProviderId, session: Session
) -> OfferAnswer:
    """Say no for the person it was offered to; costs nothing."""
    offer = queries.get_own_offer(session, provider_id, offer_id)
    declined = offers.decline(session, offer.id, offer.technician_id, wanted.reason)
    return OfferAnswer.model_validate(declined)


@router.post("/bundles/{bundle_id}/accept")
def accept_bundle(bundle_id: UUID, provider_id: ProviderId, session: Session) -> list[OfferAnswer]:
    """Take all visits of it for the person who was asked; when one of them is gone, none."""
    own = queries.get_holder_of_bundle(session, provider_id, bundle_id)
    taken = offers.accept_bundle(session, bundle_id, own)
    return [OfferAnswer.model_validate(offer) for offer in taken]


@router.post("/bundles/{bundle_id}/decline")
def decline_bundle(
    bundle_id: UUID, wanted: Decline, provider_id: ProviderId, session: Session
) -> list[OfferAnswer]:
    """Say no to all of it; costs nothing."""
    own = queries.get_holder_of_bundle(session, provider_id, bundle_id)
    ended = offers.decline_bundle(session, bundle_id, own, wanted.reason)
    return [OfferAnswer.model_validate(offer) for offer in ended]


@router.get("/earnings")
def list_earnings(provider_id: ProviderId, session: Session) -> CompanyEarnings:
    """Where the company's money is, and everything its people earned for it lately."""
    bank = find_destination(session, provider_id)
    return CompanyEarnings(
        bank_label=bank.label if bank else None,
        purses=[
            PurseShown.model_validate(purse) for purse in purses_of_payee(session, provider_id)
        ],
        payouts=[
            PayoutShown.model_validate(row) for row in queries.list_payouts(session, provider_id)
        ],
    )


@router.put("/bank-details", response_model=DestinationShown)
def set_bank_details(
    wanted: BankDetailsIn, provider_id: ProviderId, session: Session, key: Key = ""
) -> PayoutDestination:
    """Where the provider's money goes; the number itself is not kept here."""
    return set_destination(session, provider_id, key, wanted.holder, wanted.iban)
