"""Invites people, lets them join by a link, and lets them work once nothing is lacking."""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.accounts.addresses import Address, AddressKind, normalize_email
from dispatch.accounts.queries import find_account_at, find_account_of
from dispatch.accounts.roles import FREELANCER, PROVIDER_MANAGER, TECHNICIAN
from dispatch.accounts.service import create_account
from dispatch.messaging.service import send
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.models import Technician
from dispatch.technicians.qualifications.service import tell_changed
from dispatch.technicians.queries import get_provider
from dispatch.technicians.service import create_technician
from dispatch.territories.queries import get_territory
from kernel.clock import now
from kernel.db import because, get, locked
from kernel.errors import Conflict, Invalid, NotFound
from kernel.settings import settings
from marketplace.onboarding import queries
from marketplace.onboarding.lifecycle import ONBOARDING, Invited, OnboardingStatus
from marketplace.onboarding.models import Onboarding
from marketplace.terms.queries import find_newest
from marketplace.terms.service import consent

LINK_LIFE = timedelta(days=14)
ROLES = {
    Invited.FREELANCER: FREELANCER,
    Invited.EMPLOYEE: TECHNICIAN,
    Invited.PROVIDER_MANAGER: PROVIDER_MANAGER,
}


def invite(
    session: Session,
    *,
    invited_as: Invited,
    name: str,
    email: str,
    territory_id: UUID,
    latitude: float,
    longitude: float,
    provider_id: UUID | None = None,
    locale: str = "en",
) -> Onboarding:
    """Send a link by which the person joins within 14 days. The place is where the service area
    begins until the person says another.

    Raises Conflict `address_taken`, Invalid `provider_missing`.
    """
    address = normalize_email(email)
    get_territory(session, territory_id)
    if invited_as is not Invited.FREELANCER and provider_id is None:
        raise Invalid("Say which provider the person works for.", code="provider_missing")
    if provider_id is not None:
        get_provider(session, provider_id)
    if find_account_at(session, Address(AddressKind.EMAIL, address)) is not None:
        raise Conflict("Another account has this address.", code="address_taken")
    token = secrets.token_urlsafe(32)
    onboarding = Onboarding(
        invited_as=invited_as,
        status=OnboardingStatus.INVITED,
        name=name,
        email=address,
        territory_id=territory_id,
        latitude=latitude,
        longitude=longitude,
        provider_id=None if invited_as is Invited.FREELANCER else provider_id,
        token_hash=digest(token),
        expires_at=now(session) + LINK_LIFE,
    )
    session.add(onboarding)
    session.flush()
    send(
        session,
        template="invitation",
        address=address,
        values={"name": name},
        locale=locale,
        link=f"{settings().public_url}/technician/join#token={token}",
        expires_in=LINK_LIFE,
    )
    return onboarding


def look(session: Session, token: str) -> Onboarding:
    """The invitation behind a link. Raises NotFound, Conflict `invitation_over`."""
    found = queries.find_by_token_hash(session, digest(token))
    if found is None:
        raise NotFound("invitation", "of this link")
    is_over = found.status is OnboardingStatus.INVITED and found.expires_at <= now(session)
    if is_over or found.status is OnboardingStatus.WITHDRAWN:
        raise Conflict("This invitation is over. Ask for a new one.", code="invitation_over")
    return found


def join(
    session: Session,
    token: str,
    *,
    name: str,
    password: str,
    terms_number: int | None = None,
    locale: str = "en",
) -> Onboarding:
    """Make the account, and the person who fills in a profile and cannot be given work yet.

    Freelancers agree to the newest terms, where there are any. Raises what `look` raises, and
    Conflict `invitation_used`, `terms_outdated`, Invalid `terms_missing`, `password_short`.
    """
    [onboarding] = locked(session, Onboarding, [look(session, token).id])
    if onboarding.status is not OnboardingStatus.INVITED:
        raise Conflict("You have joined already. Sign in.", code="invitation_used")
    is_manager = onboarding.invited_as is Invited.PROVIDER_MANAGER
    if not is_manager:
        onboarding.technician_id = _make_technician(session, onboarding, name).id
    if onboarding.invited_as is Invited.FREELANCER:
        _agree(session, onboarding, terms_number)
    create_account(
        session,
        name=name,
        roles=[ROLES[onboarding.invited_as]],
        email=onboarding.email,
        password=password,
        subject_id=onboarding.provider_id if is_manager else onboarding.technician_id,
        locale=locale,
    )
    onboarding.name = name
    _move(session, onboarding, OnboardingStatus.JOINED)
    return onboarding


