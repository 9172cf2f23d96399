"""Hard rules about one stop: may this technician do this job at this time."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from optimizer.job import Job
from optimizer.plan import Stop
from optimizer.problem import UNREACHABLE, Problem
from optimizer.shift import Shift
from optimizer.violation import Code, Violation


def skills_held(_problem: Problem, shift: Shift, job: Job, stop: Stop) -> Iterator[Violation]:
    """Every skill required is held, at the level, from start to end of the work."""
    held = {skill.name: skill for skill in shift.skills}
    for need in job.requirements:
        skill = held.get(need.skill)
        who = f"Technician {shift.technician_id}"
        if skill is None:
            sentence = f"{who} lacks {need.skill} for job {job.id}."
            yield Violation(Code.SKILL_MISSING, sentence, job.id, shift.id, need.level)
        elif skill.level < need.level:
            sentence = f"{who} has {need.skill} {skill.level}, job {job.id} needs {need.level}."
            short = need.level - skill.level
            yield Violation(Code.SKILL_LEVEL, sentence, job.id, shift.id, short)
        elif not skill.is_valid(stop.start, stop.end):
            sentence = f"{who} holds {need.skill} not throughout job {job.id}."
            yield Violation(Code.SKILL_EXPIRED, sentence, job.id, shift.id)


def credentials_held(_problem: Problem, shift: Shift, job: Job, stop: Stop) -> Iterator[Violation]:
    """Every credential required is held until the work ends."""
    held = {credential.kind: credential for credential in shift.credentials}
    for kind in job.credentials:
        credential = held.get(kind)
        who = f"Technician {shift.technician_id}"
        if credential is None:
            sentence = f"{who} lacks the credential {kind} for job {job.id}."
            yield Violation(Code.CREDENTIAL_MISSING, sentence, job.id, shift.id)
        elif credential.valid_until is not None and credential.valid_until < stop.end:
            sentence = f"The credential {kind} of {who.lower()} runs out before job {job.id} ends."
            late = stop.end - credential.valid_until
            yield Violation(Code.CREDENTIAL_EXPIRED, sentence, job.id, shift.id, late)


def technician_allowed(
    _problem: Problem, shift: Shift, job: Job, _stop: Stop
) -> Iterator[Violation]:
    """Required technicians only, excluded ones never."""
    who = shift.technician_id
    if who in job.excluded_technicians:
        sentence = f"Technician {who} is excluded from job {job.id}."
        yield Violation(Code.TECHNICIAN_EXCLUDED, sentence, job.id, shift.id)
    if job.required_technicians and who not in job.required_technicians:
        sentence = f"Technician {who} is not one of those job {job.id} requires."
        yield Violation(Code.TECHNICIAN_NOT_REQUIRED, sentence, job.id, shift.id)


def within_windows(_problem: Problem, shift: Shift, job: Job, stop: Stop) -> Iterator[Violation]:
    """Work starts in one of the windows."""
    if not job.windows:
        return
    outside = min(
        max(window.start - stop.start, stop.start - window.end, 0) for window in job.windows
    )
    if outside:
        sentence = f"Job {job.id} starts {outside} seconds outside its windows."
        yield Violation(Code.OUTSIDE_WINDOW, sentence, job.id, shift.id, outside)


def not_too_early(_problem: Problem, shift: Shift, job: Job, stop: Stop) -> Iterator[Violation]:
    """Work starts no earlier than is useful."""
    if job.earliest_useful is not None and stop.start < job.earliest_useful:
        early = job.earliest_useful - stop.start
        sentence = f"Job {job.id} starts {early} seconds before it can be of use."
        yield Violation(Code.TOO_EARLY, sentence, job.id, shift.id, early)


def pinned_time(_problem: Problem, shift: Shift, job: Job, stop: Stop) -> Iterator[Violation]:
    """Work starts when a person has pinned it."""
    if job.pin is None:
        return
    off = 0
    if job.pin.start is not None:
        off = abs(stop.start - job.pin.start)
    if job.pin.window is not None:
        window = job.pin.window
        off = max(off, window.start - stop.start, stop.start - window.end)
    if off > 0:
        sentence = f"Job {job.id} starts {off} seconds off its pinned time."
        yield Violation(Code.PIN_TIME, sentence, job.id, shift.id, off)


def duration_kept(_problem: Problem, shift: Shift, job: Job, stop: Stop) -> Iterator[Violation]:
    """Work lasts as long as this technician needs for it."""
    needed = shift.work_seconds(job.duration_seconds, job.pace_skill)
    if stop.end - stop.start != needed:
        sentence = f"Job {job.id} lasts {stop.end - stop.start} seconds instead of {needed}."
        off = abs(stop.end - stop.start - needed)
        yield Violation(Code.DURATION, sentence, job.id, shift.id, off)


def within_reach(problem: Problem, shift: Shift, job: Job, _stop: Stop) -> Iterator[Violation]:
    """The job's place is no farther from the start place than the technician goes."""
    trip = problem.travel.between(shift.start_place, job.place)
    reach = UNREACHABLE - 1 if shift.reach_seconds is None else shift.reach_seconds
    if trip > reach:
        sentence = f"Job {job.id} lies {trip} seconds away, the reach is {reach}."
        yield Violation(Code.OUT_OF_REACH, sentence, job.id, shift.id, trip - reach)


STOP_RULES: tuple[Callable[[Problem, Shift, Job, Stop], Iterator[Violation]], ...] = (
    skills_held,
    credentials_held,
    technician_allowed,
    within_windows,
    not_too_early,
    pinned_time,
    duration_kept,
    within_reach,
)
