"""Assets, their parents and their warranty."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from dispatch.assets import queries, service
from dispatch.assets.models import Asset
from kernel import clock
from kernel.errors import Conflict, Invalid, NotFound
from tests.client import ApiClient
from tests.conftest import Database
from tests.factories.assets import make_asset
from tests.factories.customers import make_site
from tests.principals import call_agent, principal

Clients = Callable[..., ApiClient]


class TestCreateAsset:
    def test_hangs_below_a_parent_at_the_same_site(self, session: Session) -> None:
        parent = make_asset(session)
        part = service.create_asset(
            session, site_id=parent.site_id, name="Pump", parent_id=parent.id
        )
        assert queries.list_ancestor_ids(session, part.id) == [part.id, parent.id]

    def test_refuses_a_parent_elsewhere(self, session: Session) -> None:
        parent = make_asset(session)
        with pytest.raises(Invalid) as refusal:
            service.create_asset(
                session, site_id=make_site(session).id, name="Pump", parent_id=parent.id
            )
        assert refusal.value.code == "parent_elsewhere"

    def test_refuses_an_unknown_site(self, session: Session) -> None:
        with pytest.raises(NotFound):
            service.create_asset(session, site_id=make_asset(session).id, name="Pump")


class TestUpdateAsset:
    def chain(self, session: Session, length: int) -> list[Asset]:
        assets = [make_asset(session)]
        for _ in range(length - 1):
            assets.append(make_asset(session, site_id=assets[0].site_id, parent_id=assets[-1].id))
        return assets

    @pytest.mark.parametrize("below", [0, 1, 2])
    def test_refuses_a_parent_that_is_below(self, session: Session, below: int) -> None:
        assets = self.chain(session, 3)
        with pytest.raises(Conflict) as refusal:
            service.update_asset(session, assets[0], {"parent_id": assets[below].id})
        assert refusal.value.code == "asset_cycle"

    def test_can_hang_a_part_elsewhere(self, session: Session) -> None:
        top, middle, bottom = self.chain(session, 3)
        service.update_asset(session, bottom, {"parent_id": top.id})
        service.update_asset(session, middle, {"parent_id": None})
        assert queries.list_ancestor_ids(session, bottom.id) == [bottom.id, top.id]

    def test_two_people_cannot_close_a_circle_together(self, database: Database) -> None:
        with database.transaction() as session:
            one = make_asset(session)
            two = make_asset(session, site_id=one.site_id)
            keys = (one.id, two.id)
        refused: list[str] = []
        start = threading.Barrier(2)

        def hang(child: int, parent: int) -> None:
            start.wait()
            try:
                with database.transaction() as session:
                    asset = queries.get_asset(session, keys[child])
                    service.update_asset(session, asset, {"parent_id": keys[parent]})
            except Conflict as refusal:
                refused.append(refusal.code)

        threads = [threading.Thread(target=hang, args=pair) for pair in ((0, 1), (1, 0))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert refused == ["asset_cycle"]


class TestListUnderWarranty:
    @pytest.mark.parametrize(
        ("until", "covered"),
        [(date(2026, 11, 22), True), (date(2026, 11, 21), False), (None, False)],
    )
    def test_goes_by_the_calendar_of_the_site(
        self, session: Session, until: date | None, covered: bool
    ) -> None:
        # 23:30 in London is already the 22nd in Berlin
        clock.freeze(session, datetime(2026, 11, 21, 23, 30, tzinfo=UTC))
        asset = make_asset(session, warranty_until=until)
        found = queries.list_under_warranty(session, [asset.id])
        assert found == ({asset.id} if covered else set())


class TestApi:
    def test_a_call_agent_adds_lists_and_changes(self, session: Session, client: Clients) -> None:
        site = make_site(session)
        agent = client(call_agent())
        created = agent.post(
            "/api/assets",
            json={
                "site_id": str(site.id),
                "name": "Boiler",
                "warranty_until": "2100-01-01",
                "attributes": {"kw": 24},
            },
        )
        assert created.status_code == 201
        assert created.json()["under_warranty"] is True
        listed = agent.get("/api/assets", params={"site_id": str(site.id)}).json()
        assert [asset["name"] for asset in listed["items"]] == ["Boiler"]
        url = f"/api/assets/{created.json()['id']}"
        changed = agent.patch(url, json={"criticality": 5}, headers={"If-Match": '"1"'})
        assert changed.json()["criticality"] == 5
        assert agent.get(url).headers["etag"] == '"2"'

    def test_lists_what_one_customer_has(self, session: Session, client: Clients) -> None:
        asset = make_asset(session)
        make_asset(session)
        customer_id = session.get(type(make_site(session)), asset.site_id).customer_id
        listed = client(call_agent()).get("/api/assets", params={"customer_id": str(customer_id)})
        assert [item["id"] for item in listed.json()["items"]] == [str(asset.id)]

    def test_is_the_offices_alone(self, session: Session, client: Clients) -> None:
        asset = make_asset(session)
        other = client(principal("customer", subject_id=asset.site_id))
        assert other.get(f"/api/assets/{asset.id}").status_code == 403
