"""Writes of calendars, policies and agreements, and what a customer is entitled to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.customers.models import Customer
from dispatch.sla import queries
from dispatch.sla.business_time import OpeningHours
from dispatch.sla.models import Agreement, Calendar, SlaPolicy
from kernel.db import get, locked
from kernel.errors import Conflict, Invalid
from kernel.settings import settings


@dataclass(frozen=True)
class Entitlement:
    """Whether the customer need not pay for a work order, by what, and a sentence to read out."""

    entitled: bool
    by: Literal["warranty", "agreement"] | None
    price_cents: int
    currency: str
    sentence: str
    agreement_id: UUID | None = None
    sla_policy_id: UUID | None = None


def create_calendar(
    session: Session,
    *,
    name: str,
    time_zone: str,
    weekly: list[list[list[str]]],
    region: str | None = None,
    external_id: str | None = None,
) -> Calendar:
    """Raises Invalid `calendar_invalid` with the rule that the hours break."""
    try:
        OpeningHours.read(time_zone, weekly, region)
    except (ZoneInfoNotFoundError, OSError):  # a folder of zones, such as "Europe"
        raise Invalid(f"{time_zone} is not a time zone.", code="calendar_invalid") from None
    except ValueError as error:
        raise Invalid(f"{error}".capitalize() + ".", code="calendar_invalid") from None
    calendar = Calendar(
        name=name, time_zone=time_zone, weekly=weekly, region=region, external_id=external_id
    )
    session.add(calendar)
    session.flush()
    return calendar


def create_policy(
    session: Session,
    *,
    name: str,
    calendar_id: UUID | None = None,
    respond_minutes: int | None = None,
    arrive_minutes: int | None = None,
    resolve_minutes: int | None = None,
    penalty_cents: int = 0,
    penalty_steps: Sequence[Mapping[str, int]] = (),
    penalty_cap_cents: int | None = None,
    currency: str | None = None,
    external_id: str | None = None,
) -> SlaPolicy:
    """`penalty_steps`: [{minutes, cents}] in order. Raises Invalid `penalty_steps`."""
    passed = 0
    for step in penalty_steps:
        if step["minutes"] <= passed:
            raise Invalid("The steps of a penalty stand in order of time.", code="penalty_steps")
        passed = step["minutes"]
    if calendar_id is not None:
        get(session, Calendar, calendar_id)
    policy = SlaPolicy(
        name=name,
        calendar_id=calendar_id,
        respond_minutes=respond_minutes,
        arrive_minutes=arrive_minutes,
        resolve_minutes=resolve_minutes,
        penalty_cents=penalty_cents,
        penalty_steps=[dict(step) for step in penalty_steps],
        penalty_cap_cents=penalty_cap_cents,
        currency=currency or settings().currency,
        external_id=external_id,
    )
    session.add(policy)
    session.flush()
    return policy


def create_agreement(
    session: Session,
    *,
    customer_id: UUID,
    name: str,
    covers: Sequence[str],
    starts_on: date,
    ends_on: date,
    sla_policy_id: UUID | None = None,
    visits_left: int | None = None,
    external_id: str | None = None,
) -> Agreement:
    get(session, Customer, customer_id)
    if sla_policy_id is not None:
        get(session, SlaPolicy, sla_policy_id)
    if ends_on < starts_on:
        raise Invalid("An agreement cannot end before it starts.", code="ends_before_start")
    agreement = Agreement(
        customer_id=customer_id,
        name=name,
        covers=list(covers),
        starts_on=starts_on,
        ends_on=ends_on,
        sla_policy_id=sla_policy_id,
        visits_left=visits_left,
        external_id=external_id,
    )
    session.add(agreement)
    session.flush()
    return agreement


def entitlement(
    session: Session,
    *,
    customer_id: UUID,
    asset_id: UUID | None,
    work_type_code: str,
    price_cents: int,
    currency: str,
    at: datetime,
    time_zone: str = "UTC",
) -> Entitlement:
    """What the customer would pay for this work reported `at`; days are the site's days.

    The warranty of the asset comes first, then an agreement with visits left. An agreement with
    none left still gives its service level.
    """
    day = at.astimezone(ZoneInfo(time_zone)).date()
    agreements = queries.list_agreements_in_force(session, customer_id, work_type_code, day)
    policy_id = next((a.sla_policy_id for a in agreements if a.sla_policy_id), None)
    asset = get(session, Asset, asset_id) if asset_id is not None else None
    if asset is not None and asset.warranty_until is not None and day <= asset.warranty_until:
        sentence = f"The warranty of {asset.name} covers this until {asset.warranty_until}."
        return Entitlement(True, "warranty", 0, currency, sentence, sla_policy_id=policy_id)
    for agreement in agreements:
        if agreement.visits_left is None or agreement.visits_left > 0:
            left = agreement.visits_left
            visits = "" if left is None else f" ({left} {'visit' if left == 1 else 'visits'} left)"
            return Entitlement(
                True,
                "agreement",
                0,
                currency,
                f"The agreement {agreement.name} covers this until {agreement.ends_on}{visits}.",
                agreement.id,
                agreement.sla_policy_id or policy_id,
            )
    return Entitlement(
        False,
        None,
        price_cents,
        currency,
        _why_not(asset, agreements) + f" The price is {_money(price_cents, currency)}.",
        sla_policy_id=policy_id,
    )


def granted_by_agreement(session: Session, agreement_id: UUID, currency: str) -> Entitlement:
    """The entitlement of an order that has used a visit of this agreement."""
    agreement = get(session, Agreement, agreement_id)
    sentence = f"The agreement {agreement.name} covers this."
    return Entitlement(
        True, "agreement", 0, currency, sentence, agreement.id, agreement.sla_policy_id
    )


def use_visit(session: Session, agreement_id: UUID) -> None:
    """Count one visit against the agreement. Raises Conflict when none is left."""
    [agreement] = locked(session, Agreement, [agreement_id])
    if agreement.visits_left is None:
        return
    if agreement.visits_left == 0:
        raise Conflict("The agreement has no visits left.", code="agreement_used_up")
    agreement.visits_left -= 1
    session.flush()


def give_back_visit(session: Session, agreement_id: UUID) -> None:
    [agreement] = locked(session, Agreement, [agreement_id])
    if agreement.visits_left is not None:
        agreement.visits_left += 1
        session.flush()


def _why_not(asset: Asset | None, agreements: Sequence[Agreement]) -> str:
    if agreements:
        return f"The agreement {agreements[0].name} has no visits left."
    if asset is not None and asset.warranty_until is not None:
        return f"The warranty of {asset.name} ended on {asset.warranty_until}."
    return "Neither a warranty nor an agreement covers this."


def _money(cents: int, currency: str) -> str:
    return f"{cents // 100}.{cents % 100:02d} {currency}"
