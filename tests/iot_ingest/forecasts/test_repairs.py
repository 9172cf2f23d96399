"""Where nothing is measured: from repairs to a model with a card, and to a dated work order."""

import random
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.customers.models import Site
from dispatch.work_orders.models import WorkOrder
from iot_ingest.alerts import service as alert_service
from iot_ingest.alerts.lifecycle import Disposition, TriageReason
from iot_ingest.alerts.models import Alert
from iot_ingest.alerts.reasons import reason_in_words
from iot_ingest.decisions import service as decisions
from iot_ingest.devices.models import DeviceContact
from iot_ingest.forecasts import queries, service, training
from iot_ingest.forecasts.subjects import Subject
from iot_ingest.forecasts.training import Learned
from iot_ingest.predictions import service as models
from iot_ingest.predictions.lifecycle import ModelKind
from iot_ingest.prognosis import repairs
from iot_ingest.prognosis.cards import repair_card
from iot_ingest.prognosis.repairs import Spell
from iot_ingest.rules.detector import Measure
from iot_ingest.rules.lifecycle import Severity
from iot_ingest.rules.threshold import Op
from iot_ingest.trainings import comparisons
from iot_ingest.trainings.comparisons import Live
from kernel import clock
from tests.factories.assets import make_asset
from tests.factories.customers import make_site
from tests.factories.iot_ingest import make_device, make_rule
from tests.factories.work_orders import make_work_type
from tests.iot_ingest.forecasts.test_service import repair

NOW = datetime.fromisoformat("2026-11-23T12:00:00+00:00")
DAY = timedelta(days=1)
SUBJECT = Subject((), fault_class="worn")


@pytest.fixture
def site(session: Session) -> Site:
    clock.freeze(session, NOW)
    make_work_type(session, code="repair")
    return make_site(session)


def history(shape: float, machines: int = 40, seed: int = 1) -> list[Spell]:
    """Four years of machines that last 300 days or so, each mended when it fails."""
    draw, found = random.Random(seed), []
    for number in range(machines):
        begin = NOW - 1400 * DAY + number * DAY
        while begin < NOW:
            end = begin + draw.weibullvariate(330, shape) * DAY
            found.append(Spell(f"M{number}", "P-7", begin, min(end, NOW), end <= NOW))
            begin = end
    return found


def make_pump(session: Session, site: Site, age_days: int) -> Asset:
    """Repaired last so many days ago."""
    installed = (NOW - 900 * DAY).date()
    asset = make_asset(session, site, model="P-7", installed_on=installed, criticality=4)
    repair(session, site, asset, NOW - age_days * DAY, "worn")
    return asset


def put_to_work(session: Session, learned: Learned, *, promoted: bool = True) -> None:
    model = models.keep(session, "pumps", ModelKind.REPAIRS, learned.content, learned.card)
    if promoted:
        models.promote(session, model)
    make_rule(session, metric="repairs", measure=Measure.MODEL, model_name="pumps", model="P-7",
              fault_class="worn", severity=Severity.CRITICAL, duration_seconds=0,
              work_type_code="repair", response_hours=24 * 60, op=Op.BELOW,
              threshold=24 * 30.0, clear_threshold=24 * 60.0)  # fmt: skip


@pytest.fixture(scope="module")
def learned() -> Learned:
    return training.learn_repairs(history(4.0), SUBJECT)


class TestCard:
    def test_passes_where_machines_wear(self, learned: Learned) -> None:
        assert learned.card["passes"], learned.card
        assert 0.85 <= learned.card["coverage90"] <= 0.95

    def test_fails_where_age_says_nothing(self) -> None:
        card = repair_card(repairs.backtest(history(1.0)))
        assert not card["floors"]["gain"]
        assert not card["passes"]

    def test_takes_machines_and_failures(self) -> None:
        with pytest.raises(ValueError, match="5 machines"):
            repairs.backtest(history(4.0, machines=3))
        with pytest.raises(ValueError, match="ten failures"):
            repairs.backtest([one for one in history(4.0, 6) if not one.failed])

    def test_what_has_not_failed_yet_counts_until_now(self) -> None:
        spells = [Spell(str(n), "P", NOW - 100 * DAY, NOW, n % 2 == 0) for n in range(10)]
        assert repairs.coverage(
            [repairs.Judged(one, 0.5 + n / 10, 0, 0) for n, one in enumerate(spells)]
        ) == pytest.approx(9 / 10 * 7 / 8 * 5 / 6)


