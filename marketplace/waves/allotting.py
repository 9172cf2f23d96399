"""Who is asked for which visit when several wait at once; plain Python.

First come, first served spends the best people on whatever came first. Here every round gives each
visit at most one more person and each person at most one visit, such that the worth of all asking
together is greatest (Kuhn 1955, in the form of Jonker and Volgenant: shortest augmenting paths).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from uuid import UUID


@dataclass(frozen=True)
class Worth:
    """Asking one person for one visit: how likely a yes and coming, what that saves in cents."""

    chance: float
    saved_cents: float


def allot(
    worths: Mapping[UUID, Mapping[UUID, Worth]], *, at_once: int, attention_cents: int
) -> dict[UUID, list[UUID]]:
    """By visit, whom to ask, the first of them worth most; nobody for two visits.

    Another person for the same visit counts only as far as those before may say no, and nobody is
    asked whose asking is not worth `attention_cents`.
    """
    asked: dict[UUID, list[UUID]] = {visit: [] for visit in worths}
    open_chance = dict.fromkeys(worths, 1.0)
    free = {person for of_visit in worths.values() for person in of_visit}
    for _ in range(at_once):
        visits, people = sorted(worths), sorted(free)
        values = [
            [_value(worths[v].get(p), open_chance[v]) - attention_cents for p in people]
            for v in visits
        ]
        given = _best_pairs(values)
        for row, column in given:
            visit, person = visits[row], people[column]
            asked[visit].append(person)
            open_chance[visit] *= 1 - worths[visit][person].chance
            free.discard(person)
        if not given:
            break
    return asked


def _value(worth: Worth | None, open_chance: float) -> float:
    return -inf if worth is None else open_chance * worth.chance * worth.saved_cents


def _best_pairs(values: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Rows and columns, each at most once, of the greatest sum; only pairs above zero."""
    rows = len(values)
    columns = len(values[0]) if rows else 0
    # A column of its own for every row: staying without costs nothing.
    width = columns + rows
    costs = [[-max(value, 0.0) for value in row] + [0.0] * rows for row in values]
    row_price, column_price = [0.0] * (rows + 1), [0.0] * (width + 1)
    owner, before = [0] * (width + 1), [0] * (width + 1)
    for row in range(1, rows + 1):
        owner[0], column = row, 0
        least, seen = [inf] * (width + 1), [False] * (width + 1)
        while owner[column]:
            seen[column] = True
            holder, step, following = owner[column], inf, 0
            for other in range(1, width + 1):
                if seen[other]:
                    continue
                reduced = costs[holder - 1][other - 1] - row_price[holder] - column_price[other]
                if reduced < least[other]:
                    least[other], before[other] = reduced, column
                if least[other] < step:
                    step, following = least[other], other
            for other in range(width + 1):
                if seen[other]:
                    row_price[owner[other]] += step
                    column_price[other] -= step
                else:
                    least[other] -= step
            column = following
        while column:
            owner[column], column = owner[before[column]], before[column]
    pairs = [(owner[column] - 1, column - 1) for column in range(1, columns + 1) if owner[column]]
    return sorted((row, column) for row, column in pairs if values[row][column] > 0)
