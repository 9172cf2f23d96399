"""The people, places and devices of the city, and what they intend to do; made from a seed."""

import math
import random
from dataclasses import dataclass, field, replace

from simulator.catalog import (
    CLOGGED_C,
    CLOGGING_HOURS,
    CLOGGING_MODEL,
    CLOGGING_SORTS,
    CROWD_ONLY,
    DEVICE_KINDS,
    MODELS,
    SKILLS,
    WORK_TYPES,
)
from simulator.names import FIRST, LAST, STREET_NAMES

CENTRES = [
    (52.509, 13.300, 0.024),
    (52.538, 13.410, 0.022),
    (52.487, 13.430, 0.022),
    (52.515, 13.470, 0.026),
    (52.480, 13.330, 0.022),
]
"""Latitude, longitude and spread in degrees of five quarters of Berlin."""
OUTAGE_LINES, OUTAGE_MINUTES = 6, 120


@dataclass(frozen=True)
class Place:
    address: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class DeviceIntent:
    """One sensor; `fails_at` is the minute of the day at which it starts to fail, if it does."""

    external_id: str
    asset_external_id: str
    kind: str
    metric: str
    usual: float
    failing: float
    work_type_code: str
    fails_at: int | None
    life_minutes: int | None = None
    """How long what clogs has lasted when it fails; None for a fault that comes within hours."""

    @property
    def model(self) -> str:
        sort = int(self.external_id[1:]) % MODELS
        if self.kind == "heat-pump" and sort in CLOGGING_SORTS:
            return CLOGGING_MODEL
        return f"{self.kind}-{2000 + 100 * sort}"


@dataclass(frozen=True)
class CustomerIntent:
    """One customer; how they behave when asked and when they want something."""

    external_id: str
    name: str
    email: str
    phone: str
    place: Place
    books_at: int | None
    """Minute of the day at which they book, if they do."""
    books: str
    answers_alerts: bool
    is_absent: bool
    """Nobody opens when the technician comes."""
    second_thoughts: str
    """keep, reschedule or cancel."""
    devices: list[DeviceIntent] = field(default_factory=list)


@dataclass(frozen=True)
class TechnicianIntent:
    """One technician; pace and temper."""

    external_id: str
    name: str
    email: str
    phone: str
    place: Place
    territory: str
    employment: str
    skills: dict[str, int]
    pace: float
    """Working time as a share of the expected one."""
    offline_from: int | None
    """Minute at which the phone loses its network for 45 minutes."""
    eager: bool
    """A freelancer who answers offers at once; several such race."""
    answers: bool


@dataclass(frozen=True)
class Outage:
    """One cause, many customers: devices near each other that fail at once; minutes of the day."""

    devices: frozenset[str]
    begins_at: int
    ends_at: int


@dataclass
class City:
    seed: int
    customers: list[CustomerIntent]
    technicians: list[TechnicianIntent]
    emergencies: list[int]
    """Minutes of the day at which somebody calls in an emergency."""
    ill: str
    ill_at: int
    backlog: list[tuple[int, str]]
    """(customer, work type) of the orders the office has already."""
    outage: Outage

    @property
    def lapsing(self) -> str:
        """The freelancer whose insurance ends in the middle of the day."""
        crowd = (one for one in self.technicians if one.employment == "freelance")
        return next(one.external_id for one in crowd if one.eager and one.answers)

    @property
    def haggler(self) -> str:
        """The freelancer who wants more whenever nobody else was asked."""
        crowd = (one for one in self.technicians if CROWD_ONLY["skill"] in one.skills)
        return next(
            one.external_id for one in crowd if one.answers and one.external_id != self.lapsing
        )

    @property
    def devices(self) -> list[DeviceIntent]:
        return [device for customer in self.customers for device in customer.devices]


def build(
    seed: int,
    *,
    customers: int = 400,
    in_house: int = 26,
    freelance: int = 19,
    devices_each: int = 2,
    failures: int = 80,
    bookings: int = 120,
    backlog: int = 340,
) -> City:
    rng = random.Random(seed)
    failing = set(rng.sample(range(customers * devices_each), failures))
    booking = set(rng.sample(range(customers), bookings))
    people = [
        _customer(rng, number, number in booking, devices_each, failing)
        for number in range(customers)
    ]
    people = [_with_filters(seed, person) for person in people]
    staff = [_technician(rng, number, "in_house") for number in range(in_house)]
    crowd = [_technician(rng, in_house + number, "freelance") for number in range(freelance)]
    types = [t["code"] for t in WORK_TYPES if t["share"]]
    shares = [int(str(t["share"])) for t in WORK_TYPES if t["share"]]
    waiting = [
        (rng.randrange(customers), str(rng.choices(types, shares)[0])) for _ in range(backlog)
    ]
    return City(
        seed=seed,
        customers=people,
        technicians=staff + crowd,
        emergencies=sorted(rng.sample(range(90, 480), 5)),
        ill=rng.choice(staff).external_id,
        ill_at=rng.randrange(100, 180),
        backlog=waiting,
        outage=_outage(seed, people),
    )


