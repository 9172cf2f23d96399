"""Reads onboardings, and what people still lack."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from dispatch.technicians.clearance.queries import required_kinds
from dispatch.technicians.clearance.rules import Clearance, lacking
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.models import Credential, Technician
from dispatch.technicians.queries import list_for_planning
from kernel.clock import now
from kernel.db import among
from marketplace.availability.queries import list_hours
from marketplace.crowd.matching import CROWD
from marketplace.documents.queries import papers_of
from marketplace.onboarding.lifecycle import OnboardingStatus
from marketplace.onboarding.models import Onboarding
from marketplace.rate_cards.lifecycle import RateCardStatus
from marketplace.rate_cards.models import RateCard
from marketplace.skill_claims.lifecycle import ClaimStatus
from marketplace.skill_claims.queries import select_claims
from marketplace.terms.queries import without_consent
from marketplace.transfers.queries import destinations_of


@dataclass(frozen=True)
class CrowdPerson:
    """Somebody of the crowd, with what the office has to look at."""

    technician: Technician
    credentials: list[Credential]
    papers: dict[UUID, UUID]
    """The document behind each credential."""
    clearance: Clearance
    onboarding: Onboarding | None
    lacks: list[str]


def find_by_token_hash(session: Session, token_hash: str) -> Onboarding | None:
    return session.scalar(select(Onboarding).where(Onboarding.token_hash == token_hash))


def find_of_technician(session: Session, technician_id: UUID) -> Onboarding | None:
    return session.scalar(select(Onboarding).where(Onboarding.technician_id == technician_id))


def select_onboardings(
    status: OnboardingStatus | None = None, provider_id: UUID | None = None
) -> Select[Onboarding]:
    statement = select(Onboarding)
    if status is not None:
        statement = statement.where(Onboarding.status == status)
    if provider_id is not None:
        statement = statement.where(Onboarding.provider_id == provider_id)
    return statement


def lacks_of(session: Session, technicians: Sequence[Technician]) -> dict[UUID, list[str]]:
    """By person, what is missing before work can be given: `terms`, `bank_details`,
    `rate_card`, `availability`, `skills`, and `proof:` with the kind of each missing proof."""
    at, ids = now(session), [one.id for one in technicians]
    free = [one.id for one in technicians if one.employment is Employment.FREELANCE]
    unbound = without_consent(session, free, at)
    paid = destinations_of(session, free).keys()
    cards = session.scalars(
        select(RateCard).where(
            among(RateCard.technician_id, free),
            RateCard.status.in_((RateCardStatus.PROPOSED, RateCardStatus.IN_FORCE)),
        )
    )
    rated = {card.technician_id for card in cards}
    free_hours = {row.technician_id for row in list_hours(session, ids)}
    claims = session.scalars(select_claims(status=ClaimStatus.CLAIMED))
    claimed = {claim.technician_id for claim in claims}
    known = {
        one.technician.id: one
        for one in list_for_planning(session, None, at, at, technician_ids=ids, active=None)
    }
    required = required_kinds(session)
    found = {}
    for person in technicians:
        own = known[person.id]
        missing = ["terms"] if person.id in unbound else []
        if person.employment is Employment.FREELANCE:
            missing += [] if person.id in paid else ["bank_details"]
            missing += [] if person.id in rated else ["rate_card"]
            missing += [] if person.id in free_hours or own.shifts else ["availability"]
        missing += [] if own.skills or person.id in claimed else ["skills"]
        proofs = lacking(own.credentials, required[person.employment], at)
        found[person.id] = missing + [f"proof:{kind}" for kind in proofs]
    return found


def list_crowd(
    session: Session, technician_ids: Collection[UUID] | None = None
) -> list[CrowdPerson]:
    """Freelancers and people of providers, active or joining, by name."""
    at = now(session)
    known = list_for_planning(
        session,
        None,
        at,
        at,
        technician_ids=technician_ids,
        employments=[Employment(name) for name in CROWD],
        active=None,
    )
    people = [one.technician for one in known]
    lacks = lacks_of(session, people)
    ids = [person.id for person in people]
    rows = session.scalars(select(Onboarding).where(Onboarding.technician_id.in_(ids)))
    joining = {row.technician_id: row for row in rows}
    papers = papers_of(session, [row.id for one in known for row in one.credentials])
    found = [
        CrowdPerson(
            one.technician,
            one.credentials,
            {row.id: papers[row.id] for row in one.credentials if row.id in papers},
            one.clearance,
            joining.get(one.technician.id),
            lacks[one.technician.id],
        )
        for one in known
    ]
    return sorted(found, key=lambda one: (one.technician.name, one.technician.id))
