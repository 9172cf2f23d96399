"""Ways to break what binds jobs to each other, beside `mutants`."""

import random
from collections.abc import Callable
from dataclasses import replace

from optimizer.bond import Bundle, Precedence, Together
from optimizer.plan import Plan, Unassigned
from optimizer.problem import Problem
from tests.optimizer.mutants import MUTATIONS, Mutant, Spot, spots
from tests.optimizer.rare_mutants import RARE_MUTATIONS


def _ends(plan: Plan, job_id: str) -> int:
    return max(stop.end for _, stop in plan.seats(job_id))


def _kept_orders(problem: Problem, plan: Plan) -> list[Precedence]:
    return [
        bond
        for bond in problem.precedences
        if plan.seats(bond.after) and bond.after not in problem.committed_ids
    ]


def _with_order(problem: Problem, old: Precedence, new: Precedence) -> Problem:
    rest = (new if bond is old else bond for bond in problem.precedences)
    return replace(problem, precedences=tuple(rest))


def follow_too_soon(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    kept = _kept_orders(problem, plan)
    if not kept:
        return None
    bond = dice.choice(kept)
    delay = plan.seats(bond.after)[0][1].start - _ends(plan, bond.before)
    return _with_order(problem, bond, replace(bond, min_delay=delay + 1, max_delay=None)), plan


def follow_too_late(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    kept = _kept_orders(problem, plan)
    if not kept:
        return None
    bond = dice.choice(kept)
    delay = plan.seats(bond.after)[0][1].start - _ends(plan, bond.before)
    if delay == 0:
        return None
    return _with_order(problem, bond, replace(bond, min_delay=0, max_delay=delay - 1)), plan


def follow_nobody(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    """The job before is left out."""
    kept = [b for b in _kept_orders(problem, plan) if b.before not in problem.committed_ids]
    if not kept:
        return None
    gone = dice.choice(kept).before
    routes = []
    for route in plan.routes:
        stops = tuple(stop for stop in route.stops if stop.job_id != gone)
        if stops:
            routes.append(replace(route, stops=stops))
    left = (*plan.unassigned, Unassigned(gone))
    return problem, replace(plan, routes=tuple(routes), unassigned=left)


def _apart(
    dice: random.Random, problem: Problem, plan: Plan, are_apart: Callable[[Spot, Spot], bool]
) -> tuple[str, str] | None:
    found = [
        (one[4].id, other[4].id)
        for one in spots(problem, plan)
        for other in spots(problem, plan)
        if one[4].crew_size == other[4].crew_size == 1 and are_apart(one, other)
    ]
    return dice.choice(found) if found else None


def tear_bundle(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    pair = _apart(
        dice, problem, plan, lambda one, other: one[5].technician_id != other[5].technician_id
    )
    if pair is None:
        return None
    return replace(problem, precedences=(), bundles=(Bundle(pair),)), plan


def split_over_days(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    def two_days(one: Spot, other: Spot) -> bool:
        return one[5].technician_id == other[5].technician_id and one[5].id != other[5].id

    pair = _apart(dice, problem, plan, two_days)
    if pair is None:
        return None
    return replace(problem, precedences=(), bundles=(Bundle(pair, Together.SHIFT),)), plan


def interrupt_stay(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    def interrupted(one: Spot, other: Spot) -> bool:
        here = one[5].id == other[5].id and one[4].place == other[4].place
        return here and one[4].id != other[4].id and one[3].end != other[3].start

    pair = _apart(dice, problem, plan, interrupted)
    if pair is None:
        return None
    return replace(problem, precedences=(), bundles=(Bundle(pair, Together.STAY),)), plan


ALL_MUTATIONS: tuple[Callable[[random.Random, Problem, Plan], Mutant | None], ...] = (
    *MUTATIONS,
    *RARE_MUTATIONS,
    follow_too_soon,
    follow_too_late,
    follow_nobody,
    tear_bundle,
    split_over_days,
    interrupt_stay,
)
