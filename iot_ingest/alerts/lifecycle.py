"""States of an alert, how it may end, and the rules the business has about both."""

from datetime import timedelta
from enum import StrEnum

from iot_ingest.rules.lifecycle import Danger, Severity
from kernel.lifecycle import Lifecycle


class AlertStatus(StrEnum):
    ACTIVE = "active"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    CLEARED = "cleared"


class Disposition(StrEnum):
    """What it turned out to be."""

    REMOTE_FIXED = "remote_fixed"
    REPAIRED = "repaired"
    FALSE_ALARM = "false_alarm"
    DUPLICATE = "duplicate"
    SELF_CLEARED = "self_cleared"
    UNANSWERED = "unanswered"


BY_HAND = (
    Disposition.REMOTE_FIXED,
    Disposition.REPAIRED,
    Disposition.FALSE_ALARM,
    Disposition.DUPLICATE,
)


class TriageReason(StrEnum):
    """Why an alert needs review before anything is done."""

    LOW_PRECISION = "low_precision"
    OVER_BUDGET = "over_budget"
    NO_CARD = "no_card"


class QuietReason(StrEnum):
    """Why nothing is done about an alert for now."""

    SILENCE = "silence"
    MAINTENANCE = "maintenance"
    INHIBITED = "inhibited"


class RemoteOutcome(StrEnum):
    """What became of trying to fix it from afar."""

    SENT = "sent"
    FIXED = "fixed"
    FAILED = "failed"


class Choice(StrEnum):
    """The customer's answer."""

    REMOTE_FIX = "remote_fix"
    SLOT = "slot"
    IGNORE = "ignore"


# A cleared alert never reopens: a new episode is a new row.
ALERT: Lifecycle[AlertStatus] = Lifecycle(
    "alert",
    initial={AlertStatus.ACTIVE},
    moves={
        AlertStatus.ACTIVE: {
            AlertStatus.ACKNOWLEDGED,
            AlertStatus.SNOOZED,
            AlertStatus.CLEARED,
        },
        AlertStatus.ACKNOWLEDGED: {
            AlertStatus.ACTIVE,  # it has become worse than what was seen to
            AlertStatus.SNOOZED,
            AlertStatus.CLEARED,
        },
        AlertStatus.SNOOZED: {
            AlertStatus.ACTIVE,
            AlertStatus.ACKNOWLEDGED,
            AlertStatus.CLEARED,
        },
    },
)

LONGEST_DANGEROUS_WAIT = timedelta(minutes=15)
PRIORITY = {Severity.INFO: 2, Severity.WARNING: 3, Severity.CRITICAL: 4}
DANGER_PRIORITY = 5
# What a day of waiting costs per step of the asset's criticality (1 to 5).
DELAY_COST_CENTS = {Severity.INFO: 200, Severity.WARNING: 1_000, Severity.CRITICAL: 5_000}


# When an alert that nobody has taken on is raised to the next level.
_ATTENTION = {
    Severity.CRITICAL: (timedelta(minutes=15), timedelta(hours=1)),
    Severity.WARNING: (timedelta(hours=4), timedelta(hours=12)),
    Severity.INFO: (timedelta(hours=24),),
}


def attention(severity: Severity, danger: Danger) -> tuple[timedelta, ...]:
    """How long after its opening each level hears of an alert that nobody has taken on; of danger
    to people as soon as of what is critical."""
    return _ATTENTION[Severity.CRITICAL if danger.threatens_people else severity]


def opens_at_once(severity: Severity, danger: Danger) -> bool:
    """These do not wait for the customer's answer."""
    return danger.threatens_people or severity is Severity.CRITICAL


def may_be_ignored(danger: Danger) -> bool:
    return not danger.threatens_people


def may_clear_itself(danger: Danger, *, has_work_order: bool) -> bool:
    """A quiet sensor ends the episode only while nobody is on the way and nobody is in danger."""
    return not has_work_order and not danger.threatens_people


def priority_of(severity: Severity, danger: Danger) -> int:
    return DANGER_PRIORITY if danger.threatens_people else PRIORITY[severity]


def delay_cost_cents_per_day(severity: Severity, criticality: int) -> int:
    return DELAY_COST_CENTS[severity] * criticality


def answer_wait(
    danger: Danger, answer_minutes: int, left: timedelta, waits: float = 1.0
) -> timedelta:
    """How long a customer has to answer where a visit is due in so much time: half of it is kept
    for the visit, the other half is for all that is tried before the default, so many such `waits`,
    and nobody is rushed more than in danger."""
    room = max(left / 2, LONGEST_DANGEROUS_WAIT)
    wait = min(timedelta(minutes=answer_minutes), room / max(waits, 1.0))
    return min(wait, LONGEST_DANGEROUS_WAIT) if danger.threatens_people else wait
