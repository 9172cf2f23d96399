"""What the chance of a yes is worked out from, and what it must never be worked out from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import log
from uuid import UUID

NOON, EVENING = 12, 17
"""Local hours at which the parts of a day change."""


@dataclass(frozen=True)
class Ask:
    """An offer as somebody sees it who is asked; `starts_at` and `asked_at` in local time.

    `travel_seconds` is half of the way that the work adds to the day; `hourly_cents` what the
    person's own rate card says; `life` how long there is to answer.
    """

    technician_id: UUID
    pay_cents: int
    hourly_cents: int
    travel_seconds: int
    minutes: int
    asked_at: datetime
    starts_at: datetime
    life: timedelta
    asked_again: bool = False
    is_beside: bool = False
    """The work lies right beside a job that the person has already."""

    @property
    def daypart(self) -> str:
        """Which of the four habits of a week the start falls into."""
        if self.starts_at.weekday() >= 5:
            return "weekend"
        if self.starts_at.hour < NOON:
            return "morning"
        return "afternoon" if self.starts_at.hour < EVENING else "evening"


def next_part(local: datetime) -> datetime:
    """When the next part of that day begins, or the next day; in UTC."""
    hour = next((hour for hour in (NOON, EVENING) if local.hour < hour), 24)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight + timedelta(hours=hour)).astimezone(UTC)


DAYPARTS = ("morning", "afternoon", "evening", "weekend")

USED = {
    "pay": "pay per hour of work and travel, against the person's own rate",
    "way": "hours of travel, one way",
    "lead": "time from the question until one has to leave",
    "rush": "whether that is less than two hours",
    "long": "how long the work takes",
    "evening": "whether the work starts after five in the afternoon",
    "weekend": "whether the work is on a Saturday or Sunday",
    "night": "whether the question comes between ten at night and six in the morning",
    "life": "how long there is to answer",
    "again": "whether the person was asked for the same visit before",
    "beside": "whether the work lies right beside a job that the person took before",
}
"""Beside these, only what the same person did with offers before, in general and by daypart."""

EXCLUDED = {
    "name": "stands for origin and gender",
    "age or date of birth": "protected",
    "gender": "protected",
    "nationality, origin, native language": "protected; a language the work needs is a requirement",
    "religion, political opinion, union membership": "protected",
    "health, disability, pregnancy, family": "protected",
    "photo, voice": "stand for what is protected",
    "address, district, postcode": "stand for origin and income; the length of the way is enough",
    "phone, operating system, network": "stand for income",
    "words of messages and decline reasons": "may speak of health, family or belief",
    "position while not working": "private",
    "other jobs, other apps": "private",
    "score, ratings": "judge a person; the chance of a yes must not",
}
"""What could discriminate, and why it is left out."""


def features(ask: Ask) -> list[float]:
    """One number for each of `USED`, in that order; about zero for an everyday offer."""
    hours = (ask.minutes * 60 + 2 * ask.travel_seconds) / 3600
    lead = (ask.starts_at - ask.asked_at).total_seconds() / 3600 - ask.travel_seconds / 3600
    lead = min(max(lead, 0.1), 96.0)
    return [
        log(max(ask.pay_cents, 1) / hours / max(ask.hourly_cents, 1)),
        ask.travel_seconds / 3600,
        log(lead / 12),
        float(lead < 2),
        log(ask.minutes / 60),
        float(ask.starts_at.weekday() < 5 and ask.starts_at.hour >= EVENING),
        float(ask.starts_at.weekday() >= 5),
        float(ask.asked_at.hour >= 22 or ask.asked_at.hour < 6),
        log(max(ask.life.total_seconds(), 60) / 3600),
        float(ask.asked_again),
        float(ask.is_beside),
    ]


ACCEPT_PRIOR: Mapping[str, float] = {
    "base": 0.35,
    "pay": 2.0,
    "way": -0.6,
    "lead": 0.1,
    "rush": -0.4,
    "long": 0.0,
    "evening": -0.4,
    "weekend": -0.5,
    "night": -0.8,
    "life": 0.4,
    "again": -1.0,
    "beside": 0.3,
}
"""What is believed of a yes before there are records: about two of five say yes."""

SHOW_PRIOR: Mapping[str, float] = {
    "base": 3.0,
    "pay": 0.3,
    "way": -0.3,
    "lead": -0.1,
    "rush": 0.0,
    "long": 0.0,
    "evening": -0.1,
    "weekend": -0.1,
    "night": 0.0,
    "life": 0.0,
    "again": 0.0,
    "beside": 0.0,
}
"""The same of coming: about nineteen of twenty come."""
