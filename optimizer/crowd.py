"""Freelancers who may be asked to take a job, and what came of looking at them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from optimizer.values import require, require_all_distinct, require_not_negative


@dataclass(frozen=True, slots=True)
class Offer:
    """One freelancer asked at one pay: of 100 so asked `accept_pct` say yes within
    `answer_seconds`, of 100 who did `show_pct` come. Only who comes is paid."""

    technician_id: str
    pay_cents: int
    accept_pct: int
    show_pct: int = 100
    answer_seconds: int = 600

    def __post_init__(self) -> None:
        name = f"Offer to {self.technician_id}"
        require(bool(self.technician_id), "An offer names a technician.")
        require(self.accept_pct <= 100 and self.show_pct <= 100, f"{name}: 100 % is the most.")
        require_not_negative(
            name,
            pay_cents=self.pay_cents,
            accept_pct=self.accept_pct,
            show_pct=self.show_pct,
            answer_seconds=self.answer_seconds,
        )


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who may be asked for a job instead of giving it to a shift; nobody has said yes yet.

    They are asked one after the other between `ask_from` and `ask_until`, for work that starts at
    `start`. `fallback_cents` is what it costs when nobody comes: somebody of one's own sent after
    all, a dearer wave, or a date that was never confirmed. Several offers to one freelancer differ
    in pay. With `own_first` they are counted as dear as nobody, so that they are only asked where
    no shift is worth having it.
    """

    start: int
    offers: tuple[Offer, ...]
    fallback_cents: int
    ask_until: int
    ask_from: int = 0
    own_first: bool = False

    def __post_init__(self) -> None:
        require(bool(self.offers), "A crowd has somebody to ask.")
        require(
            self.ask_from <= self.ask_until <= self.start,
            "A crowd is asked before the work starts.",
        )
        require_not_negative("Crowd", fallback_cents=self.fallback_cents)


@dataclass(frozen=True, slots=True)
class ShareCap:
    """Freelancers are asked for `most` of these jobs at the most."""

    name: str
    job_ids: tuple[str, ...]
    most: int

    def __post_init__(self) -> None:
        require(bool(self.job_ids), f"Share {self.name} is one of some jobs.")
        require_all_distinct(f"Share {self.name}", self.job_ids)
        require_not_negative(f"Share {self.name}", most=self.most)

    def within(self, job_ids: Collection[str]) -> ShareCap | None:
        """The same of these jobs alone; None when it has none of them."""
        own = tuple(job_id for job_id in self.job_ids if job_id in job_ids)
        return replace(self, job_ids=own) if own else None


@dataclass(frozen=True, slots=True)
class Backup:
    """The shift that could still take a job when all have declined, from `start` to `end`; what
    it would then cost beside the plan. All backups of a plan are possible together."""

    shift_id: str
    technician_id: str
    start: int
    end: int
    cents: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A job left to freelancers: `offers` in the order of asking, done with `done_pct` of 100
    (rounded down), known at `confirm_by`.

    Without a backup the date is to be confirmed by then: nothing firm may rest on it. A job whose
    window was promised and that has no backup is `is_uncovered`, and charged as left out.
    """

    start: int
    offers: tuple[Offer, ...]
    done_pct: int
    confirm_by: int
    backup: Backup | None = None
    is_uncovered: bool = False

    @property
    def is_firm(self) -> bool:
        return self.backup is not None
