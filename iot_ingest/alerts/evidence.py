"""What an alert tells of its rule and readings; plain Python over a finding."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from iot_ingest.rules.service import Finding

HOUR = timedelta(hours=1)


def evidence_of(finding: Finding) -> dict[str, Any]:
    rule, reading = finding.rule, finding.reading
    told: dict[str, Any] = {
        "rule": rule.name,
        "measure": str(rule.measure),
        "device_id": None if reading.device_id is None else str(reading.device_id),
        "metric": reading.metric,
        "op": str(rule.op),
        "threshold": rule.threshold,
        "value": reading.value,
        "since": finding.since.isoformat() if finding.since else None,
        "at": reading.ts.isoformat(),
        "duration_seconds": rule.duration_seconds,
    }
    if rule.repeat_times > 1:
        told["repeat_times"], told["repeat_seconds"] = rule.repeat_times, rule.repeat_seconds
    if rule.rate_seconds:
        told["rate_seconds"] = rule.rate_seconds
    if finding.others:
        told["companions"] = [
            {**companion, "value": finding.others.get(companion["metric"])}
            for companion in rule.companions
        ]
    return {**told, **finding.evidence}


def curve_from(curve: Mapping[str, Any] | None, passed: timedelta) -> dict[str, Any] | None:
    """The curve as seen from a moment that lies `passed` before its own."""
    if curve is None:
        return None
    hours = [round(at + passed / HOUR, 2) for at in curve["hours"]]
    return {"hours": hours, "probability": list(curve["probability"])}
