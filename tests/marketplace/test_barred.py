"""Suspension and missing proof: no offers, no acceptance, and the right to another look."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import exc
from sqlalchemy.orm import Session

from dispatch.events import CredentialEnded, TechnicianSuspended
from dispatch.scheduling.plans import releases
from dispatch.scheduling.staffing import service as staffing
from dispatch.technicians.credential_kinds.service import describe_kind
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.models import Technician
from dispatch.technicians.qualifications.service import revoke_credential
from dispatch.technicians.suspensions import service
from dispatch.technicians.suspensions.lifecycle import AppealStatus, SuspensionStatus
from kernel import clock
from kernel.errors import Conflict, Forbidden
from kernel.principal import SYSTEM
from marketplace.offers import service as offers
from marketplace.offers.lifecycle import OfferStatus
from marketplace.offers.queries import list_of_visit
from marketplace.waves import service as waves
from marketplace.waves import tasks as wave_tasks
from tests.client import ApiClient
from tests.factories.marketplace import make_freelancer, make_offer
from tests.factories.technicians import make_credential, make_shift, make_technician
from tests.factories.work_orders import make_visit
from tests.principals import principal

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SUPERVISOR, OTHER = principal("supervisor"), principal("supervisor")
Client = Callable[..., ApiClient]


@pytest.fixture(autouse=True)
def monday_morning(session: Session) -> None:
    clock.freeze(session, NOW)


def require_insurance(session: Session) -> None:
    describe_kind(
        session,
        "insurance",
        name="Insurance",
        required_of=[Employment.FREELANCE],
        remind_days=[7],
    )


def sqlstate_of_taking(session: Session, person: Technician, **needs: Any) -> str:
    visit = make_visit(session, **needs)
    start = NOW + timedelta(hours=3)
    with pytest.raises(exc.DBAPIError) as refused, session.begin_nested():
        staffing.assign(session, visit.id, [person.id], start, source="offer")
    return str(getattr(refused.value.orig, "sqlstate", ""))


class TestSuspended:
    def test_is_asked_by_no_wave(self, session: Session) -> None:
        barred, other = make_freelancer(session), make_freelancer(session)
        service.suspend(session, barred.id, "No-show twice.", SUPERVISOR)
        made = waves.offer_visit(session, make_visit(session).id)
        assert [offer.technician_id for offer in made] == [other.id]

    def test_loses_offers_to_others_and_cannot_accept(self, session: Session) -> None:
        barred, other = make_freelancer(session), make_freelancer(session)
        visit = make_visit(session)
        offer = make_offer(session, visit, barred)
        made = service.suspend(session, barred.id, "No-show twice.", SUPERVISOR)
        with pytest.raises(Conflict) as refused:
            offers.accept(session, offer.id, barred.id)
        assert (refused.value.code, refused.value.facts["because"]) == ("taker_barred", "suspended")
        wave_tasks.ask_others_after_suspension(
            session, TechnicianSuspended(technician_id=barred.id, suspension_id=made.id)
        )
        session.refresh(offer)
        assert offer.status is OfferStatus.WITHDRAWN
        assert list_of_visit(session, visit.id)[-1].technician_id == other.id

    def test_is_kept_from_work_by_the_database(self, session: Session) -> None:
        person = make_freelancer(session)
        service.suspend(session, person.id, "No-show twice.", SUPERVISOR)
        assert sqlstate_of_taking(session, person) == "FF006"

    def test_loses_what_is_planned(self, session: Session) -> None:
        person = make_technician(session, skills={"boiler": 3})
        make_shift(session, person, NOW)
        visit = make_visit(session)
        start = NOW + timedelta(hours=3)
        staffing.assign(session, visit.id, [person.id], start, source="dispatcher")
        service.suspend(session, person.id, "Tests pending.", SUPERVISOR)
        assert releases.release_suspended(session, person.id) == [visit.id]


class TestUnproven:
    def test_is_asked_for_no_visit_that_ends_after_the_proof(self, session: Session) -> None:
        require_insurance(session)
        short, whole = make_freelancer(session), make_freelancer(session)
        make_freelancer(session)
        soon = NOW + timedelta(minutes=30)
        make_credential(session, short, kind="insurance", expires_at=soon)
        make_credential(session, whole, kind="insurance")
        made = waves.offer_visit(session, make_visit(session).id)
        assert [offer.technician_id for offer in made] == [whole.id]

    def test_cannot_accept_once_the_proof_is_gone(self, session: Session) -> None:
        require_insurance(session)
        person, visit = make_freelancer(session), make_visit(session)
        proof = make_credential(session, person, kind="insurance")
        offer = make_offer(session, visit, person)
        revoke_credential(session, proof.id, "It was lent out.")
        with pytest.raises(Conflict) as refused:
            offers.accept(session, offer.id, person.id)
        assert refused.value.facts["because"] == "proof_missing"
        wave_tasks.ask_others_after_credential(
            session,
            CredentialEnded(technician_id=person.id, credential_id=proof.id, kind="insurance"),
        )
        session.refresh(offer)
        assert offer.status is OfferStatus.WITHDRAWN

    def test_keeps_offers_that_do_not_need_it(self, session: Session) -> None:
        person = make_freelancer(session)
        proof = make_credential(session, person, kind="gas")
        needing = make_offer(session, make_visit(session, credentials=["gas"]), person)
        other = make_offer(session, make_visit(session), person)
        revoke_credential(session, proof.id, "It was lent out.")
        wave_tasks.ask_others_after_credential(
            session, CredentialEnded(technician_id=person.id, credential_id=proof.id, kind="gas")
        )
        session.refresh(needing)
        session.refresh(other)
        assert (needing.status, other.status) == (OfferStatus.WITHDRAWN, OfferStatus.SENT)

    def test_is_kept_from_work_by_the_database(self, session: Session) -> None:
        person = make_freelancer(session)
        soon = NOW + timedelta(hours=3, minutes=30)
        make_credential(session, person, kind="gas", expires_at=soon)
        assert sqlstate_of_taking(session, person, credentials=["gas"]) == "FF006"


class TestAppeal:
    def test_is_decided_by_somebody_else(self, session: Session) -> None:
        person = make_freelancer(session)
        made = service.suspend(session, person.id, "No-show twice.", SUPERVISOR)
        asked = service.appeal(session, made.id, person.id, "I was in hospital.")
        assert service.appeal(session, made.id, person.id, "Again.").id == asked.id
        with pytest.raises(Forbidden) as refused:
            service.decide(session, asked.id, granted=False, answer="No.", by=SUPERVISOR)
        assert refused.value.code == "own_suspension"
        service.decide(session, asked.id, granted=True, answer="Proven.", by=OTHER)
        assert asked.status is AppealStatus.GRANTED
        assert (made.status, person.suspended_at) == (SuspensionStatus.LIFTED, None)

    def test_upheld_leaves_the_suspension(self, session: Session) -> None:
        person = make_freelancer(session)
        made = service.suspend(session, person.id, "No-show twice.", SUPERVISOR)
        asked = service.appeal(session, made.id, person.id, "Not true.")
        service.decide(session, asked.id, granted=False, answer="It is.", by=OTHER)
        assert (asked.status, made.status) == (AppealStatus.UPHELD, SuspensionStatus.IN_FORCE)
        with pytest.raises(Conflict):
            service.decide(session, asked.id, granted=True, answer="Oh.", by=OTHER)

    def test_unanswered_in_time_is_granted(self, session: Session) -> None:
        person = make_freelancer(session)
        made = service.suspend(session, person.id, "No-show twice.", SYSTEM)
        service.appeal(session, made.id, person.id, "Not true.")
        clock.freeze(session, NOW + service.ANSWER_WITHIN - timedelta(minutes=1))
        assert service.end_due(session) == 0
        clock.freeze(session, NOW + service.ANSWER_WITHIN)
        assert service.end_due(session) == 1
        assert made.lift_reason == service.NO_ANSWER

    def test_through_the_phone_and_the_office(self, session: Session, client: Client) -> None:
        person = make_freelancer(session)
        office = client(SUPERVISOR)
        body = {"reason": "Customer complaint.", "ends_at": "2026-04-01T00:00:00Z"}
        path = f"/api/technicians/{person.id}/suspensions"
        made = office.post(path, json=body)
        assert made.status_code == 201, made.text
        assert office.post(path, json=body).json()["code"] == "suspended_already"
        phone = client(principal("freelancer", subject_id=person.id))
        appeal = f"/api/technician/suspensions/{made.json()['id']}/appeal"
        assert phone.post(appeal, json={"words": "I was not there."}).status_code == 201
        [own] = phone.get("/api/technician/suspensions").json()
        assert own["appeals"][0]["status"] == "open"
        [asked] = office.get("/api/appeals", params={"status": "open"}).json()["items"]
        decide = f"/api/appeals/{asked['id']}/decide"
        answer = {"granted": True, "answer": "You were right."}
        assert office.post(decide, json=answer).status_code == 403
        assert client(OTHER).post(decide, json=answer).json()["status"] == "granted"
        listed = office.get("/api/suspensions", params={"technician_id": str(person.id)}).json()
        assert listed["items"][0]["status"] == "lifted"
