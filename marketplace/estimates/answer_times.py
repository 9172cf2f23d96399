"""How long people take to say yes, of whom only those are seen who said it in time; plain numpy.

An offer ends before the slowest would have answered. What the quick ones took says too little; and
offers that stand for so long end before ever more of the others, and so on. So the times are taken
for a log-normal law of which each is seen only up to the life of its offer (a truncated sample:
Cohen 1959), with a prior that is what is believed before there are answers.
"""

from collections.abc import Sequence
from math import erfc, log, sqrt

import numpy as np

USUAL_ANSWER, MOST_ANSWERED, FEWEST_ANSWERS = 40.0, 0.9, 30
"""An offer stands for as long as nine of ten of those who say yes take: minutes, before there are
so many answers."""
SPREAD = 1.0
"""Believed of the logarithm of the time: its standard deviation."""
DEVIATIONS_OF_MOST = 1.2816
"""So many standard deviations above the middle lie nine tenths."""
MIDDLE = log(USUAL_ANSWER) - DEVIATIONS_OF_MOST * SPREAD
MIDDLE_SPREAD, SPREAD_SPREAD = 0.7, 0.3
"""How far, in logarithms, middle and spread may lie from what is believed."""
MIDDLES, SPREADS = np.linspace(0.0, 6.0, 121), np.exp(np.linspace(-1.2, 0.8, 41))


def usual_minutes(answers: Sequence[tuple[float, float]]) -> float:
    """Minutes within which nine of ten of those who say yes have said it, from the time that each
    yes took and the life of its offer, in minutes."""
    if len(answers) < FEWEST_ANSWERS:
        return USUAL_ANSWER
    took, lives = np.maximum(np.array(answers).T, 0.1)
    x, ends = np.log(took), np.log(np.maximum(lives, took))
    ends, counts = np.unique(np.round(ends, 2), return_counts=True)
    middle, spread = np.meshgrid(MIDDLES, SPREADS, indexing="ij")
    squares = (x**2).sum() - 2 * middle * x.sum() + len(x) * middle**2
    likely = -len(x) * np.log(spread) - squares / (2 * spread**2)
    for end, count in zip(ends, counts, strict=True):
        likely -= count * np.log(_below((end - middle) / spread))
    likely -= ((middle - MIDDLE) / MIDDLE_SPREAD) ** 2 / 2
    likely -= (np.log(spread / SPREAD) / SPREAD_SPREAD) ** 2 / 2
    best = np.unravel_index(likely.argmax(), likely.shape)
    return round(float(np.exp(middle[best] + DEVIATIONS_OF_MOST * spread[best])), 1)


_erfc = np.vectorize(erfc, otypes=[float])


def _below(deviations: np.ndarray) -> np.ndarray:
    """The share of a standard normal law below so many deviations."""
    return np.asarray(np.maximum(_erfc(-deviations / sqrt(2)) / 2, 1e-300))
