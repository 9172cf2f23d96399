"""Watching the metrics of assets together; what drifts goes to the rule as an alert."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from iot_ingest.alerts import openings
from iot_ingest.detectors.corroboration import Corroboration
from iot_ingest.detectors.signs import (
    Sign,
    SignKind,
    corroborating,
    evidence_of,
    window_of,
)
from iot_ingest.drifts import queries
from iot_ingest.drifts.models import DriftState
from iot_ingest.drifts.queries import Unseen
from iot_ingest.drifts.vectors import (
    latest_from_json,
    latest_to_json,
    moment_from_json,
    vectors,
)
from iot_ingest.readings.queries import means
from iot_ingest.rules.detector import Signal
from iot_ingest.rules.lifecycle import CORROBORATION, DRIFT
from iot_ingest.rules.models import Rule
from iot_ingest.rules.service import DeviceReading, Finding
from kernel import clock

WIDTH = timedelta(minutes=1)
"""Readings of one minute are one vector."""
SETTLED = timedelta(minutes=2)
"""So long a minute is waited for, as devices send a little late."""
HISTORY = timedelta(days=30)
AT_ONCE = timedelta(days=2)
"""So much of the history of an asset is gone through in one run."""
FRESH = timedelta(days=1)
ASSETS_AT_ONCE = 200
MOST_NAMED = 5


def watch(session: Session) -> int:
    """Show what came in to the rules of drifts; gives how many assets were looked at."""
    now = clock.now(session)
    until = (now - SETTLED).replace(second=0, microsecond=0)
    findings: list[Finding] = []
    looked_at = 0
    raising = [rule for rule in queries.list_rules(session, CORROBORATION) if rule.companions]
    for rule in queries.list_rules(session, DRIFT):
        related = [one for one in raising if one.metric == rule.metric]
        for asset in queries.list_unseen(
            session, rule, since=now - HISTORY, until=until, limit=ASSETS_AT_ONCE
        ):
            found = _watch(session, rule, related, asset, until)
            findings += [one for one in found if one.reading.ts > now - FRESH]
            looked_at += 1
    openings.apply(session, findings)
    return looked_at


def _watch(
    session: Session, rule: Rule, raising: Sequence[Rule], asset: Unseen, until: datetime
) -> list[Finding]:
    """The beginnings and ends of drifts in the readings that came in, and what corroborates a
    drift that goes on: once in its episode for each of the rules that are `raising`."""
    metrics = queries.group_of(rule)
    key = (rule.id, asset.asset_id)
    stored = session.get(DriftState, key, with_for_update=True)
    # A rule that names other metrics now learns anew.
    is_of_these = stored is not None and stored.state["known"]["metrics"] == list(metrics)
    state = stored.state if stored is not None and is_of_these else {}
    known = Corroboration.from_json(state["known"]) if state else Corroboration(metrics)
    latest = latest_from_json(state["latest"]) if state else {}
    since = asset.first_ts.replace(second=0, microsecond=0)
    until = min(until, since + AT_ONCE)
    began, raised = moment_from_json(state.get("began")), list(state.get("raised", ()))
    found, distance = [], 0.0
    read = means(session, asset.asset_id, metrics, WIDTH, since, until)
    for begin, values in vectors(read, metrics, latest):
        was_drifting = known.is_drifting
        distance = known.distance(values)
        if known.opens(distance):
            began, raised = begin, []
            found.append(_finding(rule, asset, known, begin, distance, Signal.FIRED))
        elif was_drifting and not known.is_drifting:
            began = None
            found.append(_finding(rule, asset, known, begin, distance, Signal.CLEARED))
    if began is not None:
        waiting = [one for one in raising if str(one.id) not in raised]
        more = _corroborated(session, waiting, asset, known, began, until, distance)
        raised += [str(one.rule.id) for one in more]
        found += more
    kept = {
        "known": known.to_json(),
        "latest": latest_to_json(latest),
        "began": began.isoformat() if began else None,
        "raised": raised,
    }
    _remember(session, key, kept, until)
    return found


def _corroborated(
    session: Session,
    rules: Sequence[Rule],
    asset: Unseen,
    known: Corroboration,
    began: datetime,
    until: datetime,
    distance: float,
) -> list[Finding]:
    """Errors of the asset's devices near the beginning of its drift."""
    found = []
    drift = Sign(SignKind.DRIFT, known.metrics[0], began)
    within = window_of(SignKind.DRIFT)
    for rule in rules:
        if rule.model not in (None, asset.asset_model):
            continue
        errors = []
        for error in rule.detector.companions:
            seen = queries.first_error(
                session, asset.asset_id, error, began - within, min(until, began + within)
            )
            if seen is not None:
                errors.append(Sign(SignKind.ERROR, error.metric, *seen))
        others = corroborating(drift, errors)
        if others:
            at = max(began, *(other.at for other in others))
            one = _finding(rule, asset, known, at, distance, Signal.FIRED)
            found.append(replace(one, evidence={**one.evidence, **evidence_of(others)}))
    return found


def _remember(
    session: Session, key: tuple[Any, Any], state: dict[str, Any], seen_until: datetime
) -> None:
    values = {"state": state, "seen_until": seen_until}
    session.execute(
        insert(DriftState)
        .values(rule_id=key[0], asset_id=key[1], **values)
        .on_conflict_do_update(
            index_elements=[DriftState.rule_id, DriftState.asset_id], set_=values
        )
    )


def _finding(
    rule: Rule,
    asset: Unseen,
    known: Corroboration,
    at: datetime,
    distance: float,
    signal: Signal,
) -> Finding:
    reading = DeviceReading(
        asset.device_id, asset.asset_id, asset.asset_model, rule.metric, at, distance
    )
    named = [asdict(one) for one in known.contributions()[:MOST_NAMED]]
    evidence = {"drift": {"times_the_limit": round(distance, 2), "metrics": named}}
    return Finding(rule, reading, signal, at, evidence=evidence)
