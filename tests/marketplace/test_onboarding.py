"""From an invitation to the first offer, with everything that can be lacking on the way."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.accounts.queries import find_by_email
from dispatch.accounts.service import principal_of
from dispatch.messaging.models import Message
from dispatch.technicians.credential_kinds.service import describe_kind
from dispatch.technicians.lifecycle import Employment
from kernel import clock
from kernel.errors import Conflict
from marketplace.availability.service import Hours, set_hours
from marketplace.crowd.queries import list_freelancers
from marketplace.documents.service import hand_in
from marketplace.offers import service as offers
from marketplace.onboarding import service
from marketplace.onboarding.queries import lacks_of
from marketplace.payments.ports import payment_provider
from marketplace.payments.sandbox import Sandbox
from marketplace.rate_cards.service import approve_card, propose_card
from marketplace.skill_claims.service import claim_skill
from marketplace.terms.service import consent, publish_terms
from marketplace.waves import service as waves
from tests.client import ApiClient
from tests.factories.marketplace import make_freelancer, make_offer
from tests.factories.technicians import make_provider, make_shift, make_technician
from tests.factories.territories import make_territory
from tests.factories.work_orders import make_visit
from tests.principals import principal

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
Client = Callable[..., ApiClient]
PDF = base64.b64encode(b"%PDF-1.4 proof").decode()
HERE = {"latitude": 52.52, "longitude": 13.4}


@pytest.fixture(autouse=True)
def monday_morning(session: Session) -> None:
    clock.freeze(session, NOW)


def invited(session: Session, client: Client, **over: object) -> str:
    """The token of the link that went out."""
    body = {
        "name": "Mara", "email": "mara@example.com",
        "territory_id": str(make_territory(session).id), **HERE, **over,
    }  # fmt: skip
    made = client(principal("dispatcher")).post("/api/onboardings", json=body)
    assert made.status_code == 201, made.text
    message = session.scalars(select(Message).where(Message.template == "invitation")).one()
    assert message.link is not None
    return message.link.partition("#token=")[2]


class TestOnboarding:
    def test_goes_from_a_link_to_work(self, session: Session, client: Client) -> None:
        publish_terms(session, title="Terms", text="Be on time.")
        everybody = [Employment.FREELANCE]
        describe_kind(session, "insurance", name="I", required_of=everybody, remind_days=[7])
        anybody, token = client(), invited(session, client)
        looked = anybody.post("/api/join/look", json={"token": token}).json()
        assert (looked["name"], looked["terms"]["number"]) == ("Mara", 1)
        joining = {"token": token, "name": "Mara Lind", "password": "a long password"}
        assert anybody.post("/api/join", json=joining).json()["code"] == "terms_missing"
        joined = anybody.post("/api/join", json={**joining, "terms_number": 1, "locale": "de"})
        assert joined.status_code == 201, joined.text
        again = anybody.post("/api/join", json={**joining, "terms_number": 1})
        assert again.json()["code"] == "invitation_used"

        account = find_by_email(session, "mara@example.com")
        assert account is not None
        assert account.locale == "de"
        phone, office = client(principal_of(account)), client(principal("supervisor"))
        file = phone.get("/api/technician/file").json()
        assert file["lacks"] == [
            "bank_details", "rate_card", "availability", "skills", "proof:insurance"
        ]  # fmt: skip
        early = phone.post("/api/technician/file/submit")
        assert early.json()["code"] == "onboarding_lacks"
        paper = phone.post("/api/technician/documents", json={"name": "p.pdf", "content": PDF})
        key = paper.json()["id"]
        with payment_provider.wired(Sandbox()):
            bank = {"holder": "Mara Lind", "iban": "DE89370400440532013000"}
            assert phone.put("/api/technician/bank-details", json=bank).status_code == 200
        rates = {"hourly_cents": 5000, "travel_cents_per_hour": 2000, "minimum_cents": 4000}
        card = phone.put("/api/technician/rate-card", json=rates).json()
        hours = {"hours": [{"weekday": 0, "opens": "08:00", "closes": "18:00"}]}
        assert phone.put("/api/technician/hours", json=hours).status_code == 200
        most = {"max_travel_km": 20, "max_week_hours": 30}
        assert phone.patch("/api/technician/file", json=most).status_code == 204
        changed = phone.get("/api/technician/file").json()
        assert {name: changed[name] for name in most} == most
        claim = {"skill": "Boiler", "level": 3, "document_id": key}
        claimed = phone.post("/api/technician/skill-claims", json=claim).json()
        proof = {"kind": "insurance", "document_id": key, "expires_at": "2027-01-01T00:00:00Z"}
        handed = phone.post("/api/technician/credentials", json=proof).json()
        assert phone.post("/api/technician/file/submit").json()["status"] == "submitted"

        [waiting] = office.get("/api/onboardings", params={"status": "submitted"}).json()["items"]
        approve = f"/api/onboardings/{waiting['id']}/approve"
        assert office.post(approve).json()["lacks"] == ["proof:insurance", "rate_card"]
        [shown] = office.get("/api/crowd").json()["items"]
        assert shown["proofs"][0]["document_id"] == key
        assert office.post(f"/api/credentials/{handed['id']}/verify").status_code == 200
        assert office.post(f"/api/rate-cards/{card['id']}/approve").status_code == 200
        assert office.post(f"/api/skill-claims/{claimed['id']}/approve").status_code == 200
        assert office.post(approve).json()["status"] == "approved"
        told = session.scalars(
            select(Message).where(Message.template == "onboarding_approved")
        ).one()
        assert told.text.startswith("Guten Tag")
        [offer] = waves.offer_visit(session, make_visit(session).id)
        assert str(offer.technician_id) == waiting["technician_id"]

    def test_of_a_providers_manager_ends_with_joining(
        self, session: Session, client: Client
    ) -> None:
        provider = make_provider(session)
        token = invited(
            session, client, invited_as="provider_manager", provider_id=str(provider.id)
        )
        service.join(session, token, name="Mara", password="a long password")
        account = find_by_email(session, "mara@example.com")
        assert account is not None
        assert (account.roles, account.subject_id) == (["provider_manager"], provider.id)
        [joined] = client(principal("dispatcher")).get("/api/onboardings").json()["items"]
        withdrawing = f"/api/onboardings/{joined['id']}/withdraw"
        kept = client(principal("dispatcher")).post(withdrawing, json={"note": "Has left."})
        assert kept.json()["code"] == "invitation_used"

    def test_link_ends(self, session: Session, client: Client) -> None:
        token = invited(session, client)
        clock.freeze(session, NOW + service.LINK_LIFE)
        ended = client().post("/api/join/look", json={"token": token})
        assert ended.json()["code"] == "invitation_over"
        unknown = client().post("/api/join/look", json={"token": "x" * 43})
        assert unknown.status_code == 404


class TestLacks:
    def test_are_ones_own(self, session: Session) -> None:
        one, other = make_freelancer(session, skills={}), make_freelancer(session, skills={})
        paper = hand_in(session, other.id, "p.pdf", b"%PDF-1.4 proof")
        claim_skill(session, other.id, skill="boiler", level=1, document_id=paper.id)
        make_shift(session, other, NOW + timedelta(days=3))
        lacks = lacks_of(session, [one, other])
        assert lacks[one.id] == ["bank_details", "availability", "skills"]
        assert lacks[other.id] == ["bank_details"]


class TestOwnFile:
    def test_leaves_what_was_agreed_with_staff(self, session: Session, client: Client) -> None:
        staff = make_technician(session)
        phone = client(principal("technician", subject_id=staff.id))
        refused = phone.patch("/api/technician/file", json={"max_week_hours": 5})
        assert refused.json()["code"] == "set_by_office"


class TestTerms:
    def test_bind_whoever_is_asked_or_accepts(self, session: Session) -> None:
        person, visit = make_freelancer(session), make_visit(session)
        offer = make_offer(session, visit, person)
        publish_terms(session, title="T", text="T")
        assert waves.offer_visit(session, make_visit(session).id) == []
        with pytest.raises(Conflict) as refused:
            offers.accept(session, offer.id, person.id)
        assert refused.value.facts["because"] == "terms_missing"
        consent(session, person.id, 1)
        assert len(waves.offer_visit(session, make_visit(session).id)) == 1

    def test_follow_the_version_that_was_read(self, session: Session, client: Client) -> None:
        http = client(principal("supervisor"))
        body = {"title": "T", "text": "T"}

        def published(seen: int) -> int:
            seen_header = {"If-Match": f'"{seen}"'}
            return http.post("/api/terms", json=body, headers=seen_header).status_code

        assert [published(0), published(0), published(1)] == [201, 412, 201]
        assert [one["number"] for one in http.get("/api/terms").json()] == [2, 1]


class TestRatesAndHours:
    def test_decide_what_is_offered_and_when(self, session: Session) -> None:
        person = make_freelancer(session, latitude=52.52, longitude=13.4)
        card = propose_card(
            session,
            person.id,
            hourly_cents=5000,
            travel_cents_per_hour=0,
            skill_cents={"boiler": 9000},
        )
        approve_card(session, card.id)
        [offer] = waves.offer_visit(session, make_visit(session).id)
        assert offer.pay_cents == 9000
        set_hours(
            session,
            person.id,
            [Hours(1, datetime(1, 1, 1, 10).time(), datetime(1, 1, 1, 12).time())],
        )
        [known] = list_freelancers(session, NOW, NOW + timedelta(days=2))
        [(opens, closes)] = known.available
        assert closes - opens == timedelta(hours=2)
        assert opens.weekday() == 1

    def test_bind_whoever_holds_two_offers_that_fit_alone(self, session: Session) -> None:
        person = make_freelancer(session, max_week_hours=1)
        first, second = (make_offer(session, technician=person) for _ in range(2))
        elsewhen = make_offer(session, technician=person, starts_at=NOW + timedelta(days=7))
        offers.accept(session, first.id, person.id)
        with pytest.raises(Conflict) as refused:
            offers.accept(session, second.id, person.id)
        assert refused.value.code == "hours_full"
        assert offers.accept(session, elsewhen.id, person.id).status == "accepted"

    def test_of_a_full_week_leave_nothing(self, session: Session) -> None:
        person = make_freelancer(session, max_week_hours=1)
        offer = make_offer(session, make_visit(session), person)
        offers.accept(session, offer.id, person.id)
        assert (
            waves.offer_visit(
                session,
                make_visit(session, window_start=NOW, window_end=NOW + timedelta(hours=8)).id,
            )
            == []
        )