class TestCompare:
    def test_wear_is_better_than_a_constant_rate(self, learned: Learned) -> None:
        before = training.learn_repairs(history(1.0, 12), SUBJECT)
        live = Live({**before.content, "machines": []}, NOW - 700 * DAY)
        found = comparisons.compare_repairs(history(4.0), SUBJECT, learned, live)
        assert set(found) == {"later", "unseen"}
        for sides in found.values():
            assert (sides["candidate"]["gain"] or 0) > (sides["live"]["gain"] or 0)


class TestScore:
    def test_a_due_risk_opens_a_dated_work_order(
        self, session: Session, site: Site, learned: Learned
    ) -> None:
        put_to_work(session, learned)
        worn, new = make_pump(session, site, 260), make_pump(session, site, 20)
        assert service.score(session) == 2
        assert service.score(session) == 0
        (alert,) = session.scalars(select(Alert))
        assert (alert.asset_id, alert.device_id) == (worn.id, None)
        (told,) = queries.latest_of_asset(session, worn.id)
        assert told.is_known
        assert 0 < (told.lower_hours or 0) < 24 * 30 < (told.hours_left or 0)
        words = reason_in_words(alert.evidence)
        assert "Nothing is measured on it" in words["en"]
        assert "nichts" in words["de"]
        decisions.decide(session, alert.id)
        order = session.get_one(WorkOrder, alert.work_order_id)
        assert order.due_at is not None
        assert order.earliest_at is not None
        assert NOW < order.due_at <= NOW + timedelta(hours=told.lower_hours or 0)
        assert order.earliest_at <= order.due_at
        assert order.delay_cost_cents_per_day > 0
        assert order.failure_curve == told.failure_curve
        assert (queries.latest_of_asset(session, new.id)[0].lower_hours or 0) > 24 * 60

    def test_without_a_promoted_card_it_needs_review(
        self, session: Session, site: Site, learned: Learned
    ) -> None:
        put_to_work(session, learned, promoted=False)
        make_pump(session, site, 260)
        service.score(session)
        (alert,) = session.scalars(select(Alert))
        decisions.decide(session, alert.id)
        assert alert.triage_reason is TriageReason.NO_CARD
        assert alert.work_order_id is None

    def test_what_is_measured_or_older_than_any_is_left_alone(
        self, session: Session, site: Site, learned: Learned
    ) -> None:
        put_to_work(session, learned)
        measured, oldest = make_pump(session, site, 260), make_pump(session, site, 890)
        device = make_device(session, measured)
        contact = session.get(DeviceContact, device.id)
        if contact is None:
            contact = DeviceContact(device_id=device.id)
            session.add(contact)
        contact.last_seen_at = NOW - DAY
        session.flush()
        assert service.score(session) == 1
        assert not queries.latest_of_asset(session, oldest.id)[0].is_known
        assert list(session.scalars(select(Alert))) == []

    def test_a_false_alarm_keeps_it_silent_for_three_months(
        self, session: Session, site: Site, learned: Learned
    ) -> None:
        put_to_work(session, learned)
        make_pump(session, site, 260)
        service.score(session)
        (alert,) = session.scalars(select(Alert))
        alert_service.clear(session, alert.id, Disposition.FALSE_ALARM)
        clock.freeze(session, NOW + 20 * DAY)
        assert service.score(session) == 1
        assert [one.is_open for one in session.scalars(select(Alert))] == [False]


class TestReadSpells:
    def test_come_from_installation_and_repairs(self, session: Session, site: Site) -> None:
        asset = make_pump(session, site, 260)
        found = training.read_spells(session, ["P-7"], SUBJECT)
        assert [(one.machine, one.failed) for one in found] == [
            (str(asset.id), True),
            (str(asset.id), False),
        ]
        assert found[0].days == pytest.approx(640, abs=1)
        assert found[1].days == pytest.approx(260, abs=1)
