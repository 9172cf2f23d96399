"""Technician instances of our own, drawn from a seed: region, people, work, load."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.plan.geometry import REGIONS
from benchmarks.plan.instance import Instance, Job, Pause, Technician

HOUR = 3600
MINUTE = 60
SKILLS = ("heating", "cooling", "electrics", "lifts", "plumbing", "gas", "network")
LEVELS = 3
WEIGHTS = (12, 5, 2, 1)
WEIGHT_SHARES = (0.08, 0.22, 0.3, 0.4)
SLOTS = ((8, 10), (8, 12), (9, 11), (10, 13), (12, 16), (13, 15), (14, 17), (15, 18))
DAY = (7 * HOUR, 19 * HOUR)
PAY = ((3000, 0, 0), (4200, 3600, 2000), (3600, 2400, 1200))
"""Cents per hour of travel, per hour of work, per day used: staff, freelancer, partner."""
TRAVEL_SHARE = 0.18
"""Of a technician's day; what is left for work at load 1."""


def make(
    region: str,
    technicians: int,
    jobs: int,
    *,
    load: float = 1.0,
    breaks: bool = True,
    seed: int = 1,
) -> Instance:
    """`load` 1 asks for about as much work as the technicians' day holds."""
    kind = sorted(REGIONS).index(region)
    draw = np.random.default_rng([seed, kind, technicians, jobs, round(load * 100), breaks])
    _, travel = REGIONS[region](draw, jobs, technicians)
    people = [
        _technician(draw, number, jobs + number, breaks, _skills(draw, number))
        for number in range(technicians)
    ]
    available = sum(one.end - one.start for one in people)
    available -= sum(pause.duration_seconds for one in people for pause in one.breaks)
    durations = _durations(draw, jobs, load * available * (1 - TRAVEL_SHARE))
    known = [(skill, level) for one in people for skill, level in one.skills]
    suffix = f"l{round(load * 100)}{'b' if breaks else 'n'}s{seed}"
    return Instance(
        name=f"{region}-{technicians}x{jobs}-{suffix}",
        technicians=tuple(people),
        jobs=tuple(
            _job(draw, number, int(durations[number]), known[int(draw.integers(len(known)))])
            for number in range(jobs)
        ),
        travel=travel,
        about={"region": region, "load": load, "breaks": breaks, "seed": seed},
    )


def _skills(draw: np.random.Generator, number: int) -> dict[str, int]:
    """One technician in seven is master of the next skill, so that every job can be done."""
    count = int(draw.integers(2, 5))
    names = draw.choice(len(SKILLS), count, replace=False)
    held = {SKILLS[name]: int(draw.integers(1, LEVELS + 1)) for name in names}
    if number < len(SKILLS):
        held[SKILLS[number]] = LEVELS
    return held


def _technician(
    draw: np.random.Generator, number: int, home: int, breaks: bool, skills: dict[str, int]
) -> Technician:
    kind = int(draw.choice(3, p=(0.6, 0.25, 0.15)))
    start = int(draw.choice([7, 8, 8, 8, 9])) * HOUR + int(draw.integers(0, 3)) * 20 * MINUTE
    hours = float(draw.choice([8, 8.5, 9]) if kind == 0 else draw.choice([4, 5, 6, 7]))
    end = start + int(hours * HOUR)
    pauses: tuple[Pause, ...] = ()
    if breaks and hours >= 6:
        first = 11 * HOUR + int(draw.integers(0, 3)) * 15 * MINUTE
        pauses = (Pause(first, first + 2 * HOUR, int(draw.choice([30, 45])) * MINUTE),)
    travel, work, fixed = PAY[kind]
    return Technician(
        id=number,
        start_place=home,
        end_place=home,
        start=start,
        end=end,
        skills=tuple(sorted(skills.items())),
        breaks=pauses,
        travel_cents_per_hour=travel,
        work_cents_per_hour=work,
        fixed_cents=fixed,
    )


def _durations(draw: np.random.Generator, jobs: int, wanted: float) -> NDArray[np.int64]:
    """Skewed to short visits, whole five minutes, together about what is wanted."""
    shape = draw.lognormal(0, 0.55, jobs)
    rounded = np.round(shape * wanted / shape.sum() / (5 * MINUTE)) * 5 * MINUTE
    durations: NDArray[np.int64] = np.clip(rounded, 15 * MINUTE, 4 * HOUR).astype(np.int64)
    return durations


def _job(draw: np.random.Generator, number: int, duration: int, known: tuple[str, int]) -> Job:
    """A skill that somebody has; half of the jobs with a slot, some urgent, some for later."""
    skill, most = known
    earliest, latest = DAY
    kind = draw.random()
    if kind < 0.5:
        first, last = SLOTS[int(draw.integers(len(SLOTS)))]
        earliest, latest = first * HOUR, last * HOUR
    elif kind < 0.6:
        latest = int(draw.integers(10, 15)) * HOUR
    elif kind < 0.7:
        earliest = int(draw.integers(10, 14)) * HOUR
    return Job(
        id=number,
        place=number,
        duration_seconds=duration,
        earliest=earliest,
        latest=latest,
        weight=int(draw.choice(WEIGHTS, p=WEIGHT_SHARES)),
        skill=skill,
        level=int(draw.integers(1, most + 1)),
    )
