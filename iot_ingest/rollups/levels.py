"""What is kept how finely and how long, and which level serves which span; plain Python."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

MOST_POINTS = 500
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Level(StrEnum):
    """What a chart is drawn from."""

    READINGS = "readings"
    MINUTES = "minutes"
    HOURS = "hours"


TABLE = {
    Level.READINGS: "readings",
    Level.MINUTES: "readings_by_minute",
    Level.HOURS: "readings_by_hour",
}
KEEP_DAYS = {Level.READINGS: 100, Level.MINUTES: 400, Level.HOURS: 3_660}
BUCKET = {Level.MINUTES: timedelta(minutes=1), Level.HOURS: timedelta(hours=1)}


def level_of(span: timedelta, age: timedelta) -> tuple[Level, timedelta]:
    """The coarsest level that still gives 500 points, or the finest that reaches back so far; and
    how long a stretch a point stands for: a multiple of the level's own."""
    stride = max(span / MOST_POINTS, timedelta(seconds=1))
    for level, finer in ((Level.HOURS, Level.MINUTES), (Level.MINUTES, Level.READINGS)):
        if stride >= BUCKET[level] or age > timedelta(days=KEEP_DAYS[finer]):
            return level, max(-(-stride // BUCKET[level]), 1) * BUCKET[level]
    return Level.READINGS, stride


def beginning(moment: datetime, bucket: timedelta) -> datetime:
    """Of the stretch that the moment lies in, counted from 1970."""
    return moment - (moment - EPOCH) % bucket
