"""Trainings by recipe: asked for, done, compared, promoted, cancelled."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from iot_ingest.forecasts import training
from iot_ingest.forecasts.subjects import Subject
from iot_ingest.forecasts.training import Learned, Life
from iot_ingest.predictions import service as models
from iot_ingest.predictions.lifecycle import ModelKind, ModelStatus
from iot_ingest.predictions.models import TrainedModel
from iot_ingest.prognosis.machines import Machine
from iot_ingest.trainings import comparisons, service
from iot_ingest.trainings.comparisons import Live
from iot_ingest.trainings.lifecycle import Outcome, Promotion, TrainingStatus
from iot_ingest.trainings.models import Recipe, Training
from kernel import clock
from kernel.errors import Conflict, Invalid
from kernel.events import EventRow
from tests.client import ApiClient
from tests.factories.assets import make_asset
from tests.factories.customers import make_site
from tests.factories.work_orders import make_work_type
from tests.iot_ingest.forecasts.test_service import HOUR, NOW, life, repair, store
from tests.principals import dispatcher, principal

MACHINES = 20
SUBJECT = Subject(("heat", "noise"), HOUR, "worn")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def noon(session: Session) -> None:
    clock.freeze(session, NOW)


@pytest.fixture
def site(session: Session) -> Site:
    make_work_type(session, code="repair")
    return make_site(session)


def make_recipe(session: Session, **over: Any) -> Recipe:
    values = {"name": "wear", "kind": ModelKind.REMAINING_LIFE, "asset_models": ["P-7"],
              "metrics": ["heat", "noise"], "fault_class": "worn", **over}  # fmt: skip
    return service.write(session, values)


def fleet(session: Session, site: Site, first: int, until: datetime, count: int) -> None:
    for number in range(first, first + count):
        asset = make_asset(session, site, model="P-7")
        store(session, asset, until, life(number, 45 + number % 5 * 5))
        repair(session, site, asset, until, "worn")


def trained(session: Session, recipe: Recipe) -> Training:
    asked = service.ask(session, recipe.id)
    service.run(asked.id)
    session.expire_all()
    return session.get_one(Training, asked.id)


def outcome(training: Training) -> str:
    assert training.reason is not None
    return str(training.reason["code"])


class TestRun:
    def test_keeps_the_first_and_compares_the_second(self, session: Session, site: Site) -> None:
        fleet(session, site, 0, NOW - 20 * DAY, MACHINES)
        recipe = make_recipe(session, promotion=Promotion.AUTOMATIC)
        first = trained(session, recipe)
        assert first.reason is not None
        assert first.reason["code"] == Outcome.PROMOTED
        assert (first.status, first.labels, first.progress) == (TrainingStatus.DONE, MACHINES, 1.0)
        clock.freeze(session, NOW + 8 * DAY)
        fleet(session, site, 50, NOW + 7 * DAY, 5)
        fleet(session, site, 60, NOW + 8 * DAY - HOUR, 5)
        second = trained(session, recipe)
        assert second.model_id is not None
        candidate = session.get_one(TrainedModel, second.model_id)
        compared = candidate.card["comparison"]
        assert set(compared) == {"later", "unseen"}
        assert compared["later"]["candidate"]["rmse"] < 40
        assert second.reason is not None
        at_work = candidate.status is ModelStatus.PROMOTED
        assert at_work == (second.reason["code"] == Outcome.PROMOTED)
        before = len(list(session.scalars(select(TrainedModel))))
        service.run(second.id)
        assert len(list(session.scalars(select(TrainedModel)))) == before

    def test_one_that_looks_at_something_else_does_not_go_by_itself(
        self, session: Session, site: Site
    ) -> None:
        fleet(session, site, 0, NOW - 20 * DAY, MACHINES)
        recipe = make_recipe(session, promotion=Promotion.AUTOMATIC)
        assert outcome(trained(session, recipe)) == Outcome.PROMOTED
        clock.freeze(session, NOW + 8 * DAY)
        fleet(session, site, 50, NOW + 7 * DAY, 10)
        fields = {"name": recipe.name, "kind": recipe.kind, "metrics": ["noise", "heat"]}
        service.rewrite(session, recipe, fields)
        assert outcome(trained(session, recipe)) == Outcome.NOT_COMPARED

    def test_a_model_that_went_to_work_meanwhile_stays(
        self, session: Session, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fleet(session, site, 0, NOW - 20 * DAY, MACHINES)
        recipe, learn = make_recipe(session, promotion=Promotion.AUTOMATIC), service._learn

        def promoting(training_id: UUID, work: service._Work) -> Learned:
            learned = learn(training_id, work)
            model = models.keep(session, recipe.name, work.kind, learned.content, learned.card)
            models.promote(session, model)
            return learned

        monkeypatch.setattr(service, "_learn", promoting)
        found = trained(session, recipe)
        assert outcome(found) == Outcome.NOT_COMPARED
        assert found.model_id is not None
        assert session.get_one(TrainedModel, found.model_id).status is ModelStatus.TRAINED

    @pytest.mark.parametrize(
        ("value", "told"), [(0.0, "No metric ever moves"), (float("nan"), "finite")]
    )
    def test_what_says_nothing_of_wear_gives_no_model(self, value: float, told: str) -> None:
        lives = [Life(f"m{number}", NOW, np.full((60, 2), value)) for number in range(MACHINES)]
        with pytest.raises(ValueError, match=told):
            training.learn_lives(lives, SUBJECT)

    def test_too_few_lives_end_it_with_the_reason(self, session: Session, site: Site) -> None:
        fleet(session, site, 0, NOW - 20 * DAY, 2)
        found = trained(session, make_recipe(session))
        assert (found.status, found.model_id) == (TrainingStatus.FAILED, None)
        assert found.reason is not None
        assert "5 failed machines" in found.reason["words"]["en"]

    def test_a_cancelled_one_keeps_nothing(self, session: Session, site: Site) -> None:
        fleet(session, site, 0, NOW - 20 * DAY, 6)
        asked = service.ask(session, make_recipe(session).id)
        service.cancel(session, asked.id)
        assert service.cancel(session, asked.id).status is TrainingStatus.CANCELLED
        service.run(asked.id)
        session.expire_all()
        assert session.get_one(Training, asked.id).model_id is None
        assert list(session.scalars(select(TrainedModel))) == []

    def test_stops_where_it_is_cancelled_meanwhile(self, session: Session, site: Site) -> None:
        fleet(session, site, 0, NOW - 20 * DAY, 6)
        asked = service.ask(session, make_recipe(session).id)
        tell, calls = service._tell, []

        def cancelling(*told: Any) -> None:
            calls.append(told)
            if len(calls) == 2:
                service.cancel(session, asked.id)
            tell(*told)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(service, "_tell", cancelling)
            service.run(asked.id)
        assert len(calls) == 2
        assert list(session.scalars(select(TrainedModel))) == []


class TestAsk:
    def test_twice_is_one_event(self, session: Session, site: Site) -> None:
        recipe = make_recipe(session)
        assert service.ask(session, recipe.id).id == service.ask(session, recipe.id).id
        named = select(EventRow).where(EventRow.name == "iot_ingest.TrainingRequested")
        assert len(list(session.scalars(named))) == 1

    def test_waits_for_days_and_for_repairs(self, session: Session, site: Site) -> None:
        recipe = make_recipe(session, fewest_new=2)
        assert service.ask_for_due(session) == []
        fleet(session, site, 0, NOW - DAY, 2)
        (asked,) = service.ask_for_due(session)
        service.cancel(session, asked.id)
        assert service.ask_for_due(session) == []
        clock.freeze(session, NOW + 7 * DAY - HOUR)
        (again,) = service.ask_for_due(session)
        assert again.id != asked.id, "what was cancelled has learned nothing"
        for status in (TrainingStatus.RUNNING, TrainingStatus.DONE):
            again.status = status
            again.finished_at = NOW if status is TrainingStatus.DONE else None
            session.flush()
        clock.freeze(session, NOW + 15 * DAY)
        assert service.ask_for_due(session) == []
        fleet(session, site, 9, NOW + 14 * DAY, 2)
        assert [one.recipe_id for one in service.ask_for_due(session)] == [recipe.id]

    def test_one_that_stands_still_is_given_up(self, session: Session, site: Site) -> None:
        asked = service.ask(session, make_recipe(session).id)
        clock.freeze(session, NOW + 2 * DAY)
        service.give_up_stuck(session)
        assert asked.status is TrainingStatus.FAILED


class TestWrite:
    def test_refuses_what_cannot_be_trained(self, session: Session) -> None:
        with pytest.raises(Invalid, match="measured"):
            make_recipe(session, metrics=[])
        with pytest.raises(Invalid, match="name"):
            make_recipe(session, name="drift")
        with pytest.raises(Invalid, match="number"):
            make_recipe(session, name="wear@3")
        recipe = make_recipe(session)
        with pytest.raises(Conflict, match="of this name"):
            make_recipe(session)
        with pytest.raises(Invalid, match="keeps"):
            service.rewrite(session, recipe, {"name": "other", "kind": recipe.kind})


class TestApi:
    def test_a_training_is_asked_for_seen_and_cancelled(
        self, session: Session, client: Callable[..., ApiClient], site: Site
    ) -> None:
        body = {"name": "wear", "kind": "remaining_life", "asset_models": ["P-7"],
                "metrics": ["heat"], "promotion": "automatic"}  # fmt: skip
        assert client(dispatcher()).post("/api/recipes", json=body).status_code == 403
        written = client(principal("supervisor")).post("/api/recipes", json=body)
        assert written.status_code == 201, written.text
        desk = client(dispatcher())
        recipe_id = written.json()["id"]
        asked = desk.post(f"/api/recipes/{recipe_id}/train")
        assert (asked.status_code, asked.json()["status"]) == (202, "waiting")
        ended = desk.post(f"/api/trainings/{asked.json()['id']}/cancel")
        assert ended.json()["status"] == "cancelled"
        (seen,) = desk.get(f"/api/trainings?recipe_id={recipe_id}").json()["items"]
        assert seen["finished_at"] is not None
        nothing = client(principal("supervisor")).post(
            "/api/recipes", json={**body, "name": "w", "metrics": []}
        )
        assert (nothing.status_code, nothing.json()["code"]) == (422, "metrics_missing")


class TestCompare:
    def test_a_model_that_saw_nothing_new_is_compared_on_nothing(self) -> None:
        lives = [Life(str(n), NOW, life(n, 40)) for n in range(6)]
        learned = training.learn_lives(lives, SUBJECT)
        live = Live(learned.content, NOW)
        assert comparisons.compare_lives(lives, SUBJECT, learned, live) == {}

    def test_one_that_learned_from_noise_is_worse_on_later_lives(self) -> None:
        draw = np.random.default_rng(3)
        noise = [Life(str(n), NOW - DAY, draw.normal(0, 1, (50, 2))) for n in range(6)]
        bad = training.learn_lives(noise, SUBJECT)
        lives = [Life(f"L{n}", NOW + n * HOUR, life(n, 50)) for n in range(12)]
        learned = training.learn_lives(lives, SUBJECT)
        found = comparisons.compare_lives(lives, SUBJECT, learned, Live(bad.content, NOW - DAY))
        for split in ("later", "unseen"):
            sides = found[split]
            assert (sides["candidate"]["rmse"] or 0) < (sides["live"]["rmse"] or 0)

    def test_failures_are_compared_by_journeys(self) -> None:
        presses = [press(number) for number in range(10)]
        subject = Subject(("noise", "jam"))
        learned = training.learn_failures(presses, subject)
        before = training.learn_failures(presses[:6], subject)
        cut = datetime.fromtimestamp(480_000 * 3600, NOW.tzinfo)
        found = comparisons.compare_failures(presses, subject, learned, Live(before.content, cut))
        assert set(found) == {"later", "unseen"}
        assert (found["later"]["candidate"]["recall"] or 0) > 0.5


def press(number: int) -> Machine:
    """Fails ten hours after each jam; noise says nothing."""
    draw = np.random.default_rng(number)
    hours = 479_500 + np.arange(20) * 50 + draw.uniform(0, 20, 20)
    is_jam = draw.uniform(size=20) < 0.4
    errors = tuple(
        (float(at), "jam" if jam else "noise") for at, jam in zip(hours, is_jam, strict=True)
    )
    failed = tuple((at + 10, "jammed") for at, word in errors if word == "jam")
    return Machine(f"P{number}", "P-9", 3.0, errors, failed, failed)
