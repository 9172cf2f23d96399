"""Random small problems that use every rule of the model."""

import random
from dataclasses import replace

from hypothesis import strategies as st

from optimizer.bond import Bundle, Precedence, Together
from optimizer.crowd import Crowd, Offer, ShareCap
from optimizer.depot import Depot
from optimizer.job import (
    Deadline,
    Job,
    Pin,
    Promise,
    Requirement,
    Risk,
    SoftWindow,
    Step,
    Window,
)
from optimizer.problem import Problem, Travel, Weights
from optimizer.shift import Break, Committed, Credential, Employment, Shift, Skill
from optimizer.supplies import Part

HOUR = 3600
DAY = 86400
SKILLS = ("gas", "lifts")
CREDENTIALS = ("site pass",)
PARTS = ("valve", "pump")
TOOLS = ("ladder", "scanner")


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """2 to 5 technicians, 1 to 2 days, 3 to 14 jobs, drawn from one seed."""
    return random_problem(draw(st.integers(0, 2**32)))


@st.composite
def shared_problems(draw: st.DrawFn) -> Problem:
    """The same with bounds to what freelancers get."""
    seed = draw(st.integers(0, 2**32))
    return _with_shares(random.Random(seed + 2), random_problem(seed))


def random_problem(seed: int) -> Problem:
    dice = random.Random(seed)
    people = [f"t{number}" for number in range(dice.randint(2, 5))]
    places = dice.randint(4, 12)
    points = [(dice.uniform(0, 40), dice.uniform(0, 40)) for _ in range(places)]
    minutes = [[abs(a - c) + abs(b - d) for c, d in points] for a, b in points]
    travel = Travel([[int(60 * trip) for trip in row] for row in minutes])
    days = dice.randint(1, 2)
    jobs = [_job(dice, n, places, people, days) for n in range(dice.randint(3, 14))]
    shifts = [_shift(dice, person, day, places) for person in people for day in range(days)]
    if dice.random() < 0.4:
        shifts[0] = _with_committed(shifts[0], jobs)
    weights = Weights(travel=dice.choice((50, 100, 200)), delay=dice.choice((0, 100)))
    problem = Problem(1_790_000_000, tuple(shifts), tuple(jobs), travel, weights)
    return _bound(random.Random(seed), _with_supplies(random.Random(seed + 1), problem))


