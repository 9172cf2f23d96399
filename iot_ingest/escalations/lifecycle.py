"""Whom the office tells of what, and in which words; plain Python."""

from enum import StrEnum

from dispatch.accounts.roles import ADMIN, DISPATCHER, SUPERVISOR


class EscalationKind(StrEnum):
    ALERT_UNATTENDED = "alert_unattended"
    RULE_DEMOTED = "rule_demoted"


TOLD_AT = {1: (DISPATCHER,), 2: (DISPATCHER, SUPERVISOR)}
TOLD_LAST = (DISPATCHER, SUPERVISOR, ADMIN)
"""Of the third level and above."""
TOLD_OF_RULES = (DISPATCHER, SUPERVISOR, ADMIN)


def roles_told(level: int) -> tuple[str, ...]:
    """Who hears of an alert that nobody has taken on, so many times."""
    return TOLD_AT.get(level, TOLD_LAST)
