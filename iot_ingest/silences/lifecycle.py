"""Kinds of quiet, and how far an inhibition reaches."""

from enum import StrEnum


class SilenceKind(StrEnum):
    SILENCE = "silence"
    """Somebody does not want to hear of it."""
    MAINTENANCE = "maintenance"
    """Somebody works on the machine: what it reports now means nothing."""


class Reach(StrEnum):
    """Where an open alert of the source makes alerts of the target redundant."""

    SAME_ASSET = "same_asset"
    PARENT_ASSET = "parent_asset"
    """The source is on the asset that the target's is a part of."""
    SAME_SITE = "same_site"
