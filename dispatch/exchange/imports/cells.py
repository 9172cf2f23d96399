"""What the cells of an import may hold: one small parser per kind of value."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

Parse = Callable[[str], Any]
LONGEST, LONGEST_LINE = 10_000, 500
REQUIRED = object()
"""The default of a column whose cells must not be empty."""


@dataclass(frozen=True)
class Column:
    """One column: how a cell is read, and what an empty one means."""

    name: str
    parse: Parse
    default: Any = REQUIRED

    @property
    def is_required(self) -> bool:
        return self.default is REQUIRED


def line(text: str) -> str:
    """What is looked up or shown in a list: an index takes no longer ones."""
    return words(text, LONGEST_LINE)


def words(text: str, longest: int = LONGEST) -> str:
    if len(text) > longest:
        raise ValueError(f"is longer than {longest} characters")
    if "\x00" in text:
        raise ValueError("holds a character that cannot be stored")
    return text


def shaped(pattern: str, example: str) -> Parse:
    """A short text of a fixed form."""

    def parse(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"is not written like {example}")
        return text

    return parse


currency = shaped(r"[A-Z]{3}", "EUR")
locale = shaped(r"[a-z]{2}(-[A-Z]{2})?", "en or de-AT")


def whole(low: int, high: int = 2_000_000_000) -> Parse:
    """An integer between `low` and `high`."""

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise ValueError("is not a whole number") from None
        if not low <= value <= high:
            raise ValueError(f"is not between {low} and {high}")
        return value

    return parse


def degrees(limit: int) -> Parse:
    """A latitude (90) or longitude (180) in decimal degrees."""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise ValueError("is not a number such as 52.5208") from None
        if not -limit <= value <= limit:
            raise ValueError(f"is not within {limit} degrees")
        return value

    return parse


def yes_or_no(text: str) -> bool:
    known = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    if text.lower() not in known:
        raise ValueError("is neither yes nor no")
    return known[text.lower()]


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("is not a date such as 2026-03-31") from None


def moment(text: str) -> datetime:
    """With an offset, or without one in the time zone of the site."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("is not a time such as 2026-03-31T14:00+02:00") from None
    if not 2000 <= value.year < 2200:
        raise ValueError("is not between the years 2000 and 2200")
    return value


def one_of(states: type[StrEnum]) -> Parse:
    def parse(text: str) -> StrEnum:
        try:
            return states(text)
        except ValueError:
            raise ValueError(f"is not one of {', '.join(states)}") from None

    return parse


def several(text: str) -> list[str]:
    """Values between bars, such as "de|en"."""
    return [part.strip() for part in words(text).split("|") if part.strip()]


def levels(text: str) -> dict[str, int]:
    """Names with levels from 1 to 5, such as "boiler:3|gas:2"; without a level it is 1."""
    found: dict[str, int] = {}
    for part in several(text):
        name, _, level = part.partition(":")
        if not name.strip() or (level and level.strip() not in "12345"):
            raise ValueError('is not a list such as "boiler:3|gas:2" with levels from 1 to 5')
        found[name.strip()] = int(level) if level else 1
    return found
