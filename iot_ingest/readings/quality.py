"""The quality gate: which raw readings count, why others do not, and which count with a mark."""

import math
import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from iot_ingest.readings.messages import RawReading

AHEAD = timedelta(minutes=10)
BEHIND = timedelta(days=14)  # as long as message identities are kept: older ones could count twice
METRIC = re.compile(r"[a-z][a-z0-9_./-]{0,62}")
# Epoch seconds stay below this until the year 5138; milliseconds passed it in 1973.
FIRST_MILLISECONDS = 1e11
# Sums of squares of such values still fit, and what is nearer to 0 than their inverse is 0.
LARGEST = 1e100


class Drop(StrEnum):
    """Why a message or a reading was not stored, or is stored with a mark."""

    UNDECODABLE = "undecodable"
    UNKNOWN_DEVICE = "unknown_device"
    REVOKED_DEVICE = "revoked_device"
    WRONG_TOKEN = "wrong_token"
    WRONG_DEVICE = "wrong_device"
    UNKNOWN_CHILD = "unknown_child"
    UNKNOWN_ALIAS = "unknown_alias"
    UNKNOWN_COMMAND = "unknown_command"
    OVER_QUOTA = "over_quota"
    DUPLICATE_MESSAGE = "duplicate_message"
    DUPLICATE_READING = "duplicate_reading"
    BAD_METRIC = "bad_metric"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    BAD_TIME = "bad_time"
    IN_THE_FUTURE = "in_the_future"
    TOO_OLD = "too_old"
    REFUSED_BY_DATABASE = "refused_by_database"
    STUCK_SENSOR = "stuck_sensor"
    COUNTER_RESET = "counter_reset"

    @property
    def is_stored(self) -> bool:
        """Whether such a reading is kept all the same: it is marked, and rules know of it."""
        return self in MARKS


MARKS = frozenset({Drop.STUCK_SENSOR, Drop.COUNTER_RESET})


class GoodReading(NamedTuple):
    metric: str
    ts: datetime
    value: float


def judge(raw: RawReading, now: datetime) -> GoodReading | Drop:
    """The reading in our terms, or the reason why it is dropped. No time means now."""
    if not isinstance(raw.metric, str) or not METRIC.fullmatch(raw.metric):
        return Drop.BAD_METRIC
    value = _number(raw.value)
    if value is None:
        return Drop.NOT_A_NUMBER
    if abs(value) > LARGEST:
        return Drop.OUT_OF_RANGE
    if abs(value) < 1 / LARGEST:
        value = 0.0
    ts = now if raw.ts is None else _moment(raw.ts)
    if ts is None:
        return Drop.BAD_TIME
    if ts > now + AHEAD:
        return Drop.IN_THE_FUTURE
    if ts < now - BEHIND:
        return Drop.TOO_OLD
    return GoodReading(raw.metric, ts, value)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _moment(ts: object) -> datetime | None:
    """RFC 3339 with its offset, or epoch seconds, or epoch milliseconds."""
    try:
        if isinstance(ts, str):
            moment = datetime.fromisoformat(ts)
            return moment.astimezone(UTC) if moment.tzinfo else None
        number = _number(ts)
        if number is None:
            return None
        seconds = number / 1000 if abs(number) >= FIRST_MILLISECONDS else number
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
