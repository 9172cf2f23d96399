"""The working-time rules of the countries, read from versioned files of figures with sources."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

COUNTRIES = Path(__file__).parent / "countries"
DEFAULT = "EU"
"""The directive's minimum holds where no country's rules are on file."""


class CallOutRest(StrEnum):
    """What a call-out in somebody's rest does to it: all of it again, or what was left of it."""

    ANEW = "anew"
    CONTINUED = "continued"


@dataclass(frozen=True)
class BreakDuty:
    """Who works longer than `after` must have had breaks of `length` together."""

    after: timedelta
    length: timedelta


@dataclass(frozen=True)
class Rules:
    """What one law asks for; None where it sets no figure. `sources` names the place by field."""

    country: str
    version: int
    valid_from: date
    law: str
    daily_rest: timedelta
    weekly_rest: timedelta
    day_most: timedelta | None
    """Work in one day, breaks not counted."""
    span_most: timedelta | None
    """From the first hour of a day to the last, breaks counted."""
    week_most: timedelta | None
    average_most: timedelta | None
    """Work per week on average over `average_weeks`."""
    average_weeks: int
    breaks: tuple[BreakDuty, ...]
    call_out_rest: CallOutRest
    call_out_piece: timedelta
    """Where rest is continued: it begins anew unless one piece of it was so long."""
    sources: Mapping[str, str]

    def break_needed(self, work: timedelta) -> timedelta:
        """Breaks that so much work asks for."""
        needed = [duty.length for duty in self.breaks if work > duty.after]
        return max(needed, default=timedelta())

    def work_with(self, breaks: timedelta) -> timedelta | None:
        """The most work that breaks of so long are enough for; None for any."""
        return min((duty.after for duty in self.breaks if duty.length > breaks), default=None)


@cache
def all_rules() -> tuple[Rules, ...]:
    """Every version on file, by country and then by the day from which it holds."""
    found = [_read(json.loads(path.read_text())) for path in COUNTRIES.glob("*.json")]
    return tuple(sorted(found, key=lambda rules: (rules.country, rules.valid_from)))


def countries() -> set[str]:
    return {rules.country for rules in all_rules()}


def rules_of(country: str, day: date) -> Rules:
    """The version that holds on `day`; an unknown country has the directive's."""
    known = country if country in countries() else DEFAULT
    own = [rules for rules in all_rules() if rules.country == known]
    return next((r for r in reversed(own) if r.valid_from <= day), own[0])


def country_of(own: str | None, region: str) -> str:
    """Somebody's own country of work, or that of an ISO 3166-2 region such as DE-BE."""
    return own or region[:2] or DEFAULT


def _read(data: Mapping[str, Any]) -> Rules:
    call_out = data["rest_after_call_out"]
    average: Mapping[str, Any] = data.get("average_week", {})
    return Rules(
        country=data["country"],
        version=data["version"],
        valid_from=date.fromisoformat(data["valid_from"]),
        law=data["law"],
        daily_rest=timedelta(hours=data["daily_rest_hours"]["value"]),
        weekly_rest=timedelta(hours=data["weekly_rest_hours"]["value"]),
        day_most=_hours(data.get("day_most_hours")),
        span_most=_hours(data.get("span_most_hours")),
        week_most=_hours(data.get("week_most_hours")),
        average_most=_hours(data.get("average_week")),
        average_weeks=average.get("weeks", 0),
        breaks=_duties(data["breaks"]),
        call_out_rest=CallOutRest(call_out["value"]),
        call_out_piece=timedelta(hours=call_out["piece_hours"] or 0),
        sources=_sources(data),
    )


def _hours(figure: Mapping[str, Any] | None) -> timedelta | None:
    return None if figure is None else timedelta(hours=figure["value"])


def _duties(rows: Sequence[Mapping[str, Any]]) -> tuple[BreakDuty, ...]:
    return tuple(
        BreakDuty(timedelta(minutes=row["after_minutes"]), timedelta(minutes=row["minutes"]))
        for row in rows
    )


def _sources(data: Mapping[str, Any]) -> dict[str, str]:
    named = {
        key: figure["source"]
        for key, figure in data.items()
        if isinstance(figure, dict) and "source" in figure
    }
    told = dict.fromkeys(row["source"] for row in data["breaks"])
    return named | {"breaks": "; ".join(told)}
