"""The office's endpoints for work orders, work types, parts and service levels."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from dispatch.work_orders import queries
from kernel import clock
from tests.client import ApiClient
from tests.factories.customers import make_site
from tests.factories.parts import make_part, make_stock
from tests.factories.sla import make_policy
from tests.factories.work_orders import make_work_order, make_work_type
from tests.principals import call_agent, dispatcher, principal

MakeClient = Callable[..., ApiClient]


@pytest.fixture
def office(client: MakeClient) -> ApiClient:
    return client(dispatcher())


class TestOpen:
    def test_opens_an_order_during_the_call(self, session: Session, client: MakeClient) -> None:
        site = make_site(session)
        work_type = make_work_type(session)
        start = clock.now(session) + timedelta(days=1)
        reply = client(call_agent()).post(
            "/api/work-orders",
            json={
                "customer_id": str(site.customer_id),
                "site_id": str(site.id),
                "work_type_code": work_type.code,
                "title": "No hot water",
                "window": {
                    "start": start.isoformat(),
                    "end": (start + timedelta(hours=2)).isoformat(),
                },
            },
        )
        assert reply.status_code == 201, reply.text
        assert reply.json()["status"] == "open"
        assert reply.json()["source"] == "dispatcher"
        assert reply.headers["etag"] == f'"{reply.json()["version"]}"'

    def test_refuses_a_window_that_ends_before_it_starts(
        self, session: Session, office: ApiClient
    ) -> None:
        site = make_site(session)
        at = clock.now(session).isoformat()
        reply = office.post(
            "/api/work-orders",
            json={
                "customer_id": str(site.customer_id),
                "site_id": str(site.id),
                "work_type_code": make_work_type(session).code,
                "window": {"start": at, "end": at},
            },
        )
        assert reply.status_code == 422

    @pytest.mark.parametrize("role", ["technician", "freelancer", "customer", "parts", "finance"])
    def test_is_for_the_office_only(self, client: MakeClient, role: str) -> None:
        assert client(principal(role)).post("/api/work-orders", json={}).status_code in (403, 422)
        assert client(principal(role)).get("/api/work-orders").status_code == 403


class TestList:
    def test_gives_pages_newest_first(self, session: Session, office: ApiClient) -> None:
        site = make_site(session)
        numbers = [make_work_order(session, site).number for _ in range(3)]
        url = f"/api/work-orders?customer_id={site.customer_id}&limit=2"
        first = office.get(url).json()
        second = office.get(f"{url}&cursor={first['next_cursor']}").json()
        listed = [item["number"] for item in first["items"] + second["items"]]
        assert listed == numbers[::-1]
        assert second["next_cursor"] is None
        assert first["items"][0]["site"]["address"] == site.address

    def test_narrows_by_every_filter(self, session: Session, office: ApiClient) -> None:
        site = make_site(session)
        order = make_work_order(session, site, priority=5, title="Flooded cellar")
        make_work_order(session, site, priority=1, source="booking")
        for narrowed in (
            f"status=open&status=new&territory_id={site.territory_id}&priority=5",
            "q=flooded%20cellar",
            f"source=dispatcher&customer_id={site.customer_id}",
        ):
            items = office.get(f"/api/work-orders?{narrowed}").json()["items"]
            assert [item["id"] for item in items] == [str(order.id)]

    def test_refuses_a_state_that_does_not_exist(self, office: ApiClient) -> None:
        assert office.get("/api/work-orders?status=lost").status_code == 422


class TestGet:
    def test_shows_all_that_belongs_to_the_order(self, session: Session, office: ApiClient) -> None:
        part = make_part(session)
        make_stock(session, part)
        order = make_work_order(
            session,
            work_type=make_work_type(
                session,
                sla_policy_id=make_policy(session).id,
                parts=[{"number": part.number, "quantity": 1}],
                prerequisites=[{"kind": "permit", "title": "Road"}],
            ),
        )
        shown = office.get(f"/api/work-orders/{order.id}").json()
        assert [visit["status"] for visit in shown["visits"]] == ["unscheduled"]
        assert {c["kind"] for c in shown["clocks"]} == {"respond", "arrive", "resolve"}
        assert shown["prerequisites"][0]["done_at"] is None
        assert shown["parts"][0]["number"] == part.number
        assert "cancelled" in shown["moves"]

    def test_of_nothing_is_not_found(self, office: ApiClient, session: Session) -> None:
        reply = office.get(f"/api/work-orders/{make_site(session).id}")
        assert (reply.status_code, reply.json()["code"]) == (404, "not_found")


class TestEdit:
    def test_needs_the_version_that_was_seen(self, session: Session, office: ApiClient) -> None:
        order = make_work_order(session)
        url = f"/api/work-orders/{order.id}"
        assert office.patch(url, json={"title": "A"}).status_code == 428
        seen = office.get(url).headers["etag"]
        first = office.patch(url, json={"title": "A"}, headers={"If-Match": seen})
        assert first.status_code == 200, first.text
        second = office.patch(url, json={"title": "B"}, headers={"If-Match": seen})
        assert (second.status_code, second.json()["code"]) == (412, "stale")

    def test_refuses_null_where_something_must_be(
        self, session: Session, office: ApiClient
    ) -> None:
        order = make_work_order(session)
        reply = office.patch(
            f"/api/work-orders/{order.id}", json={"title": None}, headers={"If-Match": '"1"'}
        )
        assert reply.status_code == 422


class TestActions:
    def test_hold_and_release(self, session: Session, office: ApiClient) -> None:
        url = f"/api/work-orders/{make_work_order(session).id}"
        held = office.post(f"{url}/hold", json={"reason": "credit"})
        assert held.json()["status"] == "on_hold"
        assert office.post(f"{url}/release").json()["status"] == "open"

    def test_cancel(self, session: Session, office: ApiClient) -> None:
        url = f"/api/work-orders/{make_work_order(session).id}"
        assert office.post(f"{url}/cancel", json={}).status_code == 422
        assert office.post(f"{url}/cancel", json={"reason": "x"}).json()["status"] == "cancelled"
        again = office.post(f"{url}/hold", json={"reason": "x"})
        assert (again.status_code, again.json()["code"]) == (409, "illegal_move")

    def test_priority(self, session: Session, office: ApiClient) -> None:
        order = make_work_order(session, priority=2)
        until = clock.now(session) + timedelta(hours=4)
        reply = office.post(
            f"/api/work-orders/{order.id}/priority",
            json={"priority": 5, "reason": "school", "until": until.isoformat()},
        )
        assert (reply.json()["priority"], reply.json()["priority_reason"]) == (5, "school")

    def test_complete_remotely_then_review_and_close(
        self, session: Session, office: ApiClient
    ) -> None:
        url = f"/api/work-orders/{make_work_order(session).id}"
        done = office.post(f"{url}/complete-remotely", json={"note": "restarted"})
        assert done.json()["status"] == "completed"
        assert office.post(f"{url}/review").json()["status"] == "reviewed"
        assert office.post(f"{url}/close").json()["status"] == "closed"

    def test_add_a_visit(self, session: Session, office: ApiClient) -> None:
        order = make_work_order(session)
        reply = office.post(f"/api/work-orders/{order.id}/visits", json={})
        assert (reply.status_code, reply.json()["sequence"]) == (201, 2)

    def test_prerequisite_done(self, session: Session, office: ApiClient) -> None:
        work_type = make_work_type(session, prerequisites=[{"kind": "permit", "title": "Road"}])
        order = make_work_order(session, work_type=work_type)
        [permit] = queries.list_prerequisites(session, order.id)
        url = f"/api/work-orders/{order.id}/prerequisites/{permit.id}/done"
        assert office.post(url).json()["done_at"] is not None
        other = make_work_order(session)
        foreign = f"/api/work-orders/{other.id}/prerequisites/{permit.id}/done"
        assert office.post(foreign).status_code == 404

    def test_pause_and_resume_the_clocks(self, session: Session, office: ApiClient) -> None:
        url = f"/api/work-orders/{make_work_order(session).id}/sla-pauses"
        paused = office.post(url, json={"reason": "no_access", "evidence": {"calls": 2}})
        assert paused.status_code == 201
        assert office.post(f"{url}/end").json()["ends_at"] is not None
        assert office.post(f"{url}/end").json() is None

    def test_planning_is_not_for_call_agents(self, session: Session, client: MakeClient) -> None:
        url = f"/api/work-orders/{make_work_order(session).id}/hold"
        assert client(call_agent()).post(url, json={"reason": "x"}).status_code == 403


class TestEntitlement:
    def test_is_told_before_and_after_opening(self, session: Session, office: ApiClient) -> None:
        site = make_site(session)
        work_type = make_work_type(session)
        before = office.get(
            f"/api/entitlement?site_id={site.id}&work_type_code={work_type.code}"
        ).json()
        assert (before["entitled"], before["price_cents"]) == (False, 12000)
        order = make_work_order(session, site, work_type)
        after = office.get(f"/api/work-orders/{order.id}/entitlement").json()
        assert after["sentence"] == before["sentence"]


class TestWorkTypes:
    def test_are_created_listed_and_edited(self, office: ApiClient) -> None:
        made = office.post(
            "/api/work-types",
            json={
                "code": "leak",
                "name": "Leak",
                "expected_minutes": 40,
                "skills": [{"skill": "plumbing", "level": 3}],
            },
        )
        assert (made.status_code, made.json()["p80_minutes"]) == (201, 60)
        assert "leak" in {t["code"] for t in office.get("/api/work-types").json()["items"]}
        edited = office.patch(
            f"/api/work-types/{made.json()['id']}",
            json={"expected_minutes": 100},
            headers={"If-Match": made.headers["etag"]},
        )
        assert (edited.status_code, edited.json()["code"]) == (422, "duration")

    def test_have_a_code_only_once(self, session: Session, office: ApiClient) -> None:
        code = make_work_type(session).code
        reply = office.post(
            "/api/work-types", json={"code": code, "name": "x", "expected_minutes": 10}
        )
        assert (reply.status_code, reply.json()["code"]) == (409, "duplicate")


class TestServiceLevels:
    def test_are_set_up_by_planners(self, session: Session, office: ApiClient) -> None:
        calendar = office.post(
            "/api/calendars",
            json={
                "name": "Office hours",
                "time_zone": "Europe/Berlin",
                "weekly": [[["08:00", "18:00"]]] * 5 + [[], []],
                "region": "DE-BE",
            },
        )
        assert calendar.status_code == 201, calendar.text
        policy = office.post(
            "/api/sla-policies",
            json={
                "name": "Gold",
                "calendar_id": calendar.json()["id"],
                "arrive_minutes": 240,
            },
        )
        assert policy.status_code == 201, policy.text
        customer_id = str(make_site(session).customer_id)
        agreement = office.post(
            "/api/agreements",
            json={
                "customer_id": customer_id,
                "name": "Full service",
                "sla_policy_id": policy.json()["id"],
                "covers": ["leak"],
                "starts_on": "2026-01-01",
                "ends_on": "2026-12-31",
            },
        )
        assert agreement.status_code == 201, agreement.text
        listed = office.get(f"/api/agreements?customer_id={customer_id}").json()["items"]
        assert [item["name"] for item in listed] == ["Full service"]
        assert office.get("/api/calendars").json()["items"]
        assert office.get("/api/sla-policies").json()["items"]

    def test_refuse_an_unknown_zone(self, office: ApiClient) -> None:
        reply = office.post(
            "/api/calendars",
            json={"name": "x", "time_zone": "Mars", "weekly": [[["08:00", "18:00"]]] * 7},
        )
        assert (reply.status_code, reply.json()["code"]) == (422, "calendar_invalid")


class TestParts:
    def test_are_counted_delivered_and_found(self, client: MakeClient) -> None:
        keeper = client(principal("parts"))
        part = keeper.post("/api/parts", json={"number": "V-1", "name": "Valve"}).json()
        url = f"/api/parts/{part['id']}"
        assert keeper.post(f"{url}/stock", json={"quantity": 3}).json()["quantity"] == 3
        assert keeper.post(f"{url}/arrivals", json={"quantity": 2}).json()["quantity"] == 5
        [found] = keeper.get("/api/parts?q=valv").json()["items"]
        [stock] = found["stock"]
        assert stock == {
            "part_id": part["id"],
            "technician_id": None,
            "depot_id": None,
            "quantity": 5,
        }

    def test_are_not_changed_by_call_agents(self, client: MakeClient) -> None:
        reply = client(call_agent()).post("/api/parts", json={"number": "V-1", "name": "Valve"})
        assert reply.status_code == 403
