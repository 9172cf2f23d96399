"""Who is asked for the jobs that a plan leaves to freelancers, and who stands behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from optimizer.check import check
from optimizer.crowd import Asked, Backup, Crowd
from optimizer.itinerary import routes_of
from optimizer.job import Job
from optimizer.offering import expected_cents, worth_asking
from optimizer.plan import Plan, Unassigned
from optimizer.state import State


def left_to_crowd(
    state: State, plan: Plan, withheld: Mapping[str, str], stop: Callable[[], bool]
) -> tuple[Unassigned, ...]:
    """The plan's jobs without a seat, each with who is asked for it where that pays and no share
    of freelancers withholds it.

    Puts the backups into `state`, the job that is dearest to leave out first, until `stop` says
    so: together they are a plan that `check` accepts, or none of them counts.
    """
    packed, jobs = state.packed, state.packed.problem.job_by_id
    asked = {
        left.job_id: _asked(job.crowd)
        for left in plan.unassigned
        if (job := jobs[left.job_id]).crowd
        and packed.is_asked[packed.job_index[job.id]]
        and job.id not in withheld
    }
    backups = _backups(state, plan, asked, stop) if asked else {}
    return tuple(
        replace(left, asked=_backed(asked[left.job_id], jobs[left.job_id], backups))
        if left.job_id in asked
        else replace(left, share_cap=withheld.get(left.job_id))
        for left in plan.unassigned
    )


def _asked(crowd: Crowd) -> Asked:
    offers = worth_asking(crowd)
    done_pct = 100 - expected_cents(tuple(replace(o, pay_cents=0) for o in offers), 100)
    answered = crowd.ask_from + sum(offer.answer_seconds for offer in offers)
    return Asked(crowd.start, offers, int(done_pct + 1e-9), answered)


def _backed(asked: Asked, job: Job, backups: dict[str, Backup]) -> Asked:
    backup = backups.get(job.id)
    return replace(asked, backup=backup, is_uncovered=job.is_window_promised and not backup)


def _backups(
    state: State, plan: Plan, asked: dict[str, Asked], stop: Callable[[], bool]
) -> dict[str, Backup]:
    packed = state.packed
    dearest = sorted(asked, key=lambda key: (-packed.problem.job_by_id[key].unserved_cents, key))
    cents: dict[str, int] = {}
    for job_id in dearest:
        if stop():
            break
        price = _put_in(state, packed.job_index[job_id], asked[job_id].confirm_by)
        if price is not None:
            cents[job_id] = round(price)
    left = tuple(item for item in plan.unassigned if item.job_id not in cents)
    backed = replace(plan, routes=routes_of(state), unassigned=left)
    if check(packed.problem, backed):
        return {}
    found = {}
    for job_id, price in cents.items():
        [(route, at)] = backed.seats(job_id)
        technician = packed.problem.shift_by_id[route.shift_id].technician_id
        found[job_id] = Backup(route.shift_id, technician, at.start, at.end, price)
    return found


def _put_in(state: State, job: int, not_before: int) -> float | None:
    """Puts the job at its best place, started when all answers are known; what that costs."""
    windows = state.packed.windows
    windows[job] = tuple((max(a, not_before), b) for a, b in windows[job] if b >= not_before)
    choice = state.best(job)
    if choice is None:
        return None
    state.insert(job, choice.shift, choice.position)
    return choice.cents
