"""What makes the marketplace ask others: a wave ended, somebody quit or may not any more."""

from sqlalchemy.orm import Session

from dispatch.events import CredentialEnded, PreferenceChanged, TechnicianSuspended
from dispatch.technicians.preferences.queries import wishes_about
from kernel.jobs import on
from marketplace.events import (
    FreelancerBackedOut,
    FreelancerNoShow,
    OfferDeclined,
    OfferExpired,
)
from marketplace.waves import service


@on(OfferDeclined, name="marketplace.next_wave_after_decline")
def next_wave_after_decline(session: Session, event: OfferDeclined) -> None:
    service.next_wave(session, event.visit_id)


@on(OfferExpired, name="marketplace.next_wave_after_expiry")
def next_wave_after_expiry(session: Session, event: OfferExpired) -> None:
    service.next_wave(session, event.visit_id)


@on(FreelancerBackedOut, name="marketplace.offer_after_back_out")
def offer_after_back_out(session: Session, event: FreelancerBackedOut) -> None:
    service.offer_lost(session, event.visit_id)


@on(PreferenceChanged, name="marketplace.ask_others_after_block")
def ask_others_after_block(session: Session, event: PreferenceChanged) -> None:
    blocked = wishes_about(session, event.of_customer_id).blocked
    if event.of_technician_id in blocked:
        service.ask_others(session, event.of_technician_id, event.of_customer_id)


@on(FreelancerNoShow, name="marketplace.offer_after_no_show")
def offer_after_no_show(session: Session, event: FreelancerNoShow) -> None:
    service.offer_lost(session, event.visit_id)


@on(TechnicianSuspended, name="marketplace.ask_others_after_suspension")
def ask_others_after_suspension(session: Session, event: TechnicianSuspended) -> None:
    assert event.technician_id is not None
    service.ask_others(session, event.technician_id)


@on(CredentialEnded, name="marketplace.ask_others_after_credential")
def ask_others_after_credential(session: Session, event: CredentialEnded) -> None:
    assert event.technician_id is not None
    service.ask_others(session, event.technician_id, needing=event.kind)