def _make_technician(session: Session, onboarding: Onboarding, name: str) -> Technician:
    freelance = onboarding.invited_as is Invited.FREELANCER
    technician = create_technician(
        session,
        name=name,
        employment=Employment.FREELANCE if freelance else Employment.PARTNER,
        territory_id=onboarding.territory_id,
        latitude=onboarding.latitude,
        longitude=onboarding.longitude,
        hourly_cents=0,
        email=onboarding.email,
        provider_id=onboarding.provider_id,
    )
    technician.active = False
    session.flush()
    return technician


def _agree(session: Session, onboarding: Onboarding, number: int | None) -> None:
    if find_newest(session) is None:
        return
    if number is None:
        raise Invalid("Read the terms and agree to them.", code="terms_missing")
    assert onboarding.technician_id is not None
    consent(session, onboarding.technician_id, number)


def submit(session: Session, technician_id: UUID) -> Onboarding:
    """The profile is ready to be looked at. Raises NotFound, Conflict `onboarding_lacks`."""
    onboarding = queries.find_of_technician(session, technician_id)
    if onboarding is None:
        raise NotFound("onboarding", technician_id)
    [technician] = locked(session, Technician, [technician_id])
    [onboarding] = locked(session, Onboarding, [onboarding.id])
    if onboarding.status is OnboardingStatus.SUBMITTED:
        return onboarding
    ONBOARDING.check(onboarding.status, OnboardingStatus.SUBMITTED)
    # Proofs are valid only once the office has verified them.
    lacks = queries.lacks_of(session, [technician])[technician_id]
    _require_nothing([lack for lack in lacks if not lack.startswith("proof:")])
    _move(session, onboarding, OnboardingStatus.SUBMITTED)
    return onboarding


def approve(session: Session, onboarding_id: UUID) -> Onboarding:
    """Work may be given from now on. Raises Conflict `onboarding_lacks`, `illegal_move`."""
    onboarding = get(session, Onboarding, onboarding_id)
    ONBOARDING.check(onboarding.status, OnboardingStatus.APPROVED)
    assert onboarding.technician_id is not None
    [technician] = locked(session, Technician, [onboarding.technician_id])
    [onboarding] = locked(session, Onboarding, [onboarding_id])
    lacks = queries.lacks_of(session, [technician])[technician.id]
    if technician.employment is Employment.FREELANCE and technician.hourly_cents == 0:
        lacks = sorted({*lacks, "rate_card"})
    _require_nothing(lacks)
    technician.active = True
    _move(session, onboarding, OnboardingStatus.APPROVED)
    tell_changed(session, technician, "master_data")
    _tell(session, onboarding, "onboarding_approved")
    return onboarding


def send_back(session: Session, onboarding_id: UUID, note: str) -> Onboarding:
    """The person reads what is missing and submits again."""
    [onboarding] = locked(session, Onboarding, [onboarding_id])
    onboarding.note = note
    _move(session, onboarding, OnboardingStatus.SENT_BACK)
    _tell(session, onboarding, "onboarding_sent_back")
    return onboarding


def withdraw(session: Session, onboarding_id: UUID, note: str) -> Onboarding:
    """The link leads nowhere any more; who has joined stays without work.

    Raises Conflict `invitation_used` for a provider's manager who has joined: that takes an
    administrator, who disables the account.
    """
    because(session, note)
    [onboarding] = locked(session, Onboarding, [onboarding_id])
    is_manager = onboarding.invited_as is Invited.PROVIDER_MANAGER
    if is_manager and onboarding.status is OnboardingStatus.JOINED:
        raise Conflict("This person has an account; have it disabled.", code="invitation_used")
    onboarding.note = note
    _move(session, onboarding, OnboardingStatus.WITHDRAWN)
    return onboarding


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _require_nothing(lacks: list[str]) -> None:
    if lacks:
        raise Conflict("Something is still missing.", code="onboarding_lacks", lacks=lacks)


def _tell(session: Session, onboarding: Onboarding, template: str) -> None:
    assert onboarding.technician_id is not None
    account = find_account_of(session, onboarding.technician_id)
    assert account is not None
    values = {"name": onboarding.name, "note": onboarding.note}
    send(session, template=template, account_id=account.id, values=values)


def _move(session: Session, onboarding: Onboarding, to: OnboardingStatus) -> None:
    ONBOARDING.check(onboarding.status, to)
    onboarding.status = to
    session.flush()
