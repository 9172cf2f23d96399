"""What a shift has on board by itself, and whether what a job needs can be had there at all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from optimizer.depot import Depot
from optimizer.job import Job
from optimizer.plan import ReasonCode
from optimizer.problem import Problem
from optimizer.shift import Shift

Item: TypeAlias = "tuple[bool, str]"
"""Whether it is a tool, and its name."""
Needs: TypeAlias = "tuple[tuple[Item, int], ...]"
"""Items with the pieces taken from the stock; of a tool one."""
Stock: TypeAlias = "dict[Item, int]"

ENDLESS = 1 << 40
"""Pieces of a tool on board, which comes back."""


def needs_of(job: Job) -> Needs:
    parts = tuple(((False, part.name), part.quantity) for part in job.parts)
    return parts + tuple(((True, tool), 1) for tool in job.tools)


def stock_of(problem: Problem, shift: Shift) -> Stock:
    """Pieces on board behind the committed stops."""
    stock: Stock = {(False, part.name): part.quantity for part in shift.parts}
    for fact in shift.committed:
        for item, pieces in needs_of(problem.job_by_id[fact.job_id]):
            if item in stock:
                stock[item] = max(0, stock[item] - pieces)
    return stock | {(True, tool): ENDLESS for tool in shift.tools}


def depot_has(depot: Depot, item: Item) -> bool:
    is_tool, name = item
    return depot.has_tool(name) if is_tool else depot.has_part(name)


def lacking(needs: Needs, stock: Stock, depots: Iterable[Depot]) -> list[Item]:
    """The items that are neither on board nor at the depot that helps most; empty when all are."""
    short = [item for item, pieces in needs if pieces > stock.get(item, 0)]
    left = ([item for item in short if not depot_has(depot, item)] for depot in depots)
    return min(left, key=len, default=short) if short else []


def depots_of(problem: Problem, shift: Shift) -> list[Depot]:
    return [problem.depot_by_id[depot_id] for depot_id in shift.depots]


def missing_reason(problem: Problem, job: Job, shift: Shift) -> ReasonCode | None:
    """What the shift can have in no way for the job, whatever else it does."""
    missing = lacking(needs_of(job), stock_of(problem, shift), depots_of(problem, shift))
    if not missing:
        return None
    is_tool = all(is_tool for is_tool, _ in missing)
    return ReasonCode.TOOL_MISSING if is_tool else ReasonCode.PART_MISSING
