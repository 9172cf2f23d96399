"""Ways to break a valid plan that few plans offer: crews, the crowd, closed ways; see `mutants`."""

import random
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from optimizer.crowd import ShareCap
from optimizer.plan import Plan, Unassigned
from optimizer.problem import UNREACHABLE, Problem, Travel
from tests.optimizer.mutants import Mutant, Spot, pick, with_route, with_shift


def split_route(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    """One shift's work told as two routes."""
    long = [(r, route) for r, route in enumerate(plan.routes) if len(route.stops) > 1]
    if not long:
        return None
    r, route = dice.choice(long)
    one, other = (replace(route, stops=part) for part in (route.stops[:1], route.stops[1:]))
    split = with_route(plan, r, one)
    return problem, replace(split, routes=(*split.routes, other))


def seat_one_twice(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    """Both seats of a crew are one technician's."""
    spot = pick(dice, problem, plan, lambda s: s[4].crew_size > 1)
    if spot is None:
        return None
    r, k, route, stop, _, _ = spot
    routes = []
    for number, other in enumerate(plan.routes):
        stops = tuple(seat for seat in other.stops if seat.job_id != stop.job_id)
        if number == r:
            stops = (*route.stops[:k], stop, *route.stops[k:])
        if stops:
            routes.append(replace(other, stops=stops))
    return problem, replace(plan, routes=tuple(routes))


def expire_credential(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan, lambda s: bool(s[4].credentials))
    if spot is None:
        return None
    shift, end = spot[5], spot[3].end
    held = tuple(replace(credential, valid_until=end - 1) for credential in shift.credentials)
    return with_shift(problem, replace(shift, credentials=held)), plan


def close_way(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    """There is no way any more to the place of a first stop."""

    def is_first(spot: Spot) -> bool:
        return spot[1] == 0 and spot[5].start_place != spot[4].place

    spot = pick(dice, problem, plan, is_first)
    if spot is None:
        return None
    seconds = np.array(problem.travel.seconds)
    seconds[spot[5].start_place, spot[4].place] = UNREACHABLE
    return replace(problem, travel=Travel(seconds)), plan


def _asked(dice: random.Random, plan: Plan) -> Unassigned | None:
    found = [left for left in plan.unassigned if left.asked is not None]
    return dice.choice(found) if found else None


def _with_left(plan: Plan, old: Unassigned, new: Unassigned) -> Plan:
    return replace(plan, unassigned=tuple(new if one is old else one for one in plan.unassigned))


def ask_a_stranger(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    left = _asked(dice, plan)
    if left is None or left.asked is None:
        return None
    first, *rest = left.asked.offers
    offers = (replace(first, technician_id="stranger"), *rest)
    return problem, _with_left(plan, left, replace(left, asked=replace(left.asked, offers=offers)))


def ask_for_another_start(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    left = _asked(dice, plan)
    if left is None or left.asked is None:
        return None
    later = replace(left.asked, start=left.asked.start + 60)
    return problem, _with_left(plan, left, replace(left, asked=later))


def rest_promise_on_the_crowd(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    """Nobody of our own stands behind a promised window, and the plan says nothing."""
    firm = [
        left
        for left in plan.unassigned
        if left.asked is not None and problem.job_by_id[left.job_id].is_window_promised
    ]
    if not firm:
        return None
    left = dice.choice(firm)
    assert left.asked is not None
    alone = replace(left.asked, backup=None, is_uncovered=False)
    return problem, _with_left(plan, left, replace(left, asked=alone))


def ask_for_too_many(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    """Freelancers are asked for one job more than a share allows."""
    asked = [left.job_id for left in plan.unassigned if left.asked is not None]
    if not asked:
        return None
    cap = ShareCap("mutant", tuple(asked), len(asked) - 1)
    return replace(problem, share_caps=(*problem.share_caps, cap)), plan


RARE_MUTATIONS: tuple[Callable[[random.Random, Problem, Plan], Mutant | None], ...] = (
    split_route,
    seat_one_twice,
    expire_credential,
    close_way,
    ask_a_stranger,
    ask_for_another_start,
    rest_promise_on_the_crowd,
    ask_for_too_many,
)
