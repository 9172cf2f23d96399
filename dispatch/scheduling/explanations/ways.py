"""The parts of an explanation that can be done."""

from enum import StrEnum


class Way(StrEnum):
    """Which part of an explanation is meant."""

    CANDIDATE = "candidate"
    EARLIER = "earlier"
    RELAXATION = "relaxation"
