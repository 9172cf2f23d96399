"""HTTP for one's own stand-bys."""

from uuid import UUID

from kernel.clock import now
from kernel.db import because
from kernel.http import Router, Session
from marketplace.back_outs.schemas import BackOutTerms
from marketplace.offers.lifecycle import ANSWERABLE, OfferStatus
from marketplace.stand_bys import back_outs, queries, service
from marketplace.stand_bys.schemas import GivenBackIn
from mobile_api.offers.views import pay_per_hour
from mobile_api.stand_bys.schemas import StandByAnswer, StandByCard
from mobile_api.technician.access import FieldId

router = Router(prefix="/api/technician/stand-bys", tags=["technician"])


@router.get("")
def list_stand_bys(technician_id: FieldId, session: Session) -> list[StandByCard]:
    """What one is asked for, and what one has taken and is not over; the next first."""
    at = now(session)
    return [
        StandByCard(
            id=offer.id,
            status=offer.status,
            rota_name=rota.name,
            skills=rota.skills,
            starts_at=stand_by.starts_at,
            ends_at=stand_by.ends_at,
            pay_cents=stand_by.pay_cents,
            pay_cents_per_hour=pay_per_hour(
                stand_by.pay_cents,
                int((stand_by.ends_at - stand_by.starts_at).total_seconds()) // 60,
                0,
            ),
            currency=stand_by.currency,
            answer_by=stand_by.answer_by,
            asked_count=asked,
            can_answer=offer.status in ANSWERABLE and at < stand_by.answer_by,
            may_back_out=offer.status is OfferStatus.ACCEPTED and at < stand_by.starts_at,
        )
        for offer, stand_by, rota, asked in queries.list_of_technician(session, technician_id, at)
    ]


@router.post("/{stand_by_offer_id}/accept")
def accept(stand_by_offer_id: UUID, technician_id: FieldId, session: Session) -> StandByAnswer:
    """Have the duty then; 409 says at once when somebody else was faster or it is too late."""
    return StandByAnswer.model_validate(service.accept(session, stand_by_offer_id, technician_id))


@router.post("/{stand_by_offer_id}/decline")
def decline(stand_by_offer_id: UUID, technician_id: FieldId, session: Session) -> StandByAnswer:
    """Say no; costs nothing."""
    return StandByAnswer.model_validate(service.decline(session, stand_by_offer_id, technician_id))


@router.get("/{stand_by_offer_id}/back-out")
def back_out_terms(
    stand_by_offer_id: UUID, technician_id: FieldId, session: Session
) -> BackOutTerms:
    """What giving the duty back would cost now."""
    offer = queries.get_offer(session, stand_by_offer_id, technician_id)
    cost = back_outs.cost_now(session, offer.stand_by_id, technician_id)
    return BackOutTerms(**cost._asdict())


@router.post("/{stand_by_offer_id}/back-out", status_code=204)
def back_out(
    stand_by_offer_id: UUID, wanted: GivenBackIn, technician_id: FieldId, session: Session
) -> None:
    """Give the duty back before it begins; others are asked."""
    because(session, wanted.reason)
    offer = queries.get_offer(session, stand_by_offer_id, technician_id)
    back_outs.back_out(session, offer.stand_by_id, technician_id)
