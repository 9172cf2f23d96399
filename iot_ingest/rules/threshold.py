"""The threshold detector: beyond a limit for long enough, quiet only past a second limit."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

LONGEST_SILENCE = timedelta(hours=1)


class Op(StrEnum):
    ABOVE = "gt"
    AT_LEAST = "ge"
    BELOW = "lt"
    AT_MOST = "le"

    @property
    def upwards(self) -> bool:
        return self in {Op.ABOVE, Op.AT_LEAST}


class Signal(StrEnum):
    FIRED = "fired"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class Threshold:
    """`clear` lies on the quiet side of `limit`; between the two a firing rule keeps firing."""

    op: Op
    limit: float
    clear: float
    duration: timedelta

    def __post_init__(self) -> None:
        if self.op.upwards and self.clear > self.limit:
            raise ValueError("The clear threshold of an upper limit lies at or below it.")
        if not self.op.upwards and self.clear < self.limit:
            raise ValueError("The clear threshold of a lower limit lies at or above it.")
        if self.duration < timedelta(0):
            raise ValueError("A duration is not negative.")

    def is_beyond(self, value: float) -> bool:
        match self.op:
            case Op.ABOVE:
                return value > self.limit
            case Op.AT_LEAST:
                return value >= self.limit
            case Op.BELOW:
                return value < self.limit
            case Op.AT_MOST:
                return value <= self.limit

    def is_quiet(self, value: float) -> bool:
        """Past the clear threshold, and not beyond the limit where the two are equal."""
        if self.is_beyond(value):
            return False
        return value <= self.clear if self.op.upwards else value >= self.clear


@dataclass(frozen=True, slots=True)
class Watch:
    """What the detector remembers of one metric of one device."""

    since: datetime | None = None
    last_ts: datetime | None = None
    last_value: float | None = None
    firing: bool = False
    quiet_until: datetime | None = None


def is_late(watch: Watch, ts: datetime) -> bool:
    """A reading older than one already judged is stored, but no longer judged."""
    return watch.last_ts is not None and ts <= watch.last_ts


def step(
    threshold: Threshold, watch: Watch, ts: datetime, value: float
) -> tuple[Watch, Signal | None]:
    """Judge one reading; readings come in the order of their times.

    Fires at the first reading that lies beyond the limit `duration` after the first of an unbroken
    run of such readings. A silence longer than an hour breaks the run: nobody knows what happened.
    """
    seen = replace(watch, last_ts=ts, last_value=value)
    if watch.firing:
        if threshold.is_quiet(value):
            return replace(seen, firing=False, since=None), Signal.CLEARED
        return seen, None
    if not threshold.is_beyond(value) or _is_settling(watch, ts):
        return replace(seen, since=None), None
    since = ts if _run_is_broken(watch, ts) or watch.since is None else watch.since
    if ts - since >= threshold.duration:
        return replace(seen, since=since, firing=True), Signal.FIRED
    return replace(seen, since=since), None


def _run_is_broken(watch: Watch, ts: datetime) -> bool:
    return watch.last_ts is None or ts - watch.last_ts > LONGEST_SILENCE


def _is_settling(watch: Watch, ts: datetime) -> bool:
    return watch.quiet_until is not None and ts < watch.quiet_until
