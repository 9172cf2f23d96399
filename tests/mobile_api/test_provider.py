"""A provider's manager: own people, proofs, times, jobs and offers, and nobody else's."""

from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from dispatch.scheduling.staffing import service as staffing
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.models import Technician
from kernel import clock
from marketplace.onboarding.lifecycle import Invited, OnboardingStatus
from marketplace.onboarding.models import Onboarding
from tests.client import ApiClient
from tests.factories.marketplace import make_bundle, make_offer
from tests.factories.payouts import make_payout
from tests.factories.technicians import (
    make_credential,
    make_shift,
    make_technician,
)
from tests.factories.work_orders import make_visit
from tests.principals import principal

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
Client = Callable[..., ApiClient]


@pytest.fixture(autouse=True)
def monday_morning(session: Session) -> None:
    clock.freeze(session, NOW)


def partner(session: Session) -> Technician:
    return make_technician(session, employment=Employment.PARTNER, skills={"boiler": 3})


def manager(client: Client, person: Technician) -> ApiClient:
    return client(principal("provider_manager", subject_id=person.provider_id))


class TestProvider:
    def test_sees_own_people_with_what_they_lack(self, session: Session, client: Client) -> None:
        person, _ = partner(session), partner(session)
        make_credential(session, person, kind="gas")
        http = manager(client, person)
        [own] = http.get("/api/provider/people").json()
        assert (own["id"], own["is_cleared"]) == (str(person.id), True)
        client(principal("supervisor")).post(
            f"/api/technicians/{person.id}/suspensions", json={"reason": "Complaint."}
        )
        [own] = http.get("/api/provider/people").json()
        assert (own["is_cleared"], own["bar_code"]) == (False, "suspended")

    def test_sees_jobs_without_the_customer(self, session: Session, client: Client) -> None:
        person, other = partner(session), partner(session)
        for one in (person, other):
            make_shift(session, one, NOW)
            visit, start = make_visit(session), NOW + timedelta(hours=3)
            staffing.assign(session, visit.id, [one.id], start, source="dispatcher")
        [job] = manager(client, person).get("/api/provider/jobs").json()
        assert job["technician_id"] == str(person.id)
        assert not {"customer", "customer_id", "phone"} & job.keys()

    def test_claims_proofs_that_the_office_verifies(self, session: Session, client: Client) -> None:
        person, foreign = partner(session), partner(session)
        http = manager(client, person)
        paper = {"name": "gas.pdf", "content": b64encode(b"%PDF-1.4 gas").decode()}
        body = {"kind": "gas", "expires_at": "2027-01-01T00:00:00Z", "paper": paper}
        made = http.post(f"/api/provider/people/{person.id}/credentials", json=body)
        assert made.json()["status"] == "pending"
        [shown] = client(principal("dispatcher")).get("/api/crowd").json()["items"][1:]
        assert shown["proofs"][0]["document_id"]
        path = f"/api/provider/people/{foreign.id}/credentials"
        assert http.post(path, json=body).status_code == 404

    def test_sets_times_but_no_rules_aside(self, session: Session, client: Client) -> None:
        person = partner(session)
        path = f"/api/provider/people/{person.id}/shifts"
        times = {"starts_at": "2026-03-03T06:00:00Z", "ends_at": "2026-03-03T22:00:00Z"}
        excused = {**times, "override_reason": "because"}
        assert manager(client, person).post(path, json=excused).json()["code"] == "working_time"

    def test_answers_for_own_people_only(self, session: Session, client: Client) -> None:
        person, other = partner(session), partner(session)
        make_shift(session, person, NOW)
        offer, foreign = (
            make_offer(session, technician=person),
            make_offer(session, technician=other),
        )
        http = manager(client, person)
        [shown] = http.get("/api/provider/offers").json()
        assert shown["id"] == str(offer.id)
        assert http.post(f"/api/provider/offers/{foreign.id}/accept").status_code == 404
        taken = http.post(f"/api/provider/offers/{offer.id}/accept")
        assert taken.json()["status"] == "accepted", taken.text
        [kept] = http.get("/api/provider/offers").json()
        assert (kept["id"], kept["technician_id"]) == (str(offer.id), str(person.id))
        assert kept["moves"] == []

    def test_answers_bundles_as_one(self, session: Session, client: Client) -> None:
        person, other = partner(session), partner(session)
        own, foreign = make_bundle(session, person), make_bundle(session, other)
        http = manager(client, person)
        path = "/api/provider/bundles/{}/decline"
        assert http.post(path.format(foreign.id), json={}).status_code == 404
        ended = http.post(path.format(own.id), json={}).json()
        assert {one["status"] for one in ended} == {"declined"}
        assert http.get("/api/provider/offers").json() == []

    def test_sees_who_joins_and_what_they_lack(self, session: Session, client: Client) -> None:
        boss, joining = (
            partner(session),
            make_technician(session, employment=Employment.PARTNER, active=False),
        )
        joining.provider_id = boss.provider_id
        http = manager(client, boss)
        assert len(http.get("/api/provider/people").json()) == 1
        session.add(
            Onboarding(
                invited_as=Invited.EMPLOYEE,
                status=OnboardingStatus.JOINED,
                name="Ole",
                email="ole@example.com",
                territory_id=joining.territory_id,
                latitude=52,
                longitude=13,
                provider_id=boss.provider_id,
                technician_id=joining.id,
                token_hash="x",
                expires_at=NOW,
            )
        )
        session.flush()
        people = {
            one["id"]: one for one in manager(client, boss).get("/api/provider/people").json()
        }
        shown = people[str(joining.id)]
        assert (shown["active"], shown["onboarding_status"]) == (False, "joined")
        assert shown["lacks"] == ["skills"]

    def test_sees_what_the_company_is_paid(self, session: Session, client: Client) -> None:
        person, other = partner(session), partner(session)
        payout, _ = make_payout(session, person), make_payout(session, other)
        shown = manager(client, person).get("/api/provider/earnings").json()
        assert [one["id"] for one in shown["payouts"]] == [str(payout.id)]
        [purse] = shown["purses"]
        assert purse["earned"] + purse["payable"] == payout.amount_cents
        assert shown["bank_label"] is None

    def test_without_a_provider_reaches_nothing(self, client: Client) -> None:
        http = client(principal("provider_manager"))
        assert http.get("/api/provider/people").json()["code"] == "no_provider"
