"""Freelancers with a public profile and a behaviour that no policy can see."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import exp, log
from uuid import UUID

from kernel.geo import Point
from marketplace.crowd.matching import Freelancer, SkillHeld

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
DAYS = 30
CENTRE = Point(52.52, 13.40)
KINDS: dict[str, tuple[tuple[str, int], ...]] = {
    "heating": (("boiler", 3), ("network", 1)),
    "electric": (("electric", 3),),
    "network": (("network", 3), ("appliance", 2)),
    "appliance": (("appliance", 3), ("electric", 1)),
}
"""Everybody of a kind holds the same skills: they are equally qualified."""


@dataclass(frozen=True)
class Behaviour:
    """How somebody decides; drawn once, hidden from every policy."""

    liking: float
    """How much the person likes such work, in logits."""
    price_sense: float
    reserve: float
    """The hourly pay, of the own rate card, at which the person is of two minds."""
    way_dislike: float
    parts: dict[str, float]
    """What the dayparts add or take, in logits."""
    other_work: float
    """How often another job takes a daypart."""
    answer_minutes: float
    attention: float
    breaks: float
    """How often a yes is broken; mornings and long notice make it likelier."""
    says_no: float
    drifts_on: int | None
    drift: float
    leaves_on: int | None


@dataclass
class Person:
    """A public profile, and what only the world knows of the person."""

    kind: str
    profile: Freelancer
    joins_on: int
    hidden: Behaviour = field(repr=False)

    @property
    def key(self) -> UUID:
        return self.profile.technician_id


@dataclass(frozen=True)
class Reaction:
    """What the person does with an offer: a yes or no after so long, or nothing (None)."""

    after: timedelta | None
    says_yes: bool


def draw_people(count: int, seed: int) -> list[Person]:
    rng = random.Random(f"{seed} people")
    kinds = list(KINDS)
    return [_draw(rng, kinds[number % len(kinds)], number, count) for number in range(count)]


def _draw(rng: random.Random, kind: str, number: int, count: int) -> Person:
    hourly = round(rng.lognormvariate(log(4600), 0.17))
    profile = Freelancer(
        technician_id=UUID(int=rng.getrandbits(128), version=4),
        employment="freelance",
        active=True,
        home=Point(CENTRE.latitude + rng.gauss(0, 0.075), CENTRE.longitude + rng.gauss(0, 0.12)),
        max_travel_km=rng.choice([15.0, 20.0, 25.0, 30.0]),
        hourly_cents=hourly,
        travel_cents_per_hour=round(hourly * 0.6),
        currency="EUR",
        skills=[SkillHeld(*skill) for skill in KINDS[kind]],
        available=_hours(rng),
    )
    liking = {name: rng.gauss(mean, 0.8) for name, mean in _USUAL_PARTS.items()}
    is_unreliable = rng.random() < 0.25
    hidden = Behaviour(
        liking=rng.gauss(0.6, 0.8),
        price_sense=rng.uniform(2, 7),
        reserve=rng.lognormvariate(-0.16, 0.14),
        way_dislike=rng.uniform(0.4, 2.0),
        parts=liking,
        other_work=rng.uniform(0.05, 0.35),
        answer_minutes=rng.lognormvariate(log(12), 0.6),
        attention=rng.uniform(0.75, 0.97),
        breaks=rng.uniform(0.08, 0.2) if is_unreliable else rng.uniform(0.0, 0.04),
        says_no=rng.uniform(0.4, 0.9),
        drifts_on=rng.randint(6, 24) if rng.random() < 0.35 else None,
        drift=rng.uniform(0.85, 1.25),
        leaves_on=rng.randint(8, 28) if rng.random() < 0.08 else None,
    )
    joins_on = rng.randint(3, 20) if number >= count * 0.9 else 0
    return Person(kind, profile, joins_on, hidden)


_USUAL_PARTS = {"morning": 0.1, "afternoon": 0.2, "evening": -0.4, "weekend": -0.6}


def _hours(rng: random.Random) -> list[tuple[datetime, datetime]]:
    opens, closes = rng.choice([(7, 17), (8, 18), (8, 20), (10, 20)])
    days = 7 if rng.random() < 0.4 else 5
    return [
        (BEGIN + timedelta(days=day, hours=opens), BEGIN + timedelta(days=day, hours=closes))
        for day in range(DAYS + 5)
        if (BEGIN + timedelta(days=day)).weekday() < days
    ]


@dataclass(frozen=True)
class Proposal:
    """An offer as the person sees it."""

    pay_cents: int
    minutes: int
    travel_seconds: int
    starts_at: datetime
    daypart: str


def react(
    person: Person, offer: Proposal, now: datetime, *, got_today: int, taken_today: int, key: str
) -> Reaction:
    """The same person and visit (`key`) meet the same luck under every policy; asked again, only
    better pay, another time or having overlooked it before makes another answer."""
    hidden, mood = person.hidden, random.Random(f"{key} {person.key}").random()
    luck = random.Random(f"{key} {person.key} {now:%j %H %M}")
    seen, speed, polite = (luck.random() for _ in range(3))
    day = (now - BEGIN).days
    if hidden.leaves_on is not None and day >= hidden.leaves_on:
        return Reaction(None, says_yes=False)
    if seen > hidden.attention - 0.03 * max(0, got_today - 5):
        return Reaction(None, says_yes=False)
    after = timedelta(minutes=hidden.answer_minutes * exp(0.8 * _normal(speed)))
    if now.hour >= 22 or now.hour < 6:
        woken = now.replace(hour=6, minute=30)
        after += (woken if woken > now else woken + timedelta(days=1)) - now
    if mood < _chance_of_yes(person, offer, day, taken_today):
        return Reaction(after, says_yes=True)
    return Reaction(after if polite < hidden.says_no else None, says_yes=False)


def _chance_of_yes(person: Person, offer: Proposal, day: int, taken_today: int) -> float:
    hidden = person.hidden
    busy = random.Random(f"{person.key} {offer.starts_at:%Y-%m-%d} {offer.daypart}").random()
    if busy < hidden.other_work:
        return 0.0
    reserve = hidden.reserve * person.profile.hourly_cents
    if hidden.drifts_on is not None and day >= hidden.drifts_on:
        reserve *= hidden.drift
    hours = (offer.minutes * 60 + 2 * offer.travel_seconds) / 3600
    logit = hidden.liking + hidden.price_sense * log(offer.pay_cents / hours / reserve)
    logit += hidden.parts[offer.daypart] - hidden.way_dislike * (offer.travel_seconds / 3600 - 0.4)
    logit -= 0.7 * max(0, taken_today - 2)
    return 1 / (1 + exp(-logit))


def breaks_word(person: Person, offer: Proposal, now: datetime, key: str) -> float | None:
    """None for who comes; below 1 the part of the time to the start after which the person backs
    out, 1 for who does not show up."""
    luck = random.Random(f"{key} {person.key} comes")
    chance = person.hidden.breaks
    chance *= 1.6 if offer.starts_at.hour < 9 else 1.0
    chance *= 1.5 if offer.starts_at - now > timedelta(hours=24) else 1.0
    if luck.random() >= chance:
        return None
    return luck.random() if luck.random() < 0.6 else 1.0


def _normal(uniform: float) -> float:
    """About a standard normal value for a uniform one (logistic, scaled)."""
    uniform = min(max(uniform, 1e-6), 1 - 1e-6)
    return log(uniform / (1 - uniform)) / 1.702