def _with_shares(dice: random.Random, problem: Problem) -> Problem:
    """What freelancers get is bounded; some jobs are one's own people's first."""
    jobs = tuple(
        replace(job, crowd=replace(job.crowd, own_first=dice.random() < 0.3)) if job.crowd else job
        for job in problem.jobs
    )
    ids = [job.id for job in jobs]
    caps = (
        ShareCap("all", tuple(ids), dice.randint(0, 3)),
        ShareCap("some", tuple(dice.sample(ids, len(ids) // 2)), dice.randint(0, 1)),
    )
    return replace(problem, jobs=jobs, share_caps=caps)


def _with_supplies(dice: random.Random, problem: Problem) -> Problem:
    """Half of the problems need parts and tools, which depots have; some shifts depart late."""
    late = [replace(shift, departs_late=dice.random() < 0.3) for shift in problem.shifts]
    if dice.random() < 0.5:
        return replace(problem, shifts=tuple(late))
    places = len(problem.travel)
    depots = (
        Depot("north", dice.randrange(places), 600),
        Depot("south", dice.randrange(places), 0, parts=("valve",), tools=("ladder",)),
    )
    return replace(
        problem,
        shifts=tuple(
            replace(
                shift,
                parts=tuple(
                    Part(name, dice.randint(1, 3)) for name in PARTS if dice.random() < 0.6
                ),
                tools=tuple(name for name in TOOLS if dice.random() < 0.5),
                depots=dice.choice(((), ("north",), ("south",), ("north", "south"))),
            )
            for shift in late
        ),
        jobs=tuple(
            replace(
                job,
                parts=tuple(
                    Part(name, dice.randint(1, 2)) for name in PARTS if dice.random() < 0.3
                ),
                tools=tuple(name for name in TOOLS if dice.random() < 0.25),
            )
            for job in problem.jobs
        ),
        depots=depots,
    )


def _bound(dice: random.Random, problem: Problem) -> Problem:
    """Some jobs in order, some bundled."""
    ids = [job.id for job in problem.jobs]
    dice.shuffle(ids)
    orders = []
    for _ in range(dice.choice((0, 0, 1, 3))):
        before, after = sorted(dice.sample(range(len(ids)), 2))
        shortest = dice.choice((0, HOUR, 3 * HOUR))
        longest = dice.choice((None, None, shortest + HOUR, shortest + DAY))
        orders.append(Precedence(ids[before], ids[after], shortest, longest))
    alone = [job_id for job_id in ids if problem.job_by_id[job_id].crew_size == 1]
    bundles = []
    for together in dice.choice(((), (), (Together.TECHNICIAN,), tuple(Together))):
        first = alone.pop() if alone else ""
        mates = alone[: dice.randint(1, 2)]
        if together is Together.STAY and first:
            place = problem.job_by_id[first].place
            mates = [mate for mate in alone if problem.job_by_id[mate].place == place]
        if first and mates:
            alone = [job_id for job_id in alone if job_id not in mates]
            bundles.append(Bundle((first, *mates), together))
    try:
        return replace(problem, precedences=tuple(orders), bundles=tuple(bundles))
    except ValueError:  # the order contradicts that of the stay
        return replace(problem, bundles=tuple(bundles))


def _with_committed(shift: Shift, jobs: list[Job]) -> Shift:
    alone = [job for job in jobs if job.crew_size == 1][:2]
    committed, free = [], shift.start
    for job in alone:
        committed.append(Committed(job.id, free + 900, free + 900 + job.duration_seconds, 900))
        free = committed[-1].end
    values = {name: getattr(shift, name) for name in Shift.__slots__}
    return Shift(**values | {"committed": tuple(committed)})


def _shift(dice: random.Random, person: str, day: int, places: int) -> Shift:
    start = day * DAY + dice.choice((7, 8, 9)) * HOUR
    employment = dice.choice((Employment.IN_HOUSE, Employment.FREELANCE))
    outside = employment is Employment.FREELANCE
    noon = day * DAY + 11 * HOUR
    breaks = (Break(noon, noon + dice.choice((0, 3600, 7200)), 2700),)
    if dice.random() < 0.3:
        breaks += (Break(noon + 3 * HOUR, noon + 3 * HOUR + 1800, 900),)
    return Shift(
        id=f"{person}-{day}",
        technician_id=person,
        start=start,
        end=start + dice.choice((8, 9)) * HOUR,
        start_place=dice.randrange(places),
        end_place=dice.choice((None, dice.randrange(places))),
        overtime_seconds=dice.choice((0, 3600)),
        overtime_cents_per_hour=4000,
        breaks=dice.choice(((), breaks)),
        skills=tuple(
            Skill(
                name,
                dice.randint(1, 3),
                valid_until=dice.choice((None, start + 4 * HOUR)),
                speed_pct=dice.choice((100, 90, 120)),
            )
            for name in SKILLS
            if dice.random() < 0.8
        ),
        credentials=dice.choice(((), (Credential("site pass"),))),
        speed_pct=dice.choice((80, 100, 130)),
        reach_seconds=dice.choice((None, None, 3000)),
        max_travel_seconds=dice.choice((None, None, 6000)),
        max_work_seconds=dice.choice((None, None, 4 * HOUR)),
        rest_seconds=dice.choice((0, 9 * HOUR)) if day else 0,
        max_jobs=dice.choice((None, None, 3)),
        capacity=dice.choice((None, None, 5)),
        travel_cents_per_hour=3000,
        work_cents_per_hour=0 if outside else 2000,
        waiting_cents_per_hour=dice.choice((0, 1000)),
        fixed_cents=dice.choice((0, 500)),
        employment=employment,
        pay_cents_per_job=1500 if outside else 0,
        pay_cents_per_hour=3000 if outside else 0,
        minimum_pay_cents=8000 if outside else 0,
        over_qualification_cents=dice.choice((0, 400)),
        fairness_cents_per_hour=dice.choice((0, 250)),
        fairness_cents_per_unpleasant=dice.choice((0, 600)),
        co2_grams_per_hour=dice.choice((0, 6_000)),
        co2_cents_per_tonne=20_000,
    )


def _job(dice: random.Random, number: int, places: int, people: list[str], days: int) -> Job:
    day = dice.randrange(days) * DAY
    morning, evening = (
        Window(day + 8 * HOUR, day + 11 * HOUR),
        Window(day + 13 * HOUR, day + 15 * HOUR),
    )
    some = tuple(dice.sample(people, 2))
    crew_size = 2 if dice.random() < 0.15 else 1
    pin = None
    if dice.random() < 0.2:
        pin = dice.choice(
            (
                Pin(technician_id=dice.choice(people)),
                Pin(window=Window(day, day + DAY)),
                Pin(start=day + 10 * HOUR),
            )
        )
    due = day + 11 * HOUR
    stepped = Deadline(due, 10, 8_000, 500, (Step(due + HOUR, 1_500), Step(due + 3 * HOUR, 4_000)))
    duration = dice.choice((1200, 2400, 3600, 7200))
    done_by = dice.choice((None, day + 14 * HOUR))
    offers = tuple(
        Offer(person, pay, accept, 90, 1200)
        for person in ("f1", "f2")
        for pay, accept in ((3_000, dice.randint(0, 50)), (5_000, dice.randint(50, 100)))
    )
    crowd = Crowd(day + 10 * HOUR, offers, 15_000, ask_until=day + 7 * HOUR)
    return Job(
        id=f"j{number}",
        place=dice.randrange(places),
        duration_seconds=duration,
        unserved_cents=dice.choice((5_000, 20_000, 100_000)),
        windows=dice.choice(((), (), (morning,), (morning, evening))),
        soft_window=dice.choice((None, SoftWindow(day + 9 * HOUR, day + 12 * HOUR, 20))),
        deadline=dice.choice((None, Deadline(day + 12 * HOUR, 50, 9_000, 1_000), stepped)),
        earliest_useful=dice.choice((None, None, day + 9 * HOUR)),
        delay_cents_per_day=dice.choice((0, 700)),
        pace_skill=dice.choice((None, *SKILLS)),
        requirements=tuple(
            Requirement(name, dice.randint(1, 2)) for name in SKILLS if dice.random() < 0.3
        ),
        credentials=CREDENTIALS if dice.random() < 0.15 else (),
        required_technicians=some if dice.random() < 0.1 else (),
        preferred_technicians=some if (preferred := dice.random() < 0.3) else (),
        preference_cents=300 if preferred else 0,
        excluded_technicians=() if dice.random() < 0.9 else (_other(people, some),),
        crew_size=crew_size,
        load=dice.choice((0, 1, 2)),
        is_unpleasant=dice.random() < 0.3,
        risk=dice.choice((None, Risk(duration * 3 // 2, 40, done_by))),
        pin=pin,
        crowd=crowd if crew_size == 1 and dice.random() < 0.2 else None,
        promise=dice.choice(
            (None, Promise(some[:1], 2_000, Window(day + 8 * HOUR, day + 12 * HOUR), 1_500))
        ),
    )


def _other(people: list[str], some: tuple[str, ...]) -> str:
    return next((person for person in people if person not in some), "nobody")
