"""How rare a value is against the history of its own stream, in bounded memory."""

from __future__ import annotations

from math import log, log10, sqrt
from typing import Any

BINS, CENTRE, BINS_PER_E = 40, 20, 4.0
"""Bins of a deviation's size on a log scale: one standard deviation is at the centre."""
UNSEEN = 0.3
"""The weight of what has not been seen yet: it keeps the first tails from being certain."""
FORGETTING = 5e-5
"""Half of the history fades within 14,000 points. Faster forgetting costs 3 to 9 points on NAB."""
WARM_UP = 10
HEAVIEST = 1e9


class Tail:
    """The share of the history that lies at least as far from its mean as a value does."""

    __slots__ = ("counts", "mean", "points", "total", "variance", "weight")

    def __init__(self) -> None:
        self.points, self.mean, self.variance = 0, 0.0, 0.0
        self.counts, self.total, self.weight = [0.0] * BINS, 0.0, 1.0

    def rarity(self, value: float) -> float:
        """-log10 of the tail probability of `value`, which then becomes history; 0 at first."""
        deviation = value - self.mean
        scale = sqrt(self.variance)
        least = 1e-9 + 1e-6 * abs(self.mean)
        if scale < least:
            scale = least
        size = abs(deviation) / scale
        position = int(BINS_PER_E * log(size) + CENTRE) if size > 1e-9 else 0
        position = 0 if position < 0 else BINS - 1 if position >= BINS else position
        rarity = 0.0
        if self.points > WARM_UP:
            weight, unseen = self.weight, UNSEEN * self.weight
            rarity = -log10((sum(self.counts[position:]) + unseen) / (self.total + unseen))
            self.counts[position] += weight
            self.total += weight
            self.weight = weight / (1 - FORGETTING)
            if weight > HEAVIEST:
                self._rescale()
        self.points += 1
        share = max(FORGETTING, 1 / self.points)
        self.mean += share * deviation
        self.variance = (1 - share) * (self.variance + share * deviation * deviation)
        return rarity

    def _rescale(self) -> None:
        self.counts = [count / self.weight for count in self.counts]
        self.total /= self.weight
        self.weight = 1.0

    def to_json(self) -> list[Any]:
        counts = [float(f"{count:.6g}") if count else 0 for count in self.counts]
        return [self.points, self.mean, self.variance, self.weight, counts]

    @classmethod
    def from_json(cls, state: list[Any]) -> Tail:
        found = cls()
        found.points, found.mean, found.variance, found.weight = state[:4]
        found.counts = list(state[4])
        found.total = sum(found.counts)
        return found
