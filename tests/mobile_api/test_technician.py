"""The technician's phone: only one's own visits, the legal next moves, what may be seen when."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.customers.models import SiteKeyView
from dispatch.scheduling.staffing import service as staffing
from dispatch.technicians.models import Technician, TechnicianPosition
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel import clock
from marketplace.offers.models import Offer
from tests import principals
from tests.client import ApiClient
from tests.factories.customers import make_site, make_site_key
from tests.factories.iot_ingest import make_remedy
from tests.factories.marketplace import make_freelancer, make_offer
from tests.factories.technicians import make_technician
from tests.factories.work_orders import make_visit, walk

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
Client = Callable[..., ApiClient]
V = VisitStatus


@pytest.fixture(autouse=True)
def monday_morning(session: Session) -> None:
    clock.freeze(session, NOW)


@pytest.fixture
def technician(session: Session) -> Technician:
    return make_technician(session, skills={"boiler": 3})


@pytest.fixture
def phone(client: Client, technician: Technician) -> ApiClient:
    return client(principals.technician_principal(technician))


def assigned(
    session: Session, technician: Technician, status: V = V.DISPATCHED, **over: Any
) -> Visit:
    """A visit of the technician in an hour, in this state."""
    visit = make_visit(session, **over)
    starts_at = clock.now(session) + timedelta(hours=1)
    staffing.assign(session, visit.id, [technician.id], starts_at, source="dispatcher")
    session.refresh(visit)
    return walk(session, visit, status) if status is not V.SCHEDULED else visit


def step(phone: ApiClient, visit: Visit, to: V, **more: Any) -> Any:
    return phone.post(f"/api/technician/visits/{visit.id}/move", json={"to": to, **more})


class TestMe:
    def test_tells_the_time_that_counts(self, phone: ApiClient, technician: Technician) -> None:
        told = phone.get("/api/technician/me").json()
        assert told["id"] == str(technician.id)
        assert datetime.fromisoformat(told["now"]) == NOW

    def test_customers_are_not_let_in(self, client: Client) -> None:
        reply = client(principals.principal("customer", subject_id=uuid4())).get(
            "/api/technician/me"
        )
        assert reply.status_code == 403


class TestDay:
    @pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
    def test_is_one_of_the_calendar_we_keep(self, phone: ApiClient, day: str) -> None:
        reply = phone.get("/api/technician/day", params={"day": day})
        assert (reply.status_code, reply.json()["code"]) == (422, "malformed")

    def test_has_everything_that_is_needed_offline(
        self, session: Session, phone: ApiClient, technician: Technician
    ) -> None:
        site = make_site(session, access_notes="Ring twice", access_notes_confidential="Alarm 1234")
        make_site_key(session, site, secret="4711")
        visit = assigned(session, technician, site=site)
        [sheet] = phone.get("/api/technician/day").json()["visits"]
        assert sheet["id"] == str(visit.id)
        assert sheet["site"]["access_notes"] == "Ring twice"
        assert sheet["site"]["access_notes_confidential"] == "Alarm 1234"
        assert [key["secret"] for key in sheet["site"]["keys"]] == ["4711"]
        assert sheet["contact"]["phone"].startswith("+49")
        assert sheet["skills"] == [{"skill": "boiler", "level": 2}]

    def test_every_key_shown_is_recorded(
        self, session: Session, phone: ApiClient, technician: Technician
    ) -> None:
        site = make_site(session)
        make_site_key(session, site)
        assigned(session, technician, site=site)
        phone.get("/api/technician/day")
        assert session.scalar(select(func.count()).select_from(SiteKeyView)) == 1

    def test_leaves_out_other_days_and_other_people(
        self, session: Session, phone: ApiClient, technician: Technician
    ) -> None:
        assigned(session, make_technician(session, skills={"boiler": 3}))
        assigned(session, technician)
        tomorrow = phone.get("/api/technician/day", params={"day": "2026-03-03"}).json()
        today = phone.get("/api/technician/day").json()
        assert (len(tomorrow["visits"]), len(today["visits"])) == (0, 1)

    def test_keeps_showing_work_that_goes_on_overnight(
        self, session: Session, phone: ApiClient, technician: Technician
    ) -> None:
        visit = assigned(session, technician, V.IN_PROGRESS)
        clock.freeze(session, NOW + timedelta(days=1))
        [sheet] = phone.get("/api/technician/day").json()["visits"]
        assert sheet["id"] == str(visit.id)

    def test_a_done_visit_no_longer_opens_the_door(
        self, session: Session, phone: ApiClient, technician: Technician
    ) -> None:
        site = make_site(session, access_notes_confidential="Alarm 1234")
        make_site_key(session, site)
        visit = assigned(session, technician, V.DISPATCHED, site=site)
        for to in (V.EN_ROUTE, V.ON_SITE, V.IN_PROGRESS, V.COMPLETED):
            step(phone, visit, to)
        [sheet] = phone.get("/api/technician/day").json()["visits"]
        assert sheet["status"] == "completed"
        assert sheet["site"]["access_notes_confidential"] is None
        assert sheet["site"]["keys"] == []


class TestRemedies:
    def test_the_job_tells_what_the_customer_was_told(
        self, session: Session, phone: ApiClient, technician: Technician
    ) -> None:
        visit, other = assigned(session, technician), make_visit(session)
        told = {"en": "Turn the valve off.", "de": "Das Ventil zudrehen."}
        make_remedy(session, visit.work_order_id, instructions=told, carried_out_at=NOW)
        make_remedy(session, visit.work_order_id)  # granted, and something stands in the way
        make_remedy(session, other.work_order_id, carried_out_at=NOW)
        (shown,) = phone.get(f"/api/technician/visits/{visit.id}").json()["remedies"]
        assert (shown["kind"], shown["instructions"]) == ("workaround", told)
        assert phone.get("/api/technician/day").json()["visits"][0]["remedies"] == [shown]


class TestNextMoves:
    @pytest.mark.parametrize(
        ("status", "expected"),
        [
            (V.SCHEDULED, []),
            (V.DISPATCHED, ["en_route"]),
            (V.EN_ROUTE, ["on_site"]),
            (V.ON_SITE, ["in_progress", "incomplete"]),
            (V.IN_PROGRESS, ["completed", "incomplete", "paused"]),
            (V.PAUSED, ["completed", "in_progress", "incomplete"]),
            (V.COMPLETED, []),
        ],
    )
    def test_staff_see_the_moves_of_the_table(
        self,
        session: Session,
        phone: ApiClient,
        technician: Technician,
        status: V,
        expected: list[str],
    ) -> None:
        visit = assigned(session, technician, V.DISPATCHED if status != V.SCHEDULED else status)
        for to in (V.EN_ROUTE, V.ON_SITE, V.IN_PROGRESS, V.PAUSED, V.COMPLETED):
            if visit.status is status or visit.status is V.SCHEDULED:
                break
            if to is V.PAUSED and status is V.COMPLETED:
                continue
            step(phone, visit, to)
            session.refresh(visit)
        clock.freeze(session, NOW + timedelta(minutes=30))
        sheet = phone.get(f"/api/technician/visits/{visit.id}").json()
        assert sorted(move["to"] for move in sheet["next_moves"]) == expected

    def test_a_mis_tap_can_be_taken_back_for_some_minutes(
        self, session: Session, phone: ApiClient, technician: Technician
    ) -> None:
        visit = assigned(session, technician)
        sheet = step(phone, visit, V.EN_ROUTE).json()
        assert [m["to"] for m in sheet["next_moves"] if m["is_correction"]] == ["dispatched"]

    def test_partners_are_asked_to_accept_what_was_given_to_them(
        self, session: Session, client: Client
    ) -> None:
        freelancer = make_freelancer(session)
        visit = assigned(session, freelancer)
        phone = client(principals.technician_principal(freelancer))
        sheet = phone.get(f"/api/technician/visits/{visit.id}").json()
        assert [move["to"] for move in sheet["next_moves"]] == ["accepted"]


class TestMove:
    def test_walks_a_visit_to_its_end(
        self, session: Session, phone: ApiClient, technician: Technician
    ) -> None:
        visit = assigned(session, technician)
        for to in (V.EN_ROUTE, V.ON_SITE, V.IN_PROGRESS):
            assert step(phone, visit, to).json()["status"] == to
        done = step(
            phone, visit, V.COMPLETED, report={"filter": "changed"}, verdict="repaired"
        ).json()
        assert done["report"] == {"filter": "changed", "verdict": "repaired"}

    def test_somebody_elses_visit_does_not_exist(self, session: Session, phone: ApiClient) -> None:
        visit = assigned(session, make_technician(session, skills={"boiler": 3}))
        assert step(phone, visit, V.EN_ROUTE).status_code == 404

    def test_a_visit_taken_away_does_not_exist_any_more(
        self, session: Session, phone: ApiClient, technician: Technician
    ) -> None:
        visit = assigned(session, technician)
        staffing.unassign(session, visit.id, "given to somebody else")
        assert step(phone, visit, V.EN_ROUTE).status_code == 404

    def test_skipping_a_step_is_refused(
        self, session: Session, phone: ApiClient, technician: Technician
    ) -> None:
        visit = assigned(session, technician)
        reply = step(phone, visit, V.COMPLETED)
        assert (reply.status_code, reply.json()["code"]) == (409, "illegal_move")

    @pytest.mark.parametrize("to", [V.CANCELLED, V.UNSCHEDULED, V.SCHEDULED])
    def test_what_the_office_decides_is_refused(
        self, session: Session, phone: ApiClient, technician: Technician, to: V
    ) -> None:
        visit = assigned(session, technician)
        assert step(phone, visit, to).status_code == 403

    def test_an_incomplete_visit_needs_its_reason(
        self, session: Session, phone: ApiClient, technician: Technician
    ) -> None:
        visit = assigned(session, technician)
        step(phone, visit, V.EN_ROUTE)
        step(phone, visit, V.ON_SITE)
        assert step(phone, visit, V.INCOMPLETE).status_code == 422
        done = step(phone, visit, V.INCOMPLETE, reason="customer_absent").json()
        assert done["incomplete_reason"] == "customer_absent"

    def test_the_phones_clock_is_not_trusted(
        self, session: Session, phone: ApiClient, technician: Technician
    ) -> None:
        visit = assigned(session, technician)
        sheet = step(phone, visit, V.EN_ROUTE, at="2031-01-01T00:00:00Z").json()
        assert datetime.fromisoformat(sheet["en_route_at"]) == NOW


class TestDuty:
    def test_going_off_duty_forgets_the_position(
        self, session: Session, phone: ApiClient, technician: Technician
    ) -> None:
        phone.post("/api/technician/duty", json={"on_duty": True})
        phone.post("/api/technician/position", json={"latitude": 52.5, "longitude": 13.4})
        assert session.get(TechnicianPosition, technician.id) is not None
        phone.post("/api/technician/duty", json={"on_duty": False})
        session.expire_all()
        assert session.get(TechnicianPosition, technician.id) is None


class TestPosition:
    def test_is_refused_off_duty(self, phone: ApiClient) -> None:
        phone.post("/api/technician/duty", json={"on_duty": False})
        reply = phone.post("/api/technician/position", json={"latitude": 52.5, "longitude": 13.4})
        assert (reply.status_code, reply.json()["code"]) == (409, "off_duty")

    def test_a_place_that_is_not_on_earth_is_refused(self, phone: ApiClient) -> None:
        reply = phone.post("/api/technician/position", json={"latitude": 152.5, "longitude": 13.4})
        assert reply.status_code == 422


class TestOffers:
    def test_the_card_tells_pay_and_not_the_address(self, session: Session, client: Client) -> None:
        freelancer = make_freelancer(session)
        site = make_site(session, address="Geheimweg 7", latitude=52.5123, longitude=13.4567)
        offer = make_offer(session, make_visit(session, site=site), freelancer)
        phone = client(principals.technician_principal(freelancer))
        reply = phone.get("/api/technician/offers")
        [card] = reply.json()
        assert card["pay_cents_per_hour"] == round(offer.pay_cents * 3600 / (3600 + 1200))
        assert (card["area_latitude"], card["area_longitude"]) == (52.51, 13.46)
        assert "Geheimweg" not in reply.text

    def test_accepting_brings_the_visit_into_the_day(
        self, session: Session, client: Client
    ) -> None:
        freelancer = make_freelancer(session)
        offer = make_offer(session, technician=freelancer)
        phone = client(principals.technician_principal(freelancer))
        phone.post(f"/api/technician/offers/{offer.id}/viewed")
        answer = phone.post(f"/api/technician/offers/{offer.id}/accept").json()
        assert answer["status"] == "accepted"
        [sheet] = phone.get("/api/technician/day").json()["visits"]
        assert (sheet["id"], sheet["assigned_by"]) == (str(offer.visit_id), "offer")

    def test_losing_the_race_is_told_at_once(self, session: Session, client: Client) -> None:
        visit = make_visit(session)
        winner, loser = make_offer(session, visit), make_offer(session, visit)
        replies = [self.accept(session, client, offer) for offer in (winner, loser)]
        assert [reply.status_code for reply in replies] == [200, 409]
        assert replies[1].json()["code"] == "offer_taken"

    def accept(self, session: Session, client: Client, offer: Offer) -> Any:
        person = session.get(Technician, offer.technician_id)
        phone = client(principals.technician_principal(person))
        return phone.post(f"/api/technician/offers/{offer.id}/accept")

    def test_declining_keeps_the_reason(self, session: Session, client: Client) -> None:
        freelancer = make_freelancer(session)
        offer = make_offer(session, technician=freelancer)
        phone = client(principals.technician_principal(freelancer))
        reply = phone.post(f"/api/technician/offers/{offer.id}/decline", json={"reason": "too far"})
        assert reply.json()["status"] == "declined"

    def test_somebody_elses_offer_does_not_exist(self, session: Session, phone: ApiClient) -> None:
        offer = make_offer(session)
        for action, body in (("viewed", None), ("accept", None), ("decline", {})):
            reply = phone.post(f"/api/technician/offers/{offer.id}/{action}", json=body)
            assert reply.status_code == 404


class TestReport:
    def test_a_step_taken_already_changes_it_no_more(
        self, session: Session, phone: ApiClient, technician: Technician
    ) -> None:
        visit = assigned(session, technician)
        for to in (V.EN_ROUTE, V.ON_SITE, V.IN_PROGRESS):
            step(phone, visit, to)
        assert step(phone, visit, V.COMPLETED, report={"note": "sealed"}).status_code == 200
        clock.freeze(session, NOW + timedelta(days=30))
        again = step(phone, visit, V.COMPLETED, report={"note": "never was there"})
        assert again.json()["report"] == {"note": "sealed"}

    def test_that_is_nested_without_end_is_refused(
        self, session: Session, phone: ApiClient, technician: Technician
    ) -> None:
        visit = assigned(session, technician, V.IN_PROGRESS)
        deep: dict[str, Any] = {}
        for _ in range(400):
            deep = {"a": deep}
        payload = {"to": "completed", "report": deep}
        command = {"seq": 1, "id": "1", "kind": "move", "visit_id": str(visit.id)}
        batch = {"device_id": str(uuid4()), "commands": [{**command, "payload": payload}]}
        [result] = phone.post("/api/technician/commands", json=batch).json()["results"]
        assert (result["status"], result["code"]) == ("refused", "malformed")
        assert phone.get("/api/technician/day").status_code == 200


class TestBackOut:
    def test_others_are_asked(
        self, session: Session, client: Client, run_jobs: Callable[[], int]
    ) -> None:
        freelancer = make_freelancer(session)
        offer = make_offer(session, technician=freelancer)
        make_freelancer(session)
        phone = client(principals.technician_principal(freelancer))
        phone.post(f"/api/technician/offers/{offer.id}/accept")
        reply = phone.post(
            f"/api/technician/visits/{offer.visit_id}/back-out", json={"reason": "ill"}
        )
        assert reply.status_code == 204
        run_jobs()
        office = client(principals.dispatcher()).get(
            "/api/offers", params={"visit_id": str(offer.visit_id), "status": "sent"}
        )
        assert len(office.json()["items"]) == 1

    def test_is_refused_under_way(
        self, session: Session, phone: ApiClient, technician: Technician
    ) -> None:
        visit = assigned(session, technician, V.EN_ROUTE)
        reply = phone.post(f"/api/technician/visits/{visit.id}/back-out", json={"reason": "tired"})
        assert (reply.status_code, reply.json()["code"]) == (409, "under_way")


class TestAbsences:
    def test_are_recorded(self, phone: ApiClient) -> None:
        reply = phone.post(
            "/api/technician/absences",
            json={
                "starts_at": "2026-03-02T12:00:00Z",
                "ends_at": "2026-03-03T12:00:00Z",
                "kind": "illness",
            },
        )
        assert reply.status_code == 201
