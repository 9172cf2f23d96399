"""Instances as a dictionary of arrays, the shape that array-minded solvers and judges share.

Places there are numbered: jobs first, then the technicians' starts, then their ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.plan.instance import SECONDS_PER_HOUR, Instance, Job, Pause, Technician

CENTS = SECONDS_PER_HOUR


def to_arrays(instance: Instance) -> dict[str, Any]:
    """Raises ValueError for what the shape cannot say: several breaks, loads."""
    people, jobs = instance.technicians, instance.jobs
    if any(len(one.breaks) > 1 for one in people) or any(job.load for job in jobs):
        raise ValueError(f"{instance.name}: one break per technician and no loads, in arrays.")
    order = [job.place for job in jobs]
    order += [one.start_place for one in people] + [one.end_place for one in people]
    pauses = [one.breaks[0] if one.breaks else Pause(41_400, 48_600, 0) for one in people]

    def column(values: list[int]) -> Any:
        return np.array(values, dtype=np.int64)

    return {
        "name": instance.name,
        "nt": len(people),
        "nj": len(jobs),
        "D": np.ascontiguousarray(instance.travel[np.ix_(order, order)]),
        "compat": instance.able,
        "dur": column([job.duration_seconds for job in jobs]),
        "e": column([job.earliest for job in jobs]),
        "l": column([job.latest for job in jobs]),
        "prio": column([job.weight for job in jobs]),
        "pen": column([job.weight * instance.cents_per_weight for job in jobs]),
        "vs": column([one.start for one in people]),
        "ve": column([one.end for one in people]),
        "bd": column([pause.duration_seconds for pause in pauses]),
        "be": column([pause.earliest_start for pause in pauses]),
        "bl": column([pause.latest_start for pause in pauses]),
        "rate": np.array([one.travel_cents_per_hour / CENTS for one in people]),
        "task": np.array([one.work_cents_per_hour / CENTS for one in people]),
        "fixed": column([one.fixed_cents for one in people]),
    }


def from_arrays(arrays: Mapping[str, Any], name: str = "") -> Instance:
    """Each job asks for the group of technicians that may do it, as a skill of its own."""
    technicians, jobs = int(arrays["nt"]), int(arrays["nj"])
    able = np.asarray(arrays["compat"], dtype=bool)
    groups: dict[bytes, str] = {}
    skills = [groups.setdefault(row.tobytes(), f"group {len(groups)}") for row in able]
    held: list[dict[str, int]] = [{} for _ in range(technicians)]
    for row, skill in zip(able, skills, strict=True):
        for technician in np.flatnonzero(row):
            held[technician][skill] = 1
    return Instance(
        name=str(arrays.get("name", name)),
        technicians=tuple(
            _technician(arrays, v, jobs, technicians, held[v]) for v in range(technicians)
        ),
        jobs=tuple(
            Job(
                id=j,
                place=j,
                duration_seconds=int(arrays["dur"][j]),
                earliest=int(arrays["e"][j]),
                latest=int(arrays["l"][j]),
                weight=int(arrays["prio"][j]),
                skill=skills[j],
            )
            for j in range(jobs)
        ),
        travel=np.asarray(arrays["D"], dtype=np.int64),
    )


def _technician(
    arrays: Mapping[str, Any], v: int, jobs: int, technicians: int, skills: dict[str, int]
) -> Technician:
    pause = Pause(int(arrays["be"][v]), int(arrays["bl"][v]), int(arrays["bd"][v]))
    return Technician(
        id=v,
        start_place=jobs + v,
        end_place=jobs + technicians + v,
        start=int(arrays["vs"][v]),
        end=int(arrays["ve"][v]),
        skills=tuple(sorted(skills.items())),
        breaks=(pause,) if pause.duration_seconds else (),
        travel_cents_per_hour=round(float(arrays["rate"][v]) * CENTS),
        work_cents_per_hour=round(float(arrays["task"][v]) * CENTS),
        fixed_cents=int(arrays["fixed"][v]),
    )
