"""HTTP for the office to invite people and let them in, and for those who follow the link."""

from uuid import UUID

from dispatch.accounts.access import Manager, Office, Planner
from dispatch.technicians.models import Technician
from kernel.auth import Anybody
from kernel.clock import now
from kernel.http import Page, Router, Session, paginate
from kernel.shapes import NoteIn, page_of
from marketplace.onboarding import queries, service
from marketplace.onboarding.lifecycle import OnboardingStatus
from marketplace.onboarding.models import Onboarding
from marketplace.onboarding.schemas import (
    CrowdPersonShown,
    InvitationIn,
    InvitationShown,
    JoinedShown,
    JoinIn,
    LinkIn,
    OnboardingOut,
    ProofShown,
)
from marketplace.terms.queries import find_newest
from marketplace.terms.schemas import TermsOut

router = Router(prefix="/api", tags=["crowd"])


@router.get("/crowd")
def list_crowd(
    _: Office, session: Session, territory_id: UUID | None = None, cursor: str | None = None
) -> Page[CrowdPersonShown]:
    """Freelancers and people of providers: what they lack, and what waits to be looked at;
    newest first."""
    at = now(session)
    statement = queries.select_crowd(territory_id)
    people, following = paginate(session, statement, Technician.id, cursor, newest_first=True)
    shown = [
        CrowdPersonShown(
            id=one.technician.id,
            name=one.technician.name,
            employment=one.technician.employment,
            provider_id=one.technician.provider_id,
            territory_id=one.technician.territory_id,
            active=one.technician.active,
            suspended_at=one.technician.suspended_at,
            onboarding_id=one.onboarding.id if one.onboarding else None,
            onboarding_status=one.onboarding.status if one.onboarding else None,
            lacks=one.lacks,
            bar_code="" if one.clearance.covers(at) else one.clearance.code,
            proofs=[
                ProofShown(
                    id=row.id,
                    kind=row.kind,
                    status=row.status,
                    expires_at=row.expires_at,
                    note=row.note,
                    document_id=one.papers.get(row.id),
                )
                for row in one.credentials
            ],
        )
        for one in queries.list_crowd(session, people)
    ]
    return Page(items=shown, next_cursor=following)


@router.get("/onboardings")
def list_onboardings(
    _: Office,
    session: Session,
    status: OnboardingStatus | None = None,
    cursor: str | None = None,
) -> Page[OnboardingOut]:
    """Newest first."""
    statement = queries.select_onboardings(status)
    found = paginate(session, statement, Onboarding.id, cursor, newest_first=True)
    return page_of(OnboardingOut, found)


@router.post("/onboardings", response_model=OnboardingOut, status_code=201)
def invite(body: InvitationIn, _: Planner, session: Session) -> Onboarding:
    """Send somebody a link to join by."""
    return service.invite(session, **body.model_dump())


@router.post("/onboardings/{onboarding_id}/approve", response_model=OnboardingOut)
def approve(onboarding_id: UUID, _: Manager, session: Session) -> Onboarding:
    """Work may be given from now on; refused while something is lacking."""
    return service.approve(session, onboarding_id)


@router.post("/onboardings/{onboarding_id}/send-back", response_model=OnboardingOut)
def send_back(onboarding_id: UUID, body: NoteIn, _: Manager, session: Session) -> Onboarding:
    """The person reads the note and submits again."""
    return service.send_back(session, onboarding_id, body.note)


@router.post("/onboardings/{onboarding_id}/withdraw", response_model=OnboardingOut)
def withdraw(onboarding_id: UUID, body: NoteIn, _: Planner, session: Session) -> Onboarding:
    """The link leads nowhere any more."""
    return service.withdraw(session, onboarding_id, body.note)


@router.post("/join/look")
def look(body: LinkIn, _: Anybody, session: Session) -> InvitationShown:
    """What the link is about."""
    found = service.look(session, body.token)
    newest = find_newest(session)
    return InvitationShown(
        invited_as=found.invited_as,
        status=found.status,
        name=found.name,
        email=found.email,
        terms=TermsOut.model_validate(newest) if newest else None,
    )


@router.post("/join", status_code=201)
def join(body: JoinIn, _: Anybody, session: Session) -> JoinedShown:
    """Make the account; then sign in and fill in the profile."""
    found = service.join(session, **body.model_dump())
    return JoinedShown(email=found.email, status=found.status)
