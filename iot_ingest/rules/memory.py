"""The rarer part of what a rule remembers, as JSON and back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from iot_ingest.rules.detector import Seen, Watch


def memory_to_json(watch: Watch) -> dict[str, Any] | None:
    """None where there is nothing beside the columns of their own."""
    told: dict[str, Any] = {}
    if watch.quiet_since is not None:
        told["quiet_since"] = watch.quiet_since.isoformat()
    if watch.is_counted:
        told["is_counted"] = True
    if watch.starts:
        told["starts"] = [start.isoformat() for start in watch.starts]
    if watch.points:
        told["points"] = [_told(point) for point in watch.points]
    if watch.latest:
        told["latest"] = {metric: _told(seen) for metric, seen in watch.latest.items()}
    if watch.states:
        told["states"] = watch.states
    if watch.is_flapping:
        told["is_flapping"] = True
    if watch.is_told != watch.firing:
        told["is_told"] = watch.is_told
    return told or None


def memory_from_json(told: Mapping[str, Any] | None, *, firing: bool) -> dict[str, Any]:
    """The fields of a Watch that is `firing` or not."""
    if not told:
        return {"is_told": firing}
    quiet_since = told.get("quiet_since")
    return {
        "quiet_since": datetime.fromisoformat(quiet_since) if quiet_since else None,
        "is_counted": bool(told.get("is_counted")),
        "starts": tuple(datetime.fromisoformat(start) for start in told.get("starts", ())),
        "points": tuple(_seen(point) for point in told.get("points", ())),
        "latest": {metric: _seen(point) for metric, point in told.get("latest", {}).items()},
        "states": told.get("states", ""),
        "is_flapping": bool(told.get("is_flapping")),
        "is_told": bool(told.get("is_told", firing)),
    }


def _told(seen: Seen) -> list[Any]:
    return [seen[0].isoformat(), seen[1]]


def _seen(told: list[Any]) -> Seen:
    return datetime.fromisoformat(told[0]), told[1]
