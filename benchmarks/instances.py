"""Random but lifelike problems: a city with hot spots, staff and freelancers, several days."""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray

from optimizer.job import Deadline, Job, Requirement, Window
from optimizer.problem import Problem, Travel
from optimizer.shift import Break, Employment, Shift, Skill

HOUR = 3600
DAY = 86400
SKILLS = ("heating", "cooling", "electrics", "lifts", "plumbing", "gas")
CITY_METRES = 30_000


def make_instance(technicians: int, jobs: int, *, days: int = 1, seed: int = 1) -> Problem:
    """Technician-shifts of 8 to 17 with a lunch break (a third freelancers without one), jobs of
    30 to 120 minutes, 60 % with a window of 2 to 4 hours, one in ten with a deadline."""
    draw = random.Random(seed)
    hubs = [(draw.uniform(0.15, 0.85), draw.uniform(0.15, 0.85)) for _ in range(6)]
    points = [_point(draw, hubs) for _ in range(technicians + jobs)]
    people = [_person(draw) for _ in range(technicians)]
    shifts = [
        _shift(technician, day, people[technician])
        for day in range(days)
        for technician in range(technicians)
    ]
    return Problem(
        epoch=1_790_000_000,
        shifts=tuple(shifts),
        jobs=tuple(_job(draw, number, technicians + number, days) for number in range(jobs)),
        travel=Travel(_travel_seconds(points)),
    )


def _point(draw: random.Random, hubs: list[tuple[float, float]]) -> tuple[float, float]:
    if draw.random() < 0.3:
        return draw.random(), draw.random()
    x, y = draw.choice(hubs)
    return draw.gauss(x, 0.05), draw.gauss(y, 0.05)


def _travel_seconds(points: list[tuple[float, float]]) -> NDArray[np.int32]:
    """Straight line x 1.3 at 30 km/h, and a minute to park."""
    place = np.array(points) * CITY_METRES
    metres = np.hypot(*np.moveaxis(place[:, None] - place[None], 2, 0)) * 1.3
    seconds: NDArray[np.int32] = np.ceil(metres / (30 / 3.6)).astype(np.int32) + 60
    np.fill_diagonal(seconds, 0)
    return seconds


def _person(draw: random.Random) -> dict[str, object]:
    freelance = draw.random() < 0.35
    return {
        "skills": tuple(
            Skill(name, draw.randint(1, 3)) for name in draw.sample(SKILLS, draw.randint(2, 4))
        ),
        "employment": Employment.FREELANCE if freelance else Employment.IN_HOUSE,
        "travel_cents_per_hour": 4200 if freelance else 3000,
        "pay_cents_per_hour": 3600 if freelance else 0,
        "minimum_pay_cents": 2000 if freelance else 0,
        "overtime_seconds": 0 if freelance else HOUR,
        "overtime_cents_per_hour": 4500,
    }


def _shift(technician: int, day: int, person: dict[str, object]) -> Shift:
    start = day * DAY + 8 * HOUR
    freelance = person["employment"] is Employment.FREELANCE
    lunch = Break(day * DAY + 11 * HOUR + 1800, day * DAY + 13 * HOUR, 45 * 60)
    return Shift(
        id=f"t{technician}d{day}",
        technician_id=f"t{technician}",
        start=start,
        end=start + (6 if freelance else 9) * HOUR,
        start_place=technician,
        end_place=technician,
        breaks=() if freelance else (lunch,),
        **person,  # type: ignore[arg-type]  # one person's fields, drawn above
    )


def _job(draw: random.Random, number: int, place: int, days: int) -> Job:
    day = draw.randrange(days)
    windows: tuple[Window, ...] = ()
    if draw.random() < 0.6:
        start = day * DAY + draw.randint(8, 14) * HOUR
        windows = (Window(start, start + draw.choice((2, 3, 4)) * HOUR),)
    deadline = None
    if not windows and draw.random() < 0.25:
        due = day * DAY + draw.choice((10, 12, 14)) * HOUR
        deadline = Deadline(due, cents_per_minute=50, cap_cents=20_000)
    return Job(
        id=f"j{number}",
        place=place,
        duration_seconds=draw.choice((1800, 2700, 3600, 5400, 7200)),
        unserved_cents=draw.choice((20_000, 20_000, 80_000, 200_000)),
        windows=windows,
        deadline=deadline,
        delay_cents_per_day=draw.choice((0, 0, 500)),
        requirements=(Requirement(draw.choice(SKILLS), draw.choice((1, 1, 1, 2, 2, 3))),),
    )
