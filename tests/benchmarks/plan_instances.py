"""Small instances for tests of the plan benchmark."""

import numpy as np

from benchmarks.plan.instance import Instance, Job, Pause, Technician

HOUR = 3600
LUNCH = Pause(2 * HOUR, 3 * HOUR, HOUR)


def make_technician(**over: object) -> Technician:
    values: dict[str, object] = {
        "id": 7,
        "start_place": 0,
        "end_place": 0,
        "start": 0,
        "end": 10 * HOUR,
        "skills": (("lifts", 2),),
        "travel_cents_per_hour": 3600,
        "work_cents_per_hour": 1800,
        "fixed_cents": 500,
    }
    return Technician(**values | over)  # type: ignore[arg-type]  # the fields' own types, above


def make_job(number: int, **over: object) -> Job:
    values: dict[str, object] = {
        "id": 100 + number,
        "place": number,
        "duration_seconds": HOUR,
        "earliest": 0,
        "latest": 9 * HOUR,
        "weight": 4,
    }
    return Job(**values | over)  # type: ignore[arg-type]  # the fields' own types, above


def make_line(*jobs: Job, technician: Technician | None = None, **over: object) -> Instance:
    """Places on a line, ten minutes apart; the technicians live at the first."""
    places = np.arange(1 + max(job.place for job in jobs))
    values: dict[str, object] = {
        "name": "line",
        "technicians": (technician or make_technician(),),
        "jobs": jobs,
        "travel": np.abs(places[:, None] - places[None]) * 600,
    }
    return Instance(**values | over)  # type: ignore[arg-type]  # the fields' own types, above
