"""The L0 detector: one step per reading, from what is remembered to what is remembered next.

A rule looks at the value of a metric, at its rate of change, or at its silence. It fires when that
lies beyond a limit, together with its companions on other metrics, for long enough, often enough,
and within its hours; it clears when it has been past the second limit for long enough.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from iot_ingest.rules.hours import Hours
from iot_ingest.rules.threshold import Threshold

LONGEST_SILENCE = timedelta(hours=1)
MOST_POINTS = 30
NOTHING = timedelta(0)

Seen = tuple[datetime, float]


class Measure(StrEnum):
    VALUE = "value"
    """The reading itself."""
    RATE = "rate"
    """Its change per hour, over a stretch of time."""
    SILENCE = "silence"
    """Seconds since the last reading of the metric."""
    MODEL = "model"
    """The score of a model or a streaming detector, which judges by itself."""


class Signal(StrEnum):
    FIRED = "fired"
    CLEARED = "cleared"
    FORETOLD = "foretold"
    """Neither: a later forecast of what an open alert is about."""


@dataclass(frozen=True, slots=True)
class Companion:
    """A condition on another metric that must hold at the same time."""

    metric: str
    threshold: Threshold


@dataclass(frozen=True, slots=True)
class Detector:
    """`times` excursions `within` a stretch of time; `rate_over` is the stretch of a rate."""

    metric: str
    threshold: Threshold
    measure: Measure = Measure.VALUE
    duration: timedelta = NOTHING
    clear_after: timedelta = NOTHING
    times: int = 1
    within: timedelta = NOTHING
    rate_over: timedelta = NOTHING
    hours: Hours | None = None
    companions: tuple[Companion, ...] = ()

    def __post_init__(self) -> None:
        if min(self.duration, self.clear_after, self.within, self.rate_over) < NOTHING:
            raise ValueError("A duration is not negative.")
        if self.times < 1 or (self.times > 1 and not self.within):
            raise ValueError("A repetition says how often, and within what time.")
        if (self.measure is Measure.RATE) != bool(self.rate_over):
            raise ValueError("A rate of change, and only that, says over what time.")
        if self.measure is Measure.SILENCE and (self.companions or self.times > 1):
            raise ValueError("Silence has no companions and does not repeat.")
        if self.measure is Measure.SILENCE and not self.threshold.op.upwards:
            raise ValueError("Silence is too long, never too short.")
        if self.metric in {companion.metric for companion in self.companions}:
            raise ValueError("A companion watches another metric.")

    @property
    def quiet_needed(self) -> timedelta:
        """How long it must be quiet before the episode is over."""
        return max(self.clear_after, self.within) if self.times > 1 else self.clear_after


class Watch(msgspec.Struct, frozen=True):
    """What the detector remembers of one device.

    `since` is where the present run beyond the limit began, `starts` are the counted excursions,
    `points` the readings that a rate needs, `latest` the newest of each metric of several.
    """

    since: datetime | None = None
    last_ts: datetime | None = None
    last_value: float | None = None
    firing: bool = False
    quiet_until: datetime | None = None
    quiet_since: datetime | None = None
    is_counted: bool = False
    starts: tuple[datetime, ...] = ()
    points: tuple[Seen, ...] = ()
    latest: dict[str, Seen] = {}
    states: str = ""
    """The last states, oldest first; empty while all were quiet."""
    is_flapping: bool = False
    is_told: bool = False
    """Whether it fires as far as others know."""


def is_late(watch: Watch, ts: datetime, metric: str | None = None) -> bool:
    """A reading not newer than one already judged is stored, but no longer judged."""
    if metric is not None and watch.latest:
        seen = watch.latest.get(metric)
        return seen is not None and ts <= seen[0]
    return watch.last_ts is not None and ts <= watch.last_ts


def step(
    detector: Detector,
    watch: Watch,
    ts: datetime,
    value: float,
    metric: str | None = None,
    restarts: bool = False,
) -> tuple[Watch, Signal | None]:
    """Judge one reading of `metric` (None: the detector's own). Where a counter `restarts`, its
    rate is unknown at first: it did not fall.

    Fires at the first reading that lies beyond the limit `duration` after the first of an unbroken
    run of such readings. A silence longer than an hour breaks the run: nobody knows what happened.
    """
    if restarts and metric in (None, detector.metric):
        watch = replace(watch, points=())
    seen = _note(detector, watch, ts, value, metric or detector.metric)
    if detector.measure is Measure.SILENCE:
        ended = Signal.CLEARED if watch.firing else None
        return replace(seen, firing=False, since=None), ended
    at = seen.last_ts or ts
    beyond, quiet = _judge(detector, seen, at)
    if watch.firing:
        return _keep_or_clear(detector, seen, at, quiet=quiet)
    return _wait_or_fire(detector, watch, seen, at, beyond=beyond, quiet=quiet)


def step_silence(detector: Detector, watch: Watch, now: datetime) -> tuple[Watch, Signal | None]:
    """Judge that nothing has come until now."""
    if watch.firing or watch.last_ts is None or _is_settling(watch, now):
        return watch, None
    silent = (now - watch.last_ts).total_seconds()
    if not detector.threshold.is_beyond(silent) or not _counts(detector, now):
        return watch, None
    return replace(watch, firing=True, since=watch.last_ts), Signal.FIRED


def measured(detector: Detector, watch: Watch) -> float | None:
    """What is compared with the limit: the value, or its change per hour; None if unknown."""
    if detector.measure is not Measure.RATE or watch.last_value is None or not watch.points:
        return watch.last_value
    first, then = watch.points[0], watch.points[-1]
    elapsed = then[0] - first[0]
    if elapsed < detector.rate_over / 2:
        return None
    return (then[1] - first[1]) / (elapsed / timedelta(hours=1))


def _note(detector: Detector, watch: Watch, ts: datetime, value: float, metric: str) -> Watch:
    newest = ts if watch.last_ts is None else max(ts, watch.last_ts)
    own = metric == detector.metric
    latest, points = watch.latest, watch.points
    if detector.companions:
        latest = {**latest, metric: (ts, value)}
    if own and detector.measure is Measure.RATE:
        points = _with_point(detector, points, (ts, value))
    return replace(
        watch,
        last_ts=newest,
        last_value=value if own else watch.last_value,
        points=points,
        latest=latest,
    )


def _with_point(detector: Detector, points: tuple[Seen, ...], new: Seen) -> tuple[Seen, ...]:
    """The points of the stretch, at most 30: one that is very near its neighbour gives way."""
    kept = tuple(point for point in points if new[0] - point[0] <= detector.rate_over)
    spacing = detector.rate_over / MOST_POINTS
    if len(kept) > 1 and kept[-1][0] - kept[-2][0] < spacing:
        kept = kept[:-1]
    return (*kept, new)


def _judge(detector: Detector, seen: Watch, at: datetime) -> tuple[bool, bool]:
    """Whether it is beyond the limit with all companions, and whether it is quiet."""
    value = measured(detector, seen)
    if value is None:
        return False, False
    beyond, quiet = detector.threshold.is_beyond(value), detector.threshold.is_quiet(value)
    if detector.companions and _is_stale(seen, detector.metric, at):
        beyond = quiet = False
    for companion in detector.companions:
        if _is_stale(seen, companion.metric, at):
            beyond = False
            continue
        other = seen.latest[companion.metric][1]
        beyond = beyond and companion.threshold.is_beyond(other)
        quiet = quiet or companion.threshold.is_quiet(other)
    return beyond, quiet


def _is_stale(seen: Watch, metric: str, at: datetime) -> bool:
    known = seen.latest.get(metric)
    return known is None or at - known[0] > LONGEST_SILENCE


def _wait_or_fire(
    detector: Detector, watch: Watch, seen: Watch, at: datetime, *, beyond: bool, quiet: bool
) -> tuple[Watch, Signal | None]:
    counted = seen.is_counted and not quiet
    if not beyond or _is_settling(watch, at) or not _counts(detector, at):
        is_same = seen.since is None and seen.is_counted is counted
        return seen if is_same else replace(seen, since=None, is_counted=counted), None
    since = at if _run_is_broken(watch, at) or watch.since is None else watch.since
    seen = replace(seen, since=since)
    if at - since < detector.duration:
        return seen, None
    if detector.times > 1:
        if seen.is_counted:
            return seen, None
        recent = tuple(start for start in seen.starts if at - start <= detector.within)
        seen = replace(seen, starts=(*recent, at), is_counted=True)
        if len(seen.starts) < detector.times:
            return seen, None
    return replace(seen, firing=True, quiet_since=None), Signal.FIRED


def _keep_or_clear(
    detector: Detector, seen: Watch, at: datetime, *, quiet: bool
) -> tuple[Watch, Signal | None]:
    if not quiet:
        return replace(seen, quiet_since=None), None
    quiet_since = seen.quiet_since or at
    if at - quiet_since < detector.quiet_needed:
        return replace(seen, quiet_since=quiet_since), None
    over = replace(seen, firing=False, since=None, quiet_since=None, is_counted=False, starts=())
    return over, Signal.CLEARED


def _counts(detector: Detector, at: datetime) -> bool:
    return detector.hours is None or detector.hours.contain(at)


def _run_is_broken(watch: Watch, ts: datetime) -> bool:
    return watch.last_ts is None or ts - watch.last_ts > LONGEST_SILENCE


def _is_settling(watch: Watch, ts: datetime) -> bool:
    return watch.quiet_until is not None and ts < watch.quiet_until
