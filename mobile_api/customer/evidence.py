"""Says in plain words what a device has measured."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

_RELATIONS = {
    ">": "above",
    ">=": "at or above",
    "<": "below",
    "<=": "at or below",
    "gt": "above",
    "ge": "at or above",
    "lt": "below",
    "le": "at or below",
    "above": "above",
    "below": "below",
}


def evidence_in_words(evidence: Mapping[str, Any], time_zone: str) -> list[str]:
    """Sentences about the first sign, the latest one, and how often it came; [] for nothing."""
    zone = ZoneInfo(time_zone)
    sentences = [_measured(evidence, zone)]
    latest = evidence.get("latest")
    if isinstance(latest, Mapping):
        sentences.append(_measured(latest, zone, "Most recently"))
    occurrences = evidence.get("occurrences")
    if isinstance(occurrences, int) and occurrences > 1:
        sentences.append(f"It was seen {occurrences} times.")
    quiet = _moment(evidence.get("quiet_since"), zone)
    if quiet:
        sentences.append(f"The value has been back to normal since {quiet}.")
    return [sentence for sentence in sentences if sentence]


def _measured(evidence: Mapping[str, Any], zone: ZoneInfo, opening: str = "") -> str:
    metric, value = evidence.get("metric"), evidence.get("value")
    if not metric or not isinstance(value, int | float):
        return ""
    name = str(metric).replace("_", " ").replace(".", " ")
    moment = _moment(evidence.get("at"), zone)
    sentence = f"{opening or 'The'} {'the ' if opening else ''}{name} was {_number(value)}"
    relation, threshold = _RELATIONS.get(str(evidence.get("op"))), evidence.get("threshold")
    if relation and isinstance(threshold, int | float):
        sentence += f", {relation} {_number(threshold)}"
    minutes = int(evidence.get("duration_seconds") or 0) // 60
    if minutes and not opening:
        sentence += f" for at least {minutes} minutes"
    return f"{sentence}{f' ({moment})' if moment else ''}."


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _moment(text: Any, zone: ZoneInfo) -> str:
    try:
        return datetime.fromisoformat(str(text)).astimezone(zone).strftime("%d.%m. %H:%M")
    except ValueError:
        return ""
