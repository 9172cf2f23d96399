"""Hard rules about what is on board: the pass of a depot, and the parts and tools of each job."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from optimizer.depot import Depot
from optimizer.plan import DepotPass, Route
from optimizer.problem import Problem
from optimizer.shift import Shift
from optimizer.violation import Code, Violation


def depot_allowed(_problem: Problem, shift: Shift, route: Route) -> Iterator[Violation]:
    """The shift may pass the depot that it passes."""
    fetching = route.depot_pass
    if fetching is not None and fetching.depot_id not in shift.depots:
        sentence = f"Shift {shift.id} may not pass depot {fetching.depot_id}."
        yield Violation(Code.DEPOT_FORBIDDEN, sentence, None, shift.id)


def depot_pass_in_place(problem: Problem, shift: Shift, route: Route) -> Iterator[Violation]:
    """The pass lies behind the facts, between its stops, while the depot is open, and lasts as
    long as the depot takes."""
    fetching = route.depot_pass
    if fetching is not None and (why := _misplaced(problem, shift, route, fetching)):
        sentence = f"The pass of depot {fetching.depot_id} in shift {shift.id} {why}."
        yield Violation(Code.DEPOT_MISPLACED, sentence, None, shift.id)


def _misplaced(problem: Problem, shift: Shift, route: Route, fetching: DepotPass) -> str | None:
    if not len(shift.committed) <= fetching.position <= len(route.stops):
        return "has no place behind the committed stops"
    depot = problem.depot_by_id.get(fetching.depot_id)
    if depot is not None and fetching.end - fetching.start != depot.service_seconds:
        return f"does not take {depot.service_seconds} seconds"
    if depot is not None and not depot.is_open(fetching.start):
        return "begins while the depot is closed"
    before, behind = route.stops[: fetching.position], route.stops[fetching.position :]
    free = max([route.departure, *(stop.end for stop in before)])
    if fetching.start < free + fetching.travel_seconds:
        return "starts before it can be reached"
    if behind and behind[0].arrival < fetching.end + behind[0].travel_seconds:
        return "ends too late for the next job"
    if route.end < fetching.end:
        return "ends behind the route"
    if any(one.start < fetching.end and fetching.start < one.end for one in route.breaks):
        return "lies within a break"
    return None


def parts_on_board(problem: Problem, shift: Shift, route: Route) -> Iterator[Violation]:
    """No job uses more of a part than is left on board, facts included."""
    left = Counter({part.name: part.quantity for part in shift.parts})
    for position, stop in enumerate(route.stops):
        job = problem.job_by_id.get(stop.job_id)
        depot = _passed(problem, route, position)
        for part in job.parts if job else ():
            if depot is not None and depot.has_part(part.name):
                continue
            short = part.quantity - max(0, left[part.name])
            left[part.name] -= part.quantity
            if short > 0 and position >= len(shift.committed):
                sentence = f"{short} pieces of {part.name} are missing for job {stop.job_id}."
                yield Violation(Code.PART_MISSING, sentence, stop.job_id, shift.id, short)


def tools_on_board(problem: Problem, shift: Shift, route: Route) -> Iterator[Violation]:
    """Every tool that a job needs is on board by then."""
    for position, stop in enumerate(route.stops[len(shift.committed) :], len(shift.committed)):
        job = problem.job_by_id.get(stop.job_id)
        depot = _passed(problem, route, position)
        for tool in job.tools if job else ():
            if tool not in shift.tools and not (depot is not None and depot.has_tool(tool)):
                sentence = f"The tool {tool} is missing for job {stop.job_id}."
                yield Violation(Code.TOOL_MISSING, sentence, stop.job_id, shift.id)


def _passed(problem: Problem, route: Route, position: int) -> Depot | None:
    """The depot passed before that stop."""
    fetching = route.depot_pass
    if fetching is None or position < fetching.position:
        return None
    return problem.depot_by_id.get(fetching.depot_id)


DEPOT_RULES: tuple[Callable[[Problem, Shift, Route], Iterator[Violation]], ...] = (
    depot_allowed,
    depot_pass_in_place,
    parts_on_board,
    tools_on_board,
)
