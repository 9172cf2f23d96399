"""Scoring stored readings with trained models: forecasts are kept, and rules told of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from iot_ingest.alerts import openings
from iot_ingest.forecasts import queries
from iot_ingest.forecasts.foretelling import Foretold, of_events, of_life, of_repairs
from iot_ingest.forecasts.histories import Service, lives_between, machine_of, table_of
from iot_ingest.forecasts.models import Forecast
from iot_ingest.forecasts.queries import DueAsset
from iot_ingest.forecasts.subjects import Subject
from iot_ingest.predictions.lifecycle import ModelKind
from iot_ingest.predictions.models import TrainedModel
from iot_ingest.predictions.queries import find_in_use
from iot_ingest.prognosis.failures import FailureModel
from iot_ingest.prognosis.machines import LOOK_AFTER_HOURS
from iot_ingest.prognosis.remaining_life import RemainingLife
from iot_ingest.prognosis.repairs import RepairModel
from iot_ingest.rollups.levels import beginning
from iot_ingest.rules.detector import Signal
from iot_ingest.rules.models import Rule
from iot_ingest.rules.service import AssetReading, DeviceReading, Finding
from kernel import clock

FRESH = timedelta(days=2)
"""What came in longer ago is no news; it counts as history."""
LONGEST_LIFE = timedelta(days=400)
LOOK_AFTER = timedelta(hours=LOOK_AFTER_HOURS)
SLACK = timedelta(microseconds=1)
AFTER_FALSE_ALARM = {
    ModelKind.REMAINING_LIFE: timedelta(days=7),
    ModelKind.FAILURES: timedelta(days=7),
    ModelKind.REPAIRS: timedelta(days=90),
}
"""A rule whose alert turned out false says nothing more of that asset for so long: nothing new is
measured where repairs are all that is known."""
UNHEARD = timedelta(days=30)
"""An asset that was silent for so long is one on which nothing is measured."""
ANEW = timedelta(hours=20)
"""Repairs alone are looked at once a day."""


def score(session: Session) -> int:
    """Show what came in to the models that rules name; gives how many assets were looked at.

    A model that is not promoted is scored too, its newest training; its alerts need review first.
    """
    findings: list[Finding] = []
    looked_at = 0
    for name, named in groupby(queries.list_rules(session), key=lambda rule: rule.model_name):
        rules, model = list(named), find_in_use(session, name or "")
        if model is None or "subject" not in model.content:
            continue
        scorer = _Scorer(session, model)
        for asset in scorer.due(rules):
            told, made_for = scorer.foretell(asset)
            _keep(session, asset, model, told, made_for)
            findings += _findings(session, rules, model.kind, asset, told, made_for)
            looked_at += 1
    openings.apply(session, findings)
    return looked_at


def forget_old(session: Session) -> None:
    """As long as readings are kept."""
    session.execute(delete(Forecast).where(Forecast.made_for < clock.now(session) - LONGEST_LIFE))


class _Scorer:
    """One model at work."""

    def __init__(self, session: Session, model: TrainedModel) -> None:
        self._session, self._model = session, model
        self._subject = Subject.from_json(model.content["subject"])
        self._now = clock.now(session)
        self._life = self._events = self._repairs = None
        match model.kind:
            case ModelKind.REMAINING_LIFE:
                self._life = RemainingLife.from_json(model.content)
            case ModelKind.FAILURES:
                self._events = FailureModel.from_json(model.content)
            case ModelKind.REPAIRS:
                self._repairs = RepairModel.from_json(model.content)

    def due(self, rules: Sequence[Rule]) -> list[DueAsset]:
        """What fits a rule and has a new whole cycle, a new error an hour old, or where nothing is
        measured a new day."""
        asset_models = {rule.model for rule in rules}
        if self._repairs is not None:
            known = set(self._repairs.lasting)
            return queries.list_unmeasured(
                self._session,
                self._model.id,
                known if None in asset_models else known & asset_models,
                now=self._now,
                heard_since=self._now - UNHEARD,
                told_since=self._now - ANEW,
            )
        is_life = self._life is not None
        return queries.list_due(
            self._session,
            self._model.id,
            None if None in asset_models else {one for one in asset_models if one},
            self._subject.metrics,
            since=self._now - FRESH,
            until=self._last_cycle_end() if is_life else self._now - LOOK_AFTER,
            known_before=timedelta(0) if is_life else LOOK_AFTER - SLACK,
            only_errors=not is_life,
        )

    def foretell(self, asset: DueAsset) -> tuple[Foretold, datetime]:
        """What the model says, and from when on."""
        session, subject, asset_id = self._session, self._subject, asset.asset_id
        begin = self._now - LONGEST_LIFE
        services = queries.services_of(session, [asset_id], begin)[asset_id]
        if self._life is not None:
            until = self._last_cycle_end()
            _, begin = lives_between(services, subject.fault_class, begin)
            cycles = queries.cycles_of(
                session, asset_id, subject.metrics, subject.cycle, begin, until
            )
            return of_life(self._life, subject, table_of(cycles, subject.metrics)), until
        if self._repairs is not None:
            age = self._age_days(asset_id, services)
            return of_repairs(self._repairs, asset.asset_model, age), self._now
        assert self._events is not None
        facts = queries.facts_of(session, [asset_id])[asset_id]
        until = asset.last_ts + LOOK_AFTER
        errors = queries.errors_of(session, asset_id, subject.metrics, begin, until)
        machine = machine_of(facts, errors, services, subject.fault_class, self._now)
        return of_events(self._events, machine), until

    def _age_days(self, asset_id: UUID, services: Sequence[Service]) -> float:
        """Since the last repair of the fault, or since it was installed."""
        facts = queries.facts_of(self._session, [asset_id])[asset_id]
        installed = datetime.combine(facts.since, time(), UTC)
        _, begin = lives_between(services, self._subject.fault_class, installed)
        return max(0.0, (self._now - begin) / timedelta(days=1))

    def _last_cycle_end(self) -> datetime:
        return beginning(self._now, self._subject.cycle)


def _keep(
    session: Session, asset: DueAsset, model: TrainedModel, told: Foretold, made_for: datetime
) -> None:
    session.execute(
        insert(Forecast)
        .values(
            asset_id=asset.asset_id,
            model_id=model.id,
            made_for=made_for,
            is_known=told.is_known,
            hours_left=told.hours_left,
            lower_hours=told.lower_hours,
            probability=told.probability,
            failure_curve=told.failure_curve,
        )
        .on_conflict_do_nothing()
    )


def _findings(
    session: Session,
    rules: Sequence[Rule],
    kind: ModelKind,
    asset: DueAsset,
    told: Foretold,
    made_for: datetime,
) -> list[Finding]:
    """A rule fires when the value lies beyond its limit and the model would go; the alert it gave
    clears when the value is past the second limit, and follows what is foretold in between."""
    found = []
    for rule in rules:
        if told.value is None or rule.model not in (None, asset.asset_model):
            continue
        limit = rule.detector.threshold
        if told.is_due and limit.is_beyond(told.value):
            since = made_for - AFTER_FALSE_ALARM[kind]
            if not queries.was_refuted(session, rule, asset.asset_id, since):
                found.append(_finding(rule, asset, told, made_for, Signal.FIRED))
        elif queries.find_alert_of_rule(session, rule, asset.asset_id):
            signal = Signal.CLEARED if limit.is_quiet(told.value) else Signal.FORETOLD
            found.append(_finding(rule, asset, told, made_for, signal))
    return found


def _finding(
    rule: Rule, asset: DueAsset, told: Foretold, made_for: datetime, signal: Signal
) -> Finding:
    assert told.value is not None
    judged = (asset.asset_id, asset.asset_model, rule.metric, made_for, told.value)
    reading = (
        AssetReading(*judged)
        if asset.device_id is None
        else DeviceReading(asset.device_id, *judged)
    )
    facts = {
        "hours_left": told.hours_left,
        "lower_hours": told.lower_hours,
        "probability": told.probability,
        "failures": told.failures,
    }
    return Finding(
        rule,
        reading,
        signal,
        made_for,
        evidence={"forecast": {k: round(v, 3) for k, v in facts.items() if v is not None}},
        predicted_minutes=told.predicted_minutes,
        failure_curve=told.failure_curve,
    )
