"""Cutting a plan into parts that lie apart, along another line each time.

A part is some of the shifts and the jobs that only they may take meanwhile. What keeps two parts
from exchanging a job in one round does not in the next, as the line is drawn by chance.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np

from optimizer.annealing.tables import ORIGIN, PLACE, Facts, Floats, Ints

Routes = list[list[int]]


@dataclass(frozen=True, slots=True)
class Part:
    """Indices, rising."""

    shifts: Ints
    jobs: Ints


def cut(facts: Facts, routes: Routes, movable: Ints, parts: int, dice: random.Random) -> list[Part]:
    """So many parts with about as many stops each; every shift and movable job is in one."""
    served = {job for route in routes for job in route}
    left = np.array([job for job in movable.tolist() if job not in served], dtype=np.int64)
    pieces = [(list(range(len(routes))), left)]
    while len(pieces) < parts:
        largest = max(pieces, key=lambda piece: _size(routes, piece[0]))
        pieces.remove(largest)
        pieces += _halves(facts, routes, *largest, dice)
    found = []
    for shifts, waiting in pieces:
        jobs = [job for v in shifts for job in routes[v]] + waiting.tolist()
        found.append(
            Part(np.array(sorted(shifts), dtype=np.int64), np.unique(jobs).astype(np.int64))
        )
    return found


def _size(routes: Routes, shifts: list[int]) -> int:
    return sum(len(routes[v]) + 1 for v in shifts)


def _halves(
    facts: Facts, routes: Routes, shifts: list[int], left: Ints, dice: random.Random
) -> list[tuple[list[int], Ints]]:
    """By how much nearer each route is to one of two places than to the other."""
    sideways = _axis(facts, routes, shifts, dice)
    origin = facts.shifts[:, ORIGIN]
    place = facts.jobs[:, PLACE]
    side = {
        v: float(sideways[place[routes[v]]].mean() if routes[v] else sideways[origin[v]])
        for v in shifts
    }
    order = sorted(shifts, key=lambda v: (side[v], v))
    half, whole, count = 0, _size(routes, shifts), 0
    while half < len(order) - 1 and (half == 0 or 2 * count < whole):
        count += len(routes[order[half]]) + 1
        half += 1
    near = sideways[place[left]] < side[order[half]]
    return [(order[:half], left[near]), (order[half:], left[~near])]


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
