"""Technicians over HTTP."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from dispatch.accounts.roles import CALL_AGENT, CUSTOMER, FREELANCER, PARTS, TECHNICIAN
from tests.client import ApiClient
from tests.factories.technicians import make_technician
from tests.factories.territories import make_territory
from tests.principals import dispatcher, principal

Clients = Callable[..., ApiClient]


class TestTechnicians:
    def test_a_planner_hires_and_plans(self, session: Session, client: Clients) -> None:
        planner = client(dispatcher())
        created = planner.post(
            "/api/technicians",
            json={
                "name": "Tom",
                "employment": "in_house",
                "territory_id": str(make_territory(session).id),
                "latitude": 52.5,
                "longitude": 13.4,
                "hourly_cents": 4500,
                "skills": [{"skill": "gas", "level": 3}],
            },
        )
        assert created.status_code == 201
        url = f"/api/technicians/{created.json()['id']}"
        assert planner.get(f"{url}/skills").json()[0]["level"] == 3
        replaced = planner.put(f"{url}/skills", json=[{"skill": "water", "level": 1}])
        assert [skill["skill"] for skill in replaced.json()] == ["water"]
        shift = planner.post(
            f"{url}/shifts",
            json={
                "starts_at": "2026-11-23T08:00:00+01:00",
                "ends_at": "2026-11-23T16:00:00+01:00",
                "breaks": [
                    {
                        "earliest": "2026-11-23T11:00:00+01:00",
                        "latest": "2026-11-23T13:00:00+01:00",
                        "minutes": 30,
                    }
                ],
            },
        )
        assert shift.status_code == 201
        day = {"start": "2026-11-23T00:00:00Z", "end": "2026-11-24T00:00:00Z"}
        listed = planner.get(f"{url}/shifts", params=day).json()
        assert [len(item["breaks"]) for item in listed] == [1]
        assert planner.delete(f"{url}/shifts/{shift.json()['id']}").status_code == 204
        assert planner.get(f"{url}/shifts", params=day).json() == []
        changed = planner.patch(url, json={"active": False}, headers={"If-Match": '"1"'})
        assert changed.json()["active"] is False
        assert planner.get("/api/technicians").json()["items"] == []

    def test_a_credential_is_claimed_verified_and_revoked(
        self, session: Session, client: Clients
    ) -> None:
        planner = client(dispatcher())
        url = f"/api/technicians/{make_technician(session).id}/credentials"
        claimed = planner.post(url, json={"kind": "gas", "expires_at": "2099-01-01T00:00:00Z"})
        assert claimed.json()["status"] == "pending"
        key = claimed.json()["id"]
        assert planner.post(f"/api/credentials/{key}/verify").json()["status"] == "valid"
        revoke = f"/api/credentials/{key}/revoke"
        assert planner.post(revoke).status_code == 422
        for reason in ("It was lent out.", "Another."):
            revoked = planner.post(revoke, json={"reason": reason}).json()
            assert (revoked["status"], revoked["note"]) == ("revoked", "It was lent out.")
        assert planner.post(f"/api/credentials/{key}/verify").status_code == 409
        assert [c["status"] for c in planner.get(url).json()] == ["revoked"]

    def test_an_absence_is_reported_and_withdrawn(self, session: Session, client: Clients) -> None:
        planner = client(dispatcher())
        url = f"/api/technicians/{make_technician(session).id}/absences"
        times = {"starts_at": "2026-11-23T08:00:00Z", "ends_at": "2026-11-23T16:00:00Z"}
        reported = planner.post(url, json={**times, "kind": "holiday"})
        assert reported.status_code == 201
        span = {"start": times["starts_at"], "end": times["ends_at"]}
        assert len(planner.get(url, params=span).json()) == 1
        assert planner.delete(f"{url}/{reported.json()['id']}").status_code == 204
        assert planner.get(url, params=span).json() == []

    def test_lists_by_territory_and_employment(self, session: Session, client: Clients) -> None:
        here = make_territory(session)
        wanted = make_technician(session, here, employment="freelance")
        make_technician(session, here)
        make_technician(session, employment="freelance")
        listed = client(dispatcher()).get(
            "/api/technicians", params={"territory_id": str(here.id), "employment": "freelance"}
        )
        assert [item["id"] for item in listed.json()["items"]] == [str(wanted.id)]

    def test_a_provider_is_named_once(self, session: Session, client: Clients) -> None:
        planner = client(dispatcher())
        assert planner.post("/api/providers", json={"name": "Acme"}).status_code == 201
        assert planner.post("/api/providers", json={"name": "Acme"}).status_code == 409
        assert [p["name"] for p in planner.get("/api/providers").json()] == ["Acme"]

    @pytest.mark.parametrize("role", [CALL_AGENT, PARTS])
    def test_others_in_the_house_read_only(
        self, session: Session, client: Clients, role: str
    ) -> None:
        technician = make_technician(session)
        other = client(principal(role))
        url = f"/api/technicians/{technician.id}"
        assert other.get(url).status_code == 200
        assert other.get(f"{url}/absences").status_code == 403
        change = other.patch(url, json={"active": False}, headers={"If-Match": '"1"'})
        assert change.status_code == 403

    @pytest.mark.parametrize("role", [CUSTOMER, TECHNICIAN, FREELANCER])
    def test_others_see_nothing(self, session: Session, client: Clients, role: str) -> None:
        technician = make_technician(session)
        other = client(principal(role, subject_id=technician.id))
        assert other.get(f"/api/technicians/{technician.id}").status_code == 403
        assert other.get("/api/technicians").status_code == 403

    def test_a_naive_time_is_refused(self, session: Session, client: Clients) -> None:
        url = f"/api/technicians/{make_technician(session).id}/shifts"
        reply = client(dispatcher()).post(
            url, json={"starts_at": "2026-11-23T08:00:00", "ends_at": "9999-12-31T23:59:59Z"}
        )
        assert reply.status_code == 422
        assert {error["field"] for error in reply.json()["errors"]} == {"starts_at", "ends_at"}
