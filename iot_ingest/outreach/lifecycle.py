"""Who is asked how often and by which way before the default is taken, and what calls may bring;
plain Python."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from iot_ingest.rules.lifecycle import Danger
from kernel.lifecycle import Lifecycle


class StepKind(StrEnum):
    ASK = "ask"
    REMIND = "remind"
    """By the way the question took."""
    SECOND_CHANNEL = "second_channel"
    """By another way to the same customer."""
    CALL = "call"
    """Somebody of the office phones."""
    DEFAULT = "default"
    """What is done without an answer: a visit where people are in danger, else what the rule
    says."""


class StepStatus(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    SKIPPED = "skipped"
    PAUSED = "paused"
    STOPPED = "stopped"


class StopReason(StrEnum):
    """Why the rest of a ladder is not climbed."""

    ANSWERED = "answered"
    ENDED = "ended"
    ASKED_ANEW = "asked_anew"
    NEEDS_REVIEW = "needs_review"


class CallReason(StrEnum):
    NO_ANSWER = "no_answer"
    MAY_FAIL_SOONER = "may_fail_sooner"


class CallOutcome(StrEnum):
    """What a call brought; `not_needed` when the alert was settled before anybody phoned."""

    WANTS_VISIT = "wants_visit"
    WANTS_NOTHING = "wants_nothing"
    TOLD = "told"
    NOT_REACHED = "not_reached"
    NOT_NEEDED = "not_needed"


STEP: Lifecycle[StepStatus] = Lifecycle(
    "answer step",
    initial={StepStatus.WAITING, StepStatus.DONE},
    moves={
        StepStatus.WAITING: {
            StepStatus.DONE,
            StepStatus.SKIPPED,
            StepStatus.PAUSED,
            StepStatus.STOPPED,
        },
        StepStatus.PAUSED: {StepStatus.WAITING, StepStatus.STOPPED},
    },
)


@dataclass(frozen=True, slots=True)
class Step:
    """Comes `wait_percent` of the time that a customer has to answer after the step before."""

    kind: StepKind
    wait_percent: int


USUAL = (
    Step(StepKind.REMIND, 100),
    Step(StepKind.SECOND_CHANNEL, 50),
    Step(StepKind.CALL, 25),
    Step(StepKind.DEFAULT, 25),
)
IN_DANGER = (
    Step(StepKind.REMIND, 33),
    Step(StepKind.SECOND_CHANNEL, 33),
    Step(StepKind.CALL, 34),
    Step(StepKind.DEFAULT, 0),
)
USUAL_LADDERS: Mapping[Danger, Sequence[Step]] = {
    danger: IN_DANGER if danger.threatens_people else USUAL for danger in Danger
}
"""In force until others are set."""


def is_whole(danger: Danger, steps: Sequence[Step]) -> bool:
    """Every kind once at most, the default last, and somebody phones where people are in danger."""
    kinds = [step.kind for step in steps]
    ends_well = bool(kinds) and kinds[-1] is StepKind.DEFAULT and StepKind.ASK not in kinds
    is_called = StepKind.CALL in kinds or not danger.threatens_people
    return ends_well and is_called and len(set(kinds)) == len(kinds)


def call_within(danger: Danger) -> timedelta:
    return timedelta(minutes=10 if danger.threatens_people else 30)


QUIET_FROM, QUIET_UNTIL = time(21), time(7)
"""Of the customer's clock: meanwhile nobody is reminded or phoned, unless people are in danger."""


def morning_after(at: datetime, time_zone: str) -> datetime | None:
    """When the night ends in which that moment lies there; None by day."""
    local = at.astimezone(ZoneInfo(time_zone))
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return None
    day = local.date() + timedelta(days=local.time() >= QUIET_FROM)
    return datetime.combine(day, QUIET_UNTIL, local.tzinfo).astimezone(UTC)


CALLER_HAS = timedelta(minutes=30)
"""Who takes a call keeps others from it for so long."""
