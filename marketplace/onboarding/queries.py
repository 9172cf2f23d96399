"""Reads onboardings, and what people still lack."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from dispatch.technicians.clearance.queries import required_kinds
from dispatch.technicians.clearance.rules import Clearance, lacking
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.models import Credential, Shift, Technician
from dispatch.technicians.queries import TechnicianForPlanning, list_for_planning
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
from marketplace.skill_claims.models import SkillClaim
from marketplace.terms.queries import without_consent
from marketplace.transfers.queries import destinations_of

FREELANCE = Employment.FREELANCE


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


def select_onboardings(status: OnboardingStatus | None = None) -> Select[Onboarding]:
    statement = select(Onboarding)
    if status is not None:
        statement = statement.where(Onboarding.status == status)
    return statement


def select_crowd(territory_id: UUID | None = None) -> Select[Technician]:
    """Freelancers and people of providers, active or joining."""
    statement = select(Technician).where(Technician.employment.in_(CROWD))
    if territory_id is not None:
        statement = statement.where(Technician.territory_id == territory_id)
    return statement


def lacks_of(session: Session, technicians: Collection[Technician]) -> dict[UUID, list[str]]:
    """By person, what is missing before work can be given: `terms`, `bank_details`,
    `rate_card`, `availability`, `skills`, and `proof:` with the kind of each missing proof."""
    return _lacks(session, _known(session, technicians))


def list_crowd(session: Session, technicians: Sequence[Technician]) -> list[CrowdPerson]:
    """What the office has to look at of these people, in their order."""
    known = _known(session, technicians)
    lacks = _lacks(session, known)
    rows = session.scalars(select(Onboarding).where(Onboarding.technician_id.in_(known.keys())))
    joining = {row.technician_id: row for row in rows}
    papers = papers_of(session, [row.id for one in known.values() for row in one.credentials])
    return [
        CrowdPerson(
            technician=person,
            credentials=(own := known[person.id]).credentials,
            papers={row.id: papers[row.id] for row in own.credentials if row.id in papers},
            clearance=own.clearance,
            onboarding=joining.get(person.id),
            lacks=lacks[person.id],
        )
        for person in technicians
    ]


def _known(
    session: Session, technicians: Collection[Technician]
) -> dict[UUID, TechnicianForPlanning]:
    at, ids = now(session), [one.id for one in technicians]
    rows = list_for_planning(session, None, at, at, technician_ids=ids, active=None)
    return {one.technician.id: one for one in rows}


def _lacks(session: Session, known: Mapping[UUID, TechnicianForPlanning]) -> dict[UUID, list[str]]:
    at, required = now(session), required_kinds(session)
    skilled = {key for key, one in known.items() if one.skills} | _claiming(session, known.keys())
    found = _lacks_of_freelancers(
        session,
        [one.technician for one in known.values() if one.technician.employment is FREELANCE],
        at,
    )
    for key, one in known.items():
        proofs = lacking(one.credentials, required[one.technician.employment], at)
        found.setdefault(key, [])
        found[key] += [] if key in skilled else ["skills"]
        found[key] += [f"proof:{kind}" for kind in proofs]
    return found


def _lacks_of_freelancers(
    session: Session, people: Sequence[Technician], at: datetime
) -> dict[UUID, list[str]]:
    """What nobody but freelancers needs."""
    ids = [one.id for one in people]
    unbound = without_consent(session, ids, at)
    paid = destinations_of(session, ids).keys()
    rated = {one.id for one in people if one.hourly_cents > 0} | _proposing(session, ids)
    free = {row.technician_id for row in list_hours(session, ids)} | _rostered(session, ids, at)
    has = {
        "terms": set(ids) - unbound,
        "bank_details": paid,
        "rate_card": rated,
        "availability": free,
    }
    return {key: [what for what, those in has.items() if key not in those] for key in ids}


def _claiming(session: Session, ids: Collection[UUID]) -> set[UUID]:
    return set(
        session.scalars(
            select(SkillClaim.technician_id).where(
                among(SkillClaim.technician_id, ids), SkillClaim.status == ClaimStatus.CLAIMED
            )
        )
    )


def _proposing(session: Session, ids: Collection[UUID]) -> set[UUID]:
    return set(
        session.scalars(
            select(RateCard.technician_id).where(
                among(RateCard.technician_id, ids), RateCard.status == RateCardStatus.PROPOSED
            )
        )
    )


def _rostered(session: Session, ids: Collection[UUID], at: datetime) -> set[UUID]:
    """Who has a shift ahead."""
    return set(
        session.scalars(
            select(Shift.technician_id).where(among(Shift.technician_id, ids), Shift.ends_at > at)
        )
    )
