"""What a customer gets while a fault lasts, and why; plain Python."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from dispatch.accounts.roles import ADMIN, DISPATCHER, FINANCE, OFFICE, SUPERVISOR
from kernel.lifecycle import Lifecycle

GRANTING = (*OFFICE, FINANCE)
"""Roles that terms may give a limit."""
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


class RemedyObstacle(StrEnum):
    """Why a granted remedy could not be carried out; mended, it can be tried again."""

    ALERT_OVER = "alert_over"
    NEEDS_REVIEW = "needs_review"
    WORK_DONE = "work_done"
    NO_LOAN_TYPE = "no_loan_type"
    NO_INSTRUCTIONS = "no_instructions"


REMEDY: Lifecycle[RemedyStatus] = Lifecycle(
    "remedy",
    initial={RemedyStatus.PROPOSED, RemedyStatus.GRANTED},
    moves={RemedyStatus.PROPOSED: {RemedyStatus.GRANTED, RemedyStatus.DECLINED}},
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a kind of remedy costs, and up to which cost each role grants it alone; other roles
    grant none."""

    kind: RemedyKind
    cost_cents: int
    limits: Mapping[str, int]

    def limit_of(self, roles: Iterable[str]) -> int:
        """Of somebody with these roles; -1 where none may grant it."""
        return max((self.limits.get(role, -1) for role in roles), default=-1)


USUAL_LIMITS = {DISPATCHER: 3_000, SUPERVISOR: 20_000, ADMIN: 20_000}
USUAL_TERMS = {
    RemedyKind.PRIORITY_VISIT: Terms(RemedyKind.PRIORITY_VISIT, 2_500, USUAL_LIMITS),
    RemedyKind.LOAN_DEVICE: Terms(RemedyKind.LOAN_DEVICE, 6_000, USUAL_LIMITS),
    RemedyKind.CREDIT: Terms(RemedyKind.CREDIT, 2_000, USUAL_LIMITS),
    RemedyKind.WORKAROUND: Terms(RemedyKind.WORKAROUND, 0, USUAL_LIMITS),
}
"""In force until others are set."""


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
