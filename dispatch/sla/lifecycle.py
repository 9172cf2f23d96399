"""The three promises of speed that a service level can make."""

from enum import StrEnum


class ClockKind(StrEnum):
    RESPOND = "respond"
    ARRIVE = "arrive"
    RESOLVE = "resolve"
