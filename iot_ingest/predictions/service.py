"""Every write of predictions: models kept and promoted, detectors run on stored readings."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from iot_ingest.alerts import openings
from iot_ingest.detectors.signs import (
    Sign,
    SignKind,
    corroborating,
    evidence_of,
    window_of,
)
from iot_ingest.detectors.streaming import StreamingDetector
from iot_ingest.predictions import queries
from iot_ingest.predictions.lifecycle import (
    DETECTORS,
    MODEL,
    STREAMING,
    ModelKind,
    ModelStatus,
)
from iot_ingest.predictions.models import DetectorState, TrainedModel
from iot_ingest.predictions.queries import Stream
from iot_ingest.rules.detector import Signal
from iot_ingest.rules.lifecycle import CORROBORATION
from iot_ingest.rules.models import Rule
from iot_ingest.rules.service import DeviceReading, Finding
from kernel import clock
from kernel.db import locked
from kernel.errors import Conflict, Invalid

STREAMS_AT_ONCE = 200
READINGS_AT_ONCE = 2000
FRESH = timedelta(days=1)
"""Older readings are learned from; nobody is told of them any more."""


def ensure_name(name: str) -> None:
    """Raises Invalid `model_name_taken` for the names of detectors, `model_name_numbered` where a
    number is in it: that is given by the training."""
    if "@" in name:
        raise Invalid(
            "Leave the number out of the name: each training gets the next.",
            code="model_name_numbered",
        )
    if name in DETECTORS or not name:
        raise Invalid("A model cannot have this name.", code="model_name_taken")


def keep(
    session: Session,
    name: str,
    kind: ModelKind,
    content: Mapping[str, Any],
    card: Mapping[str, Any],
) -> TrainedModel:
    """A new number of the model of that name. Raises what `ensure_name` raises."""
    ensure_name(name)
    model = TrainedModel(
        name=name,
        number=queries.next_number(session, name),
        kind=kind,
        content=dict(content),
        card=dict(card),
    )
    session.add(model)
    session.flush()
    return model


def promote(session: Session, model: TrainedModel) -> TrainedModel:
    """From now on its alerts may open work orders; the number promoted before retires, and verdicts
    count from now on. Twice is once. Raises Conflict `no_passing_card`, and `promoted_meanwhile`
    for whoever waited while another number went to work."""
    before = queries.find_promoted_id(session, model.name)
    hold_promotions(session, model.name)
    (model,) = locked(session, TrainedModel, [model.id])
    if model.status is ModelStatus.PROMOTED:
        return model
    if model.card.get("passes") is not True:
        raise Conflict("Its backtest does not reach the floors.", code="no_passing_card")
    if queries.find_promoted_id(session, model.name) != before:
        raise Conflict("Another number went to work just now.", code="promoted_meanwhile")
    if before is not None:
        (earlier,) = locked(session, TrainedModel, [before])
        _move(earlier, ModelStatus.RETIRED)
        session.flush()
    _move(model, ModelStatus.PROMOTED)
    named = [rule.id for rule in queries.list_rules_of(session, model.name)]
    for rule in locked(session, Rule, named):
        rule.judged_since = clock.now(session)
    session.flush()
    return model


def hold_promotions(session: Session, name: str) -> None:
    """Models of one name are promoted one after the other, until the transaction ends."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"promote {name}"))))


def watch_streams(session: Session) -> int:
    """Show the readings that came in to the detectors of their metrics; gives how many streams.

    What they find goes to the rules of the detectors as an alert. Without a card such an alert
    needs review first.
    """
    rules = queries.list_rules_of(session, STREAMING)
    # Those with companions are about errors beside a drift.
    raising = [
        rule for rule in queries.list_rules_of(session, CORROBORATION) if not rule.companions
    ]
    now = clock.now(session)
    streams = queries.list_unseen(session, [*rules, *raising], now, STREAMS_AT_ONCE)
    findings: list[Finding] = []
    for stream in streams:
        found = _watch(session, stream, now)
        if found is not None and found.ts > now - FRESH:
            findings += [_fired(rule, found) for rule in rules if _applies(rule, found)]
            findings += _corroborated(session, raising, found)
    openings.apply(session, findings)
    return len(streams)


def _watch(session: Session, stream: Stream, now: datetime) -> DeviceReading | None:
    """The last reading that gave an alert, with its score for a value."""
    stored = session.get(DetectorState, (stream.device_id, stream.metric), with_for_update=True)
    detector = StreamingDetector.from_json(stored.state) if stored else StreamingDetector()
    since = stored.last_ts if stored else now - queries.HISTORY
    readings = queries.readings_after(session, stream, since, READINGS_AT_ONCE)
    if not readings:
        return None
    found = None
    for ts, value in readings:
        score = detector.score(ts.timestamp(), value)
        if detector.alerts(score):
            found = DeviceReading(
                stream.device_id, stream.asset_id, stream.asset_model, stream.metric, ts, score
            )
    alerted_at = found.ts if found else stored.alerted_at if stored else None
    values = {
        "state": detector.to_json(),
        "last_ts": readings[-1][0],
        "alerted_at": alerted_at,
    }
    session.execute(
        insert(DetectorState)
        .values(device_id=stream.device_id, metric=stream.metric, **values)
        .on_conflict_do_update(
            index_elements=[DetectorState.device_id, DetectorState.metric], set_=values
        )
    )
    return found


def _corroborated(session: Session, rules: Sequence[Rule], found: DeviceReading) -> list[Finding]:
    rules = [rule for rule in rules if _applies(rule, found)]
    if not rules:
        return []
    since = found.ts - window_of(SignKind.ANOMALY)
    alerted = queries.metrics_alerted(session, found.asset_id, since)
    others = corroborating(
        Sign(SignKind.ANOMALY, found.metric, found.ts),
        [Sign(SignKind.ANOMALY, metric, at) for metric, at in alerted.items()],
    )
    if not others:
        return []
    return [
        Finding(rule, found, Signal.FIRED, found.ts, evidence=evidence_of(others)) for rule in rules
    ]


def _applies(rule: Rule, found: DeviceReading) -> bool:
    return rule.metric == found.metric and rule.model in (None, found.asset_model)


def _fired(rule: Rule, found: DeviceReading) -> Finding:
    return Finding(rule, found, Signal.FIRED, found.ts)


def _move(model: TrainedModel, to: ModelStatus) -> None:
    MODEL.check(model.status, to)
    model.status = to
