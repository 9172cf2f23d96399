"""Two neighbours with the same things each, so that every cell has an own and a foreign object."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.customers.models import Customer, Site
from dispatch.scheduling.staffing import service as staffing
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.models import Absence, Provider, Shift, Technician
from dispatch.technicians.suspensions.models import Suspension
from dispatch.technicians.suspensions.service import suspend
from dispatch.territories.models import Territory
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit, WorkType
from iot_ingest.alerts.models import Alert
from iot_ingest.devices.models import Device
from kernel import clock
from kernel.principal import SYSTEM
from marketplace.confirmations.models import Confirmation
from marketplace.counter_offers.models import CounterOffer
from marketplace.offers.models import Bundle, Offer
from marketplace.pay_changes.models import PayChange
from marketplace.payouts.models import Payout
from marketplace.stand_bys.models import StandByOffer
from tests.factories.assets import make_asset
from tests.factories.customers import make_customer, make_site
from tests.factories.iot_ingest import make_alert, make_device_with_token, make_rule
from tests.factories.marketplace import (
    make_bundle,
    make_confirmation,
    make_counter,
    make_freelancer,
    make_offer,
    make_stand_by,
)
from tests.factories.payouts import make_pay_change, make_payout
from tests.factories.technicians import make_absence, make_provider, make_shift, make_technician
from tests.factories.territories import make_territory
from tests.factories.work_orders import make_visit, make_work_type, walk

MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass
class Belongings:
    """What one customer, one technician, one freelancer and one provider have."""

    customer: Customer
    technician: Technician
    freelancer: Technician
    provider_manager: Provider
    employee: Technician
    employee_shift: Shift
    site: Site
    asset: Asset
    waiting: Visit
    jobs: dict[str, Visit]
    offers: dict[str, Offer]
    counters: dict[str, CounterOffer]
    bundles: dict[str, Bundle]
    confirmations: dict[str, Confirmation]
    stand_bys: dict[str, StandByOffer]
    payouts: dict[str, Payout]
    pay_changes: dict[str, PayChange]
    suspensions: dict[str, Suspension]
    absences: dict[str, Absence]
    alert: Alert


@dataclass
class World:
    mine: Belongings
    theirs: Belongings
    work_type: WorkType
    device: Device
    device_token: str


def make_world(session: Session) -> World:
    """A Monday morning in one territory."""
    clock.freeze(session, MORNING)
    territory, kind = make_territory(session), make_work_type(session)
    mine, theirs = (_belongings(session, territory, kind) for _ in range(2))
    device, token = make_device_with_token(session, mine.asset)
    return World(mine, theirs, kind, device, token)


def _belongings(session: Session, territory: Territory, kind: WorkType) -> Belongings:
    customer = make_customer(session)
    site = make_site(session, customer, territory_id=territory.id)
    asset = make_asset(session, site)
    people = {
        "technician": make_technician(session, territory, skills={"boiler": 3}),
        "freelancer": make_freelancer(session, territory),
    }
    for person in people.values():
        for day in range(2):
            make_shift(session, person, MORNING + timedelta(days=day))
    device, _ = make_device_with_token(session, asset)
    jobs = {role: _job(session, site, kind, person) for role, person in people.items()}
    provider = make_provider(session)
    employee = make_technician(
        session,
        territory,
        employment=Employment.PARTNER,
        provider_id=provider.id,
        skills={"boiler": 3},
    )
    asked = {**people, "provider_manager": employee}
    return Belongings(
        customer=customer,
        provider_manager=provider,
        employee=employee,
        employee_shift=make_shift(session, employee, MORNING + timedelta(days=1)),
        site=site,
        asset=asset,
        waiting=make_visit(session, site=site, work_type=kind),
        jobs=jobs,
        stand_bys={role: make_stand_by(session, person) for role, person in people.items()},
        confirmations={role: make_confirmation(session, visit) for role, visit in jobs.items()},
        bundles={role: make_bundle(session, person) for role, person in asked.items()},
        counters={role: make_counter(session, person) for role, person in people.items()},
        offers={role: make_offer(session, technician=person) for role, person in asked.items()},
        payouts={role: make_payout(session, person) for role, person in people.items()},
        pay_changes={role: make_pay_change(session, person) for role, person in people.items()},
        absences={
            role: make_absence(
                session, person, MORNING + timedelta(days=9), MORNING + timedelta(days=10)
            )
            for role, person in asked.items()
        },
        suspensions={
            role: suspend(session, person.id, "No-show twice.", SYSTEM)
            for role, person in people.items()
        },
        alert=make_alert(session, make_rule(session), device=device),
        **people,
    )


def _job(session: Session, site: Site, kind: WorkType, person: Technician) -> Visit:
    visit = make_visit(session, site=site, work_type=kind)
    start = MORNING + timedelta(hours=4)
    staffing.assign(session, visit.id, [person.id], start, source="dispatcher")
    session.refresh(visit)
    return walk(session, visit, VisitStatus.DISPATCHED)
