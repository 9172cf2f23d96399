"""Ways to break a valid plan; each gives a plan that breaks a rule by construction, or None."""

import random
from collections.abc import Callable
from dataclasses import replace

from optimizer.job import Job
from optimizer.plan import DepotPass, Plan, Route, Stop, Unassigned
from optimizer.problem import Hours, Problem
from optimizer.shift import Shift

Mutant = tuple[Problem, Plan]
Spot = tuple[int, int, Route, Stop, Job, Shift]


def spots(problem: Problem, plan: Plan) -> list[Spot]:
    """Every planned stop that is not committed: (route number, stop number, ...)."""
    return [
        (r, k, route, stop, problem.job_by_id[stop.job_id], problem.shift_by_id[route.shift_id])
        for r, route in enumerate(plan.routes)
        for k, stop in enumerate(route.stops)
        if k >= len(problem.shift_by_id[route.shift_id].committed)
    ]


def pick(
    dice: random.Random, problem: Problem, plan: Plan, *needs: Callable[[Spot], bool]
) -> Spot | None:
    fitting = [spot for spot in spots(problem, plan) if all(need(spot) for need in needs)]
    return dice.choice(fitting) if fitting else None


def with_stop(plan: Plan, r: int, k: int, stop: Stop) -> Plan:
    route = plan.routes[r]
    stops = (*route.stops[:k], stop, *route.stops[k + 1 :])
    return with_route(plan, r, replace(route, stops=stops))


def with_route(plan: Plan, r: int, route: Route) -> Plan:
    return replace(plan, routes=(*plan.routes[:r], route, *plan.routes[r + 1 :]))


def with_job(problem: Problem, job: Job) -> Problem:
    return replace(problem, jobs=tuple(job if j.id == job.id else j for j in problem.jobs))


def with_shift(problem: Problem, shift: Shift) -> Problem:
    return replace(problem, shifts=tuple(shift if s.id == shift.id else s for s in problem.shifts))


def shifted(stop: Stop, seconds: int) -> Stop:
    return replace(
        stop, arrival=stop.arrival + seconds, start=stop.start + seconds, end=stop.end + seconds
    )


