"""Making a stored plan again from its own record, and comparing the two."""

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.scheduling.changes.steadiness import keep_times
from dispatch.scheduling.plans import record
from dispatch.scheduling.plans.models import Plan
from kernel.errors import Conflict
from optimizer.codec import dumps, plan_from_json, plan_to_json
from optimizer.limits import Limits
from optimizer.solve import solve


@dataclass(frozen=True)
class Replay:
    """Whether the same came out byte by byte, and what may explain it when it did not."""

    is_equal: bool
    was_cut: bool
    """The limit left no time for a part that always runs; that is not repeatable."""
    then: Mapping[str, int]
    now: Mapping[str, int]
    """Cents by term."""
    other_versions: Mapping[str, tuple[str, str]]
    """What has another version now, with both."""


def replay(plan: Plan) -> Replay:
    """Solve again, in this process. Raises Conflict `not_replayable` without a whole record."""
    if plan.snapshot is None or plan.result is None:
        raise Conflict("This plan has no result to compare with.", code="not_replayable")
    try:
        source = record.read(plan.snapshot)
        then = plan_from_json(plan.result)
    except (KeyError, TypeError, ValueError) as error:
        raise Conflict(
            "Another version of Firstfix kept this plan.", code="not_replayable"
        ) from error
    found = solve(source.problem, Limits(schedule=then.schedule), plan.seed, source.previous)
    now = found
    if plan.score is not None:
        now = keep_times(source.problem, found, source.starts)
    present = record.software()
    return Replay(
        is_equal=dumps(plan_to_json(now)) == dumps(plan_to_json(then)),
        was_cut="cut" in then.stats,
        then=then.score.terms(),
        now=now.score.terms(),
        other_versions={
            name: (kept, present.get(name, "absent"))
            for name, kept in source.software.items()
            if present.get(name) != kept
        },
    )
