"""Cutting a plan into parts that lie apart, along another line each time.

A part is some of the shifts and the jobs that only they may take meanwhile. What keeps two parts
from exchanging a job in one round does not in the next, as the line is drawn by chance.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np

from optimizer.annealing.tables import ORIGIN, PLACE, Facts, Floats, Ints

NEAREST = 3
"""Of the near shifts, those that a job left out may go with."""
ON_LINE = 10
"""Seconds."""

Routes = list[list[int]]


@dataclass(frozen=True, slots=True)
class Part:
    """Indices, rising."""

    shifts: Ints
    jobs: Ints


def cut(
    facts: Facts, routes: Routes, movable: Ints, near_shifts: Ints, parts: int, dice: random.Random
) -> list[Part]:
    """So many parts with about as many stops each; every shift and movable job is in one. A job
    that is left out goes with one of its near shifts."""
    served = np.array([job for route in routes for job in route], dtype=np.int64)
    left = np.setdiff1d(movable, served)
    choices = near_shifts[left, :NEAREST]
    followed = choices[np.arange(len(left)), [dice.randrange(choices.shape[1]) for _ in left]]
    followed = np.where(followed >= 0, followed, np.maximum(choices[:, 0], 0))
    pieces = [list(range(len(routes)))]
    while len(pieces) < parts:
        largest = max(pieces, key=lambda piece: _size(routes, piece))
        pieces.remove(largest)
        pieces += _halves(facts, routes, largest, dice)
    found = []
    for shifts in pieces:
        waiting = left[np.isin(followed, shifts)]
        jobs = [job for v in shifts for job in routes[v]] + waiting.tolist()
        found.append(
            Part(np.array(sorted(shifts), dtype=np.int64), np.unique(jobs).astype(np.int64))
        )
    return found


def _size(routes: Routes, shifts: list[int]) -> int:
    return sum(len(routes[v]) + 1 for v in shifts)


def _halves(
    facts: Facts, routes: Routes, shifts: list[int], dice: random.Random
) -> list[list[int]]:
    """By how much nearer each route is to one of two places than to the other. Those on the line
    (everything behind one bridge may be) are parted along a line of their own."""
    order, side = _across(facts, routes, shifts, dice)
    half = _middle(routes, order)
    on_line = [v for v in order if abs(side[v] - side[order[half]]) <= ON_LINE]
    if len(on_line) < len(order):
        first = order.index(on_line[0])
        order[first : first + len(on_line)] = _across(facts, routes, on_line, dice)[0]
        half = _middle(routes, order)
    return [order[:half], order[half:]]


def _across(
    facts: Facts, routes: Routes, shifts: list[int], dice: random.Random
) -> tuple[list[int], dict[int, float]]:
    """The shifts from one side to the other, and where each is."""
    sideways = _axis(facts, routes, shifts, dice)
    origin, place = facts.shifts[:, ORIGIN], facts.jobs[:, PLACE]
    side = {
        v: float(sideways[place[routes[v]]].mean() if routes[v] else sideways[origin[v]])
        for v in shifts
    }
    return sorted(shifts, key=lambda v: (side[v], v)), side


def _middle(routes: Routes, order: list[int]) -> int:
    """How many of the shifts have half of the stops; never none and never all."""
    half, whole, count = 0, _size(routes, order), 0
    while half < len(order) - 1 and (half == 0 or 2 * count < whole):
        count += len(routes[order[half]]) + 1
        half += 1
    return half


def _axis(facts: Facts, routes: Routes, shifts: list[int], dice: random.Random) -> Floats:
    """By place, the trip from one pole less the trip from another, which is far from it."""
    poles = [_some_place(facts, routes, dice.choice(shifts), dice) for _ in range(8)]
    first = poles[0]
    second = max(poles[1:], key=lambda pole: int(facts.trips[first, pole]))
    return np.asarray(facts.trips[first] - facts.trips[second], dtype=np.float64)


def _some_place(facts: Facts, routes: Routes, shift: int, dice: random.Random) -> int:
    if not routes[shift]:
        return int(facts.shifts[shift, ORIGIN])
    return int(facts.jobs[dice.choice(routes[shift]), PLACE])
