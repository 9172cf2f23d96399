"""What a customer gets while a fault lasts, and why; plain Python."""

from dataclasses import dataclass
from enum import StrEnum

from kernel.lifecycle import Lifecycle

APPROVAL_LIMIT_CENTS = 3_000
"""Dearer remedies wait for a supervisor."""
MANY_FAULTS = 3
"""So many alerts in 90 days are more than anybody should bear."""


class RemedyKind(StrEnum):
    PRIORITY_VISIT = "priority_visit"
    LOAN_DEVICE = "loan_device"
    CREDIT = "credit"
    WORKAROUND = "workaround"


class RemedyStatus(StrEnum):
    PROPOSED = "proposed"
    GRANTED = "granted"
    DECLINED = "declined"


REMEDY: Lifecycle[RemedyStatus] = Lifecycle(
    "remedy",
    initial={RemedyStatus.PROPOSED, RemedyStatus.GRANTED},
    moves={RemedyStatus.PROPOSED: {RemedyStatus.GRANTED, RemedyStatus.DECLINED}},
)

COST_CENTS = {
    RemedyKind.PRIORITY_VISIT: 2_500,
    RemedyKind.LOAN_DEVICE: 6_000,
    RemedyKind.CREDIT: 2_000,
    RemedyKind.WORKAROUND: 0,
}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What sets one customer of an incident apart from another."""

    is_vulnerable: bool
    is_work_stopped: bool
    has_contract: bool
    recent_faults: int


@dataclass(frozen=True, slots=True)
class Answer:
    kind: RemedyKind
    reason: str
    words: dict[str, str]


def answer_to(customer: Circumstances) -> Answer:
    """The first line that fits."""
    lines = (
        (
            customer.is_vulnerable,
            RemedyKind.PRIORITY_VISIT,
            "vulnerable",
            "Somebody vulnerable lives there.",
            "Dort lebt jemand, der besonderen Schutz braucht.",
        ),
        (
            customer.is_work_stopped,
            RemedyKind.LOAN_DEVICE,
            "work_stopped",
            "Their work stands still.",
            "Die Arbeit dort steht still.",
        ),
        (
            customer.has_contract,
            RemedyKind.PRIORITY_VISIT,
            "contract",
            "Their agreement promises it.",
            "Der Vertrag sagt es zu.",
        ),
        (
            customer.recent_faults >= MANY_FAULTS,
            RemedyKind.CREDIT,
            "history",
            f"{customer.recent_faults} faults in 90 days.",
            f"{customer.recent_faults} Störungen in 90 Tagen.",
        ),
        (
            True,
            RemedyKind.WORKAROUND,
            "none_of_these",
            "Nothing more pressing is known.",
            "Nichts Dringenderes ist bekannt.",
        ),
    )
    kind, reason, english, german = next(line[1:] for line in lines if line[0])
    return Answer(kind, reason, {"en": english, "de": german})


def needs_approval(cost_cents: int) -> bool:
    return cost_cents > APPROVAL_LIMIT_CENTS