def lose_unassigned(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    if not plan.unassigned:
        return None
    gone = dice.choice(plan.unassigned)
    return problem, replace(plan, unassigned=tuple(u for u in plan.unassigned if u != gone))


def lose_planned(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan)
    if spot is None:
        return None
    job_id = spot[3].job_id
    routes = []
    for route in plan.routes:
        stops = tuple(stop for stop in route.stops if stop.job_id != job_id)
        if stops:
            routes.append(replace(route, stops=stops))
    return problem, replace(plan, routes=tuple(routes))


def leave_out_what_is_planned(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan)
    if spot is None:
        return None
    return problem, replace(plan, unassigned=(*plan.unassigned, Unassigned(spot[3].job_id)))


def serve_twice(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan)
    if spot is None:
        return None
    r, k, route, stop, _, _ = spot
    again = (*route.stops[: k + 1], stop, *route.stops[k + 1 :])
    return problem, with_route(plan, r, replace(route, stops=again))


def invent_job(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan)
    if spot is None:
        return None
    return problem, with_stop(plan, spot[0], spot[1], replace(spot[3], job_id="invented"))


def invent_shift(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    if not plan.routes:
        return None
    r = dice.randrange(len(plan.routes))
    return problem, with_route(plan, r, replace(plan.routes[r], shift_id="invented"))


def start_before_arrival_possible(
    dice: random.Random, problem: Problem, plan: Plan
) -> Mutant | None:
    """Earlier than the stop before ends plus the way."""
    spot = pick(dice, problem, plan, lambda s: s[1] > 0 and s[3].travel_seconds > 0)
    if spot is None:
        return None
    r, k, route, stop, _, _ = spot
    too_early = route.stops[k - 1].end + stop.travel_seconds - 1
    return problem, with_stop(plan, r, k, shifted(stop, too_early - stop.arrival))


def overlap_next(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan, lambda s: s[1] + 1 < len(s[2].stops))
    if spot is None:
        return None
    r, k, route, stop, _, _ = spot
    late = route.stops[k + 1].start - stop.end + 1
    return problem, with_stop(plan, r, k, shifted(stop, late))


def understate_travel(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan, lambda s: s[3].travel_seconds > 0)
    if spot is None:
        return None
    less = replace(spot[3], travel_seconds=spot[3].travel_seconds - 1)
    return problem, with_stop(plan, spot[0], spot[1], less)


def leave_window(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan, lambda s: bool(s[4].windows))
    if spot is None:
        return None
    r, k, _, stop, job, _ = spot
    return problem, with_stop(plan, r, k, shifted(stop, job.windows[-1].end - stop.start + 1))


def start_before_useful(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan)
    if spot is None:
        return None
    return with_job(problem, replace(spot[4], earliest_useful=spot[3].start + 1)), plan


def change_duration(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan)
    if spot is None:
        return None
    return problem, with_stop(plan, spot[0], spot[1], replace(spot[3], end=spot[3].end - 1))


def set_out_before_shift(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    early = [
        (r, route)
        for r, route in enumerate(plan.routes)
        if not problem.shift_by_id[route.shift_id].committed
    ]
    if not early:
        return None
    r, route = dice.choice(early)
    start = problem.shift_by_id[route.shift_id].start
    return problem, with_route(plan, r, replace(route, departure=start - 1))


def exceed_overtime(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan)
    if spot is None:
        return None
    r, _, route, _, _, shift = spot
    return problem, with_route(plan, r, replace(route, end=shift.latest_end + 1))


def skip_break(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan, lambda s: bool(s[2].breaks))
    if spot is None:
        return None
    route = spot[2]
    gone = dice.choice(route.breaks)
    left = tuple(pause for pause in route.breaks if pause != gone)
    return problem, with_route(plan, spot[0], replace(route, breaks=left))


def break_during_work(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan, lambda s: bool(s[2].breaks))
    if spot is None:
        return None
    r, _, route, stop, _, _ = spot
    first = route.breaks[0]
    moved = replace(first, start=stop.start, end=stop.start + first.end - first.start)
    return problem, with_route(plan, r, replace(route, breaks=(moved, *route.breaks[1:])))


def shorten_break(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan, lambda s: bool(s[2].breaks))
    if spot is None:
        return None
    first, *rest = spot[2].breaks
    short = (replace(first, end=first.end - 1), *rest)
    return problem, with_route(plan, spot[0], replace(spot[2], breaks=short))


def take_skill_away(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan, lambda s: bool(s[4].requirements))
    if spot is None:
        return None
    needed = spot[4].requirements[0].skill
    left = tuple(skill for skill in spot[5].skills if skill.name != needed)
    return with_shift(problem, replace(spot[5], skills=left)), plan


def raise_level(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan, lambda s: bool(s[4].requirements))
    if spot is None:
        return None
    first, *rest = spot[4].requirements
    return with_job(problem, replace(spot[4], requirements=(replace(first, level=5), *rest))), plan


def expire_skill(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan, lambda s: bool(s[4].requirements))
    if spot is None:
        return None
    shift, end, needed = spot[5], spot[3].end, spot[4].requirements[0].skill
    skills = tuple(
        replace(skill, valid_until=end - 1) if skill.name == needed else skill
        for skill in shift.skills
    )
    return with_shift(problem, replace(shift, skills=skills)), plan


def take_credential_away(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan, lambda s: bool(s[4].credentials))
    if spot is None:
        return None
    return with_shift(problem, replace(spot[5], credentials=())), plan


def exclude_technician(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan, lambda s: not s[4].required_technicians)
    if spot is None:
        return None
    return with_job(problem, replace(spot[4], excluded_technicians=(spot[5].technician_id,))), plan


def require_others(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan, lambda s: not s[4].excluded_technicians)
    if spot is None:
        return None
    return with_job(problem, replace(spot[4], required_technicians=("x", "y"))), plan


def give_to_another(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    """A technician excluded from the job does it instead."""
    spot = pick(dice, problem, plan, lambda s: not s[4].required_technicians)
    if spot is None:
        return None
    job, used = spot[4], {route.shift_id for route in plan.routes}
    others = [s for s in problem.shifts if s.technician_id != spot[5].technician_id]
    others = [s for s in others if s.id not in used]
    if not others:
        return None
    other = dice.choice(others)
    moved = with_route(plan, spot[0], replace(spot[2], shift_id=other.id))
    return with_job(problem, replace(job, excluded_technicians=(other.technician_id,))), moved


def pull_crew_apart(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan, lambda s: s[4].crew_size > 1)
    if spot is None:
        return None
    return problem, with_stop(plan, spot[0], spot[1], shifted(spot[3], 1))


def shrink_crew(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan, lambda s: s[4].crew_size > 1 and len(s[2].stops) > 1)
    if spot is None:
        return None
    r, k, route, _, _, _ = spot
    stops = (*route.stops[:k], *route.stops[k + 1 :])
    return problem, with_route(plan, r, replace(route, stops=stops))


def miss_pinned_start(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan, lambda s: s[4].pin is not None and s[4].pin.start is not None)
    if spot is None:
        return None
    return problem, with_stop(plan, spot[0], spot[1], shifted(spot[3], dice.choice((-60, 60))))


def miss_pinned_technician(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan, lambda s: s[4].pin is not None)
    if spot is None or spot[4].pin is None:
        return None
    pin = replace(spot[4].pin, technician_id="somebody else")
    return with_job(problem, replace(spot[4], pin=pin)), plan


def change_committed(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    for r, route in enumerate(plan.routes):
        if problem.shift_by_id[route.shift_id].committed:
            return problem, with_stop(plan, r, 0, shifted(route.stops[0], dice.choice((-1, 1))))
    return None


def lower_max_jobs(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan)
    if spot is None:
        return None
    return with_shift(problem, replace(spot[5], max_jobs=len(spot[2].stops) - 1)), plan


def lower_capacity(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(
        dice, problem, plan, lambda s: any(problem.job_by_id[t.job_id].load for t in s[2].stops)
    )
    if spot is None:
        return None
    load = sum(problem.job_by_id[stop.job_id].load for stop in spot[2].stops)
    return with_shift(problem, replace(spot[5], capacity=load - 1)), plan


def lower_max_travel(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan, lambda s: s[2].travel_seconds > 0)
    if spot is None:
        return None
    less = spot[2].travel_seconds - 1
    return with_shift(problem, replace(spot[5], max_travel_seconds=less)), plan


def lower_max_work(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan)
    if spot is None:
        return None
    route = spot[2]
    spent = route.travel_seconds + sum(stop.end - stop.start for stop in route.stops)
    return with_shift(problem, replace(spot[5], max_work_seconds=spent - 1)), plan


def cut_rest(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    """The shift before ends so late that less is left than is due."""
    spot = pick(dice, problem, plan, lambda s: s[5].rest_seconds > 0 and not s[5].committed)
    if spot is None:
        return None
    _, _, route, _, _, shift = spot
    for r, before in enumerate(plan.routes):
        own = problem.shift_by_id[before.shift_id]
        if own.technician_id == shift.technician_id and own.start < shift.start:
            late = route.departure - shift.rest_seconds + 1
            return problem, with_route(plan, r, replace(before, end=late))
    return None


def lower_hours(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    """What the shifts may take each is more than what was agreed for all of them."""
    spot = pick(dice, problem, plan)
    if spot is None:
        return None
    stop, shift = spot[3], spot[5]
    lower = Hours(shift.technician_id, shift.start, shift.start + 1, stop.end - stop.start - 1)
    held = replace(problem)
    object.__setattr__(held, "hours", (lower,))
    return held, plan


def lower_reach(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    def away(spot: Spot) -> bool:
        return problem.travel.between(spot[5].start_place, spot[4].place) > 0

    spot = pick(dice, problem, plan, away)
    if spot is None:
        return None
    trip = problem.travel.between(spot[5].start_place, spot[4].place)
    return with_shift(problem, replace(spot[5], reach_seconds=trip - 1)), plan


def take_parts_away(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan, lambda s: bool(s[4].parts) and not s[5].depots)
    if spot is None:
        return None
    return with_shift(problem, replace(spot[5], parts=())), plan


def take_tools_away(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    spot = pick(dice, problem, plan, lambda s: bool(s[4].tools) and not s[5].depots)
    if spot is None:
        return None
    return with_shift(problem, replace(spot[5], tools=())), plan


def use_more_parts(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    """One piece more than the shift has, where it passes no depot."""
    spot = pick(dice, problem, plan, lambda s: bool(s[4].parts) and s[2].depot_pass is None)
    if spot is None:
        return None
    part = spot[4].parts[0]
    held = sum(own.quantity for own in spot[5].parts if own.name == part.name)
    parts = (replace(part, quantity=held + 1), *spot[4].parts[1:])
    return with_job(problem, replace(spot[4], parts=parts)), plan


def passing(dice: random.Random, plan: Plan) -> tuple[int, Route, DepotPass] | None:
    found = [(r, one, one.depot_pass) for r, one in enumerate(plan.routes) if one.depot_pass]
    return dice.choice(found) if found else None


def skip_depot(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    found = passing(dice, plan)
    return found and (problem, with_route(plan, found[0], replace(found[1], depot_pass=None)))


def pass_depot_last(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    found = passing(dice, plan)
    if found is None:
        return None
    r, route, fetching = found
    last = replace(fetching, position=len(route.stops))
    return problem, with_route(plan, r, replace(route, depot_pass=last))


def hurry_at_depot(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    found = passing(dice, plan)
    if found is None or found[2].end == found[2].start:
        return None
    r, route, fetching = found
    short = replace(fetching, end=fetching.end - 1)
    return problem, with_route(plan, r, replace(route, depot_pass=short))


def pass_depot_too_early(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    found = passing(dice, plan)
    if found is None or found[2].travel_seconds == 0:
        return None
    r, route, fetching = found
    before = [route.departure, *(stop.end for stop in route.stops[: fetching.position])]
    start = max(before) + fetching.travel_seconds - 1
    early = replace(fetching, start=start, end=start + fetching.end - fetching.start)
    return problem, with_route(plan, r, replace(route, depot_pass=early))


def close_depot(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    found = passing(dice, plan)
    if found is None:
        return None
    shift = problem.shift_by_id[found[1].shift_id]
    return with_shift(problem, replace(shift, depots=())), plan


def empty_depot(dice: random.Random, problem: Problem, plan: Plan) -> Mutant | None:
    found = passing(dice, plan)
    if found is None:
        return None
    depots = tuple(
        replace(depot, parts=(), tools=()) if depot.id == found[2].depot_id else depot
        for depot in problem.depots
    )
    return replace(problem, depots=depots), plan


MUTATIONS: tuple[Callable[[random.Random, Problem, Plan], Mutant | None], ...] = (
    lose_unassigned,
    lose_planned,
    leave_out_what_is_planned,
    serve_twice,
    invent_job,
    invent_shift,
    start_before_arrival_possible,
    overlap_next,
    understate_travel,
    leave_window,
    start_before_useful,
    change_duration,
    set_out_before_shift,
    exceed_overtime,
    skip_break,
    break_during_work,
    shorten_break,
    take_skill_away,
    raise_level,
    expire_skill,
    take_credential_away,
    exclude_technician,
    require_others,
    give_to_another,
    pull_crew_apart,
    shrink_crew,
    miss_pinned_start,
    miss_pinned_technician,
    change_committed,
    lower_max_jobs,
    lower_capacity,
    lower_max_travel,
    lower_max_work,
    cut_rest,
    lower_hours,
    lower_reach,
    take_parts_away,
    take_tools_away,
    use_more_parts,
    skip_depot,
    pass_depot_last,
    hurry_at_depot,
    pass_depot_too_early,
    close_depot,
    empty_depot,
)
