"""Every write on rules: define and change them, judge arriving readings, start afresh."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace
from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session

from dispatch.work_orders.queries import find_work_type
from iot_ingest.devices.service import lock_contacts
from iot_ingest.events import RuleDemoted
from iot_ingest.rules import queries
from iot_ingest.rules.detector import (
    Detector,
    Measure,
    Signal,
    Watch,
    is_late,
    measured,
    step,
    step_silence,
)
from iot_ingest.rules.flapping import steady
from iot_ingest.rules.lifecycle import DRIFT, Danger, NoAnswer, Standing
from iot_ingest.rules.memory import memory_to_json
from iot_ingest.rules.models import Rule, RuleState
from kernel import clock, db
from kernel.db import locked
from kernel.errors import Invalid
from kernel.events import publish

REMEMBER = text(
    """
    INSERT INTO rule_states
           (rule_id, device_id, since, last_ts, last_value, firing, quiet_until, memory)
    SELECT * FROM unnest(:rules ::uuid[], :devices ::uuid[], :since ::timestamptz[],
                         :last_ts ::timestamptz[], :last_value ::float8[], :firing ::boolean[],
                         :quiet_until ::timestamptz[], :memory ::jsonb[])
        ON CONFLICT (rule_id, device_id) DO UPDATE
       SET since = excluded.since, last_ts = excluded.last_ts, last_value = excluded.last_value,
           firing = excluded.firing, quiet_until = excluded.quiet_until, memory = excluded.memory
    """
)
WATCHED = {
    "metric",
    "model",
    "op",
    "threshold",
    "clear_threshold",
    "duration_seconds",
    "measure",
    "model_name",
    "clear_after_seconds",
    "repeat_times",
    "repeat_seconds",
    "rate_seconds",
    "hours",
    "companions",
    "together",
}


class DeviceReading(msgspec.Struct, frozen=True):
    """A stored reading with what rules ask about its sender."""

    device_id: UUID
    asset_id: UUID
    asset_model: str
    metric: str
    ts: datetime
    value: float
    restarts: bool = False
    """Whether a counter begins anew with it."""


class AssetReading(msgspec.Struct, frozen=True):
    """What a model says of an asset on which nothing is measured."""

    asset_id: UUID
    asset_model: str
    metric: str
    ts: datetime
    value: float
    device_id: None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule fired or cleared on a device or an asset. `reading` carries what was compared with
    the limit."""

    rule: Rule
    reading: DeviceReading | AssetReading
    signal: Signal
    since: datetime | None
    others: Mapping[str, float] = field(default_factory=dict)
    """The values of the companions' metrics at that moment."""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    """What else an alert tells."""
    predicted_minutes: int | None = None
    """From the reading on; lasted nine times in ten."""
    failure_curve: Mapping[str, Any] | None = None
    """{hours: [..], probability: [..]} from the reading on."""


def define(session: Session, fields: Mapping[str, Any]) -> Rule:
    """A new rule. Raises Invalid when it contradicts itself."""
    return db.write(session, Rule(), fields, _ensure_sound)


def change(session: Session, rule: Rule, fields: Mapping[str, Any]) -> Rule:
    """Change some fields. A rule that watches something else now forgets what it remembers."""
    db.write(session, rule, fields, _ensure_sound)
    if WATCHED & fields.keys() or fields.get("active") is False:
        session.execute(delete(RuleState).where(RuleState.rule_id == rule.id))
    if WATCHED & fields.keys():
        rule.judged_since = clock.now(session)
        session.flush()
    return rule


def demote(session: Session, rule: Rule, reason: Mapping[str, Any]) -> None:
    """Its alerts need review first, until somebody trusts it again. `reason` is kept as data,
    with a sentence for people."""
    rule.standing = Standing.TRIAGE
    rule.standing_reason = {**reason, "words": demotion_in_words(reason)}
    session.flush()
    publish(session, RuleDemoted(rule_id=rule.id))


def trust(session: Session, rule_id: UUID) -> Rule:
    """A person takes a rule out of triage; verdicts count from now on. Twice is once."""
    (rule,) = locked(session, Rule, [rule_id])
    if rule.standing is Standing.TRIAGE:
        rule.standing, rule.standing_reason = Standing.TRUSTED, None
        rule.judged_since = clock.now(session)
        session.flush()
    return rule


def demotion_in_words(reason: Mapping[str, Any]) -> dict[str, str]:
    """English and German, from a reason with code `low_precision`."""
    facts = {
        "true": reason["true_faults"],
        "all": reason["verdicts"],
        "high": round(100 * reason["high"]),
        "floor": round(100 * reason["floor"]),
    }
    return {
        "en": "Needs review first: {true} of {all} alerts were true faults, surely no more than"
        " {high} % in the long run; {floor} % are asked for.".format_map(facts),
        "de": "Wird erst geprüft: {true} von {all} Meldungen waren echte Fehler, auf Dauer sicher"
        " höchstens {high} %; verlangt sind {floor} %.".format_map(facts),
    }


