"""What sending somebody by a model comes to: journeys, failures avoided, journeys for nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from iot_ingest.prognosis.machines import HORIZON_HOURS, Machine


@dataclass(frozen=True, slots=True)
class Rolls:
    """Counts over machines; `wrong` are journeys that no failure followed."""

    machines: int = 0
    failures: int = 0
    avoided: int = 0
    rolls: int = 0
    wrong: int = 0

    def __add__(self, other: Rolls) -> Rolls:
        return Rolls(*(getattr(self, n) + getattr(other, n) for n in Rolls.__slots__))

    @property
    def precision(self) -> float | None:
        """None where nobody was sent."""
        return (self.rolls - self.wrong) / self.rolls if self.rolls else None

    @property
    def recall(self) -> float | None:
        """None where nothing failed."""
        return self.avoided / self.failures if self.failures else None

    @property
    def false_rolls(self) -> float | None:
        """Journeys for nothing per failure avoided; None where nothing failed."""
        return self.wrong / max(1, self.avoided) if self.failures else None


def count_rolls(
    machine: Machine,
    hours: Iterable[float],
    probabilities: Iterable[float],
    threshold: float,
    after: float = float("-inf"),
) -> Rolls:
    """Somebody is sent at most once a day; the failures of the next day are avoided by that."""
    sent: list[float] = []
    for hour, probability in zip(hours, probabilities, strict=True):
        is_due = not sent or hour - sent[-1] >= HORIZON_HOURS
        if probability >= threshold and is_due:
            sent.append(hour)
    failed = {hour for hour, _ in machine.failures if hour > after}
    return Rolls(
        machines=1,
        failures=len(failed),
        avoided=sum(any(hour < end <= hour + HORIZON_HOURS for hour in sent) for end in failed),
        rolls=len(sent),
        wrong=sum(not machine.fails_after(hour) for hour in sent),
    )
