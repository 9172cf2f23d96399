"""Facts to points; plain Python.

    score = (base_weight * base_points + sum of weight * worth) / (base_weight + sum of weights)

A weight halves with every half-life that lies between the fact and the newest one. All ratings are
one worth: their mean, drawn to everybody's.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from marketplace.scores.lifecycle import FactKind

BEST_STARS = 5


@dataclass(frozen=True)
class Rules:
    """Points from 0 to 100, weights in facts; `TrustTerms` says what each is for."""

    base_points: int = 80
    base_weight: int = 5
    half_life_days: int = 90
    late_points: int = 40
    early_back_out_points: int = 70
    late_back_out_points: int = 10
    no_show_weight: int = 3
    stars_weight: int = 10

    def worth(self, kind: FactKind) -> int:
        """Points of a fact that is no rating."""
        return {
            FactKind.ON_TIME: 100,
            FactKind.LATE: self.late_points,
            FactKind.BACK_OUT_EARLY: self.early_back_out_points,
            FactKind.BACK_OUT_LATE: self.late_back_out_points,
            FactKind.NO_SHOW: 0,
            FactKind.APPROVED: 100,
        }[kind]

    def weight(self, kind: FactKind) -> int:
        return self.no_show_weight if kind is FactKind.NO_SHOW else 1


@dataclass(frozen=True)
class Fact:
    """`stars` from 1 to 5 with a rating, none otherwise."""

    kind: FactKind
    happened_at: datetime
    stars: int | None = None


def score(facts: Collection[Fact], rules: Rules, usual_stars: float) -> int:
    """Points from 0 to 100; `usual_stars` is everybody's mean rating."""
    newest = max((fact.happened_at for fact in facts), default=None)
    mass = float(rules.base_weight)
    total = mass * rules.base_points
    rated = stars = 0.0
    for fact in facts:
        assert newest is not None
        ages = (newest - fact.happened_at) / timedelta(days=rules.half_life_days)
        counts = 0.5**ages
        if fact.kind is FactKind.RATED:
            rated += counts
            stars += counts * (fact.stars or usual_stars)
        else:
            weight = counts * rules.weight(fact.kind)
            mass += weight
            total += weight * rules.worth(fact.kind)
    mean = (stars + rules.stars_weight * usual_stars) / (rated + rules.stars_weight)
    mass += rated
    total += rated * 100 * (mean - 1) / (BEST_STARS - 1)
    return round(total / mass)
