"""Whose wish it is, and what is wished."""

from enum import StrEnum


class Wisher(StrEnum):
    CUSTOMER = "customer"
    TECHNICIAN = "technician"


class Stance(StrEnum):
    BLOCK = "block"
    """They never meet, whichever of the two says so."""
    PREFER = "prefer"