def evaluate(session: Session, readings: Sequence[DeviceReading]) -> list[Finding]:
    """Judge readings against every active rule and remember the outcome in this transaction.

    The caller holds the devices' contacts locked. Readings older than one already judged are
    left out. Findings come in the order of their readings' times.
    """
    rules = queries.list_active(session, {reading.metric for reading in readings})
    if not rules:
        return []
    watches = queries.list_watches(
        session, [rule.id for rule in rules], {reading.device_id for reading in readings}
    )
    by_metric = _by_metric(rules)
    changed: dict[tuple[UUID, UUID], Watch] = {}
    findings = []
    for reading in sorted(readings, key=lambda reading: reading.ts):
        for rule, detector in by_metric.get(reading.metric, ()):
            if rule.model not in (None, reading.asset_model):
                continue
            key = (rule.id, reading.device_id)
            watch = changed.get(key) or watches.get(key) or Watch()
            if is_late(watch, reading.ts, reading.metric):
                continue
            after, _ = step(
                detector, watch, reading.ts, reading.value, reading.metric, reading.restarts
            )
            after, signal = steady(watch, after)
            changed[key] = after
            if signal is not None:
                since = after.since if signal is Signal.FIRED else watch.since
                findings.append(_finding(rule, detector, reading, after, signal, since))
    _remember(session, changed)
    return findings


def find_silent(session: Session) -> list[Finding]:
    """Judge, for every rule of silence, the devices that have said nothing for too long."""
    now = clock.now(session)
    findings = []
    for rule in queries.list_of_silence(session):
        limit = timedelta(seconds=rule.threshold)
        device_ids = queries.devices_silent_since(session, rule.id, now - limit)
        if not device_ids:
            continue
        lock_contacts(session, device_ids)
        senders = queries.list_senders(session, device_ids)
        watches = queries.list_watches(session, [rule.id], device_ids)
        changed = {}
        for (_, device_id), watch in watches.items():
            after, signal = step_silence(rule.detector, watch, now)
            if signal is None:
                continue
            after = replace(after, is_told=True)
            changed[rule.id, device_id] = after
            asset_id, model = senders[device_id]
            silent = (now - (watch.last_ts or now)).total_seconds()
            judged = DeviceReading(device_id, asset_id, model, rule.metric, now, silent)
            findings.append(Finding(rule, judged, signal, after.since))
        _remember(session, changed)
    return findings


def start_afresh(
    session: Session, fault_class: str, device_ids: Collection[UUID], quiet_until: datetime
) -> None:
    """After a repair: rules of this fault count from zero, and not before `quiet_until`."""
    session.execute(
        update(RuleState)
        .where(
            RuleState.rule_id.in_(queries.ids_of_fault_class(session, fault_class)),
            RuleState.device_id.in_(device_ids),
        )
        .values(firing=False, since=None, quiet_until=quiet_until, memory=None)
    )


def _by_metric(rules: Sequence[Rule]) -> dict[str, list[tuple[Rule, Detector]]]:
    found: dict[str, list[tuple[Rule, Detector]]] = {}
    for rule in rules:
        detector = rule.detector
        for metric in rule.metrics:
            found.setdefault(metric, []).append((rule, detector))
    return found


def _finding(
    rule: Rule,
    detector: Detector,
    reading: DeviceReading,
    watch: Watch,
    signal: Signal,
    since: datetime | None,
) -> Finding:
    value = measured(detector, watch)
    judged = replace(reading, metric=rule.metric, value=reading.value if value is None else value)
    others = {
        c.metric: watch.latest[c.metric][1] for c in detector.companions if c.metric in watch.latest
    }
    return Finding(rule, judged, signal, since, others)


def _remember(session: Session, changed: Mapping[tuple[UUID, UUID], Watch]) -> None:
    if not changed:
        return
    watches = list(changed.values())
    session.execute(
        REMEMBER,
        {
            "rules": [rule_id for rule_id, _ in changed],
            "devices": [device_id for _, device_id in changed],
            "since": [watch.since for watch in watches],
            "last_ts": [watch.last_ts for watch in watches],
            "last_value": [watch.last_value for watch in watches],
            "firing": [watch.firing for watch in watches],
            "quiet_until": [watch.quiet_until for watch in watches],
            "memory": [_memory(watch) for watch in watches],
        },
    )


def _memory(watch: Watch) -> str | None:
    told = memory_to_json(watch)
    return json.dumps(told) if told else None


def _ensure_sound(session: Session, rule: Rule) -> None:
    try:
        detector = rule.detector
    except ValueError as error:
        raise Invalid(str(error), code="thresholds_contradict") from error
    others = [companion.metric for companion in detector.companions]
    rule.metrics = [detector.metric, *others, *(rule.together or ())]
    if (detector.measure is Measure.MODEL) != bool(rule.model_name):
        raise Invalid(
            "A rule of a model, and only that, names the model.", code="model_name_missing"
        )
    if (rule.model_name == DRIFT) != bool(rule.together):
        raise Invalid(
            "A rule of drifts, and only that, names metrics to be watched together.",
            code="together_missing",
        )
    if len(set(rule.metrics)) < len(rule.metrics):
        raise Invalid("A rule names each metric once.", code="metric_named_twice")
    if rule.model_name is not None and Danger(rule.danger or Danger.NONE).threatens_people:
        raise Invalid(
            "What threatens people is watched with a limit: it cannot wait for a review.",
            code="danger_needs_limit",
        )
    danger, no_answer = Danger(rule.danger or Danger.NONE), rule.no_answer
    if danger.threatens_people and no_answer == NoAnswer.CLOSE:
        raise Invalid(
            "An alert that threatens people is never closed by silence.",
            code="danger_never_closes",
        )
    if find_work_type(session, rule.work_type_code) is None:
        raise Invalid("There is no such work type.", code="unknown_work_type")