def _outage(seed: int, people: list[CustomerIntent]) -> Outage:
    """A cable is cut: the lines of six routers near each other."""
    rng = random.Random(f"{seed}:outage")
    lines = [
        (person.place, device.external_id)
        for person in people
        for device in person.devices
        if device.kind == "router"
    ]
    centre, _ = rng.choice(lines)
    lines.sort(
        key=lambda line: math.hypot(
            line[0].latitude - centre.latitude, 0.6 * (line[0].longitude - centre.longitude)
        )
    )
    begins_at = rng.randrange(120, 180)
    return Outage(
        frozenset(key for _, key in lines[:OUTAGE_LINES]), begins_at, begins_at + OUTAGE_MINUTES
    )


def _place(rng: random.Random) -> Place:
    latitude, longitude, spread = rng.choice(CENTRES)
    street = f"{rng.choice(STREET_NAMES)} {rng.randrange(1, 180)}, Berlin"
    return Place(
        street,
        round(rng.gauss(latitude, spread / 2), 6),
        round(rng.gauss(longitude, spread), 6),
    )


def _name(rng: random.Random) -> str:
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}"


def _customer(
    rng: random.Random, number: int, books: bool, devices_each: int, failing: set[int]
) -> CustomerIntent:
    code = f"C{number:04d}"
    types = [t["code"] for t in WORK_TYPES if t["share"]]
    shares = [int(str(t["share"])) for t in WORK_TYPES if t["share"]]
    return CustomerIntent(
        external_id=code,
        name=_name(rng),
        email=f"c{number:04d}@customers.example",
        phone=f"+4930{5_000_000 + number}",
        place=_place(rng),
        books_at=rng.randrange(5, 400) if books else None,
        books=str(rng.choices(types, shares)[0]),
        answers_alerts=rng.random() < 0.7,
        is_absent=rng.random() < 0.04,
        second_thoughts=rng.choices(("keep", "reschedule", "cancel"), (86, 8, 6))[0],
        devices=[
            _device(rng, number * devices_each + place, code, place, failing)
            for place in range(devices_each)
        ],
    )


def _device(
    rng: random.Random, number: int, customer: str, place: int, failing: set[int]
) -> DeviceIntent:
    shares = (30, 25, 20, 20, 5)
    kind, _, metric, usual, bad, _, work_type = rng.choices(DEVICE_KINDS, shares)[0]
    return DeviceIntent(
        external_id=f"D{number:04d}",
        asset_external_id=f"{customer}-A{place}",
        kind=kind,
        metric=metric,
        usual=usual,
        failing=bad,
        work_type_code=work_type,
        fails_at=rng.randrange(10, 360) if number in failing else None,
    )


def _with_filters(seed: int, person: CustomerIntent) -> CustomerIntent:
    """Each filter is somewhere in its life when the day begins."""
    devices = []
    for device in person.devices:
        if device.model == CLOGGING_MODEL:
            rng = random.Random(f"{seed}:filter:{device.external_id}")
            life = 60 * rng.randrange(*CLOGGING_HOURS)
            left = rng.randrange(life - 120)  # the present one is not newer than two hours
            device = replace(device, failing=CLOGGED_C, fails_at=left, life_minutes=life)
        devices.append(device)
    return replace(person, devices=devices)


def _technician(rng: random.Random, number: int, employment: str) -> TechnicianIntent:
    main = SKILLS[number % len(SKILLS)]
    skills = {main: 3, **{s: rng.randrange(1, 3) for s in rng.sample(SKILLS, 3) if s != main}}
    skills.setdefault("electrical", 1)
    skills.setdefault("network", 1)
    if number % 3 == 0:
        skills["heating"] = max(2, skills.get("heating", 0))
    if number % 3 == 1:
        skills["cooling"] = max(2, skills.get("cooling", 0))
    if number % 3 == 2:
        skills["electrical"] = max(2, skills["electrical"])
    place = _place(rng)
    freelance = employment == "freelance"
    if freelance and number % 3:
        skills[CROWD_ONLY["skill"]] = 2
    return TechnicianIntent(
        external_id=f"T{number:03d}",
        name=_name(rng),
        email=f"t{number:03d}@technicians.example",
        phone=f"+49301{7_000_000 + number}",
        place=place,
        territory="Berlin West" if place.longitude < 13.375 else "Berlin East",
        employment=employment,
        skills=skills,
        pace=rng.uniform(0.85, 1.2),
        offline_from=rng.randrange(60, 420) if not freelance and rng.random() < 0.2 else None,
        eager=freelance and rng.random() < 0.6,
        answers=rng.random() < 0.85,
    )
