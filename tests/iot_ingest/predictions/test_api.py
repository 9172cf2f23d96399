"""Models and predictions over HTTP."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.customers.models import Site
from dispatch.work_orders.lifecycle import WorkOrderStatus
from dispatch.work_orders.models import WorkOrder
from iot_ingest.predictions import priors, service
from iot_ingest.predictions.lifecycle import STREAMING, ModelKind
from iot_ingest.readings.models import Reading
from iot_ingest.rules.detector import Measure
from kernel import clock
from tests.client import ApiClient
from tests.factories.assets import make_asset
from tests.factories.iot_ingest import make_device, make_rule
from tests.factories.work_orders import make_work_order
from tests.principals import dispatcher

Client = Callable[..., ApiClient]


class TestModels:
    def test_are_listed_with_their_cards_and_promoted(
        self, session: Session, client: Client
    ) -> None:
        card = {"passes": True, "machines": 30}
        service.keep(session, "pumps", ModelKind.REMAINING_LIFE, {"secret": 1}, card)
        desk = client(dispatcher())
        (found,) = desk.get("/api/models").json()["items"]
        assert (found["card"], "content" in found) == (card, False)
        promoted = desk.post(f"/api/models/{found['id']}/promote")
        assert (promoted.status_code, promoted.json()["status"]) == (200, "promoted")

    def test_without_a_passing_card_are_refused(self, session: Session, client: Client) -> None:
        model = service.keep(session, "pumps", ModelKind.REMAINING_LIFE, {}, {"passes": False})
        refused = client(dispatcher()).post(f"/api/models/{model.id}/promote")
        assert (refused.status_code, refused.json()["code"]) == (409, "no_passing_card")


class TestPredictions:
    def test_give_what_is_expected_of_the_day(self, session: Session, client: Client) -> None:
        device = make_device(session)
        make_rule(session, measure=Measure.MODEL, model_name=STREAMING, duration_seconds=0)
        now = clock.now(session)
        rows = [
            {"device_id": device.id, "metric": "temperature", "value": 20.0 + at % 2,
             "ts": now - timedelta(minutes=at)}
            for at in range(200)
        ]  # fmt: skip
        session.execute(insert(Reading), rows)
        service.watch_streams(session)
        found = client(dispatcher()).get(f"/api/assets/{device.asset_id}/predictions").json()
        (series,) = found["series"]
        assert series["points_seen"] == 200
        assert len(series["expected"]) == 97
        assert abs(series["expected"][0]["value"] - 20.5) < 0.5
        assert found["prior"] is None


class TestFindPrior:
    def test_comes_from_repairs_of_the_model(self, session: Session) -> None:
        now = clock.now(session)
        assets = [_repaired(session, now, number) for number in range(12)]
        found = priors.find_prior(session, assets[0].id)
        assert found is not None
        assert found.weibull.failures == 12
        assert 0 < found.lower_days < found.usual_days
        assert found.curve == sorted(found.curve)


def _repaired(session: Session, now: datetime, number: int) -> Asset:
    """Stands for 400 days and was repaired once, after 300 days or so."""
    begin = now - timedelta(days=400)
    asset = make_asset(session, model="P-7", created_at=begin)
    order = make_repair(session, asset)
    session.execute(
        update(WorkOrder)
        .where(WorkOrder.id == order.id)
        .values(
            version=WorkOrder.version + 1,
            reported_at=begin + timedelta(days=290 + 3 * number),
            status=WorkOrderStatus.COMPLETED,
        )
    )
    return asset


def make_repair(session: Session, asset: Asset) -> WorkOrder:
    site = session.get_one(Site, asset.site_id)
    return make_work_order(session, site, asset_id=asset.id, fault_class="worn")
