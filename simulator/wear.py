"""How devices degrade: slowly, then faster, until they fail; and what becomes of it."""

import math
import random
from dataclasses import dataclass

from simulator.catalog import CLOGGING_HOURS, COMPANIONS
from simulator.city import City, DeviceIntent, Outage

NOISE = 0.02
DAY_SWING = 0.03
"""Of the usual value, up by day and down by night."""
FALSE_SIGNS = 0.15
"""So many of the sensors that tell of a fault have one themselves."""
HEEDS = 0.5
"""So many faults go away when the device is told from afar."""
MINUTES_A_DAY = 1440
PAST_LIVES = 2
"""Of each filter: what is older than 14 days no device may report any more."""


@dataclass(frozen=True)
class Wear:
    """The truth about a device that begins to fail: from when it wears, whether it is only the
    sensor, and whether a command from afar mends it."""

    wears_from: int
    fails_at: int
    is_false: bool
    heeds_command: bool


def wear_of(city: City, device: DeviceIntent) -> Wear | None:
    """None for a device that stays well all day."""
    rng = random.Random(f"{city.seed}:wear:{device.external_id}")
    if device.fails_at is None:
        return None
    minutes = rng.randrange(60, 240)
    is_false = rng.random() < FALSE_SIGNS
    heeds_command = not is_false and rng.random() < HEEDS
    if device.life_minutes is not None:
        minutes, heeds_command = device.life_minutes, False
    return Wear(device.fails_at - minutes, device.fails_at, is_false, heeds_command)


def past_wear(city: City, device: DeviceIntent, present: Wear) -> list[tuple[Wear, int]]:
    """How filters clogged before the present one, the oldest first, and in which minute each was
    seen to: after it had failed, when somebody came."""
    rng = random.Random(f"{city.seed}:past:{device.external_id}")
    before, mended_at = [], present.wears_from
    for _ in range(PAST_LIVES):
        fails_at = mended_at - rng.randrange(60, 180)
        minutes = 60 * rng.randrange(*CLOGGING_HOURS)
        before.append((Wear(fails_at - minutes, fails_at, False, False), mended_at))
        mended_at = fails_at - minutes
    return before[::-1]


def progress(wear: Wear | None, minute: float, outage: Outage | None = None) -> float:
    """From 0 (well) to 1 (failed): little at first, most at the end."""
    if outage is not None and outage.begins_at <= minute < outage.ends_at:
        return 1.0
    if wear is None or minute <= wear.wears_from:
        return 0.0
    done = (minute - wear.wears_from) / (wear.fails_at - wear.wears_from)
    return min(1.0, done) ** 2


def readings(
    device: DeviceIntent,
    failed: float,
    minute: float,
    rng: random.Random,
    noise: float = NOISE,
) -> list[tuple[str, float]]:
    """What the device measures, the companions of its kind too."""
    swing = 1 + DAY_SWING * math.sin(2 * math.pi * minute / MINUTES_A_DAY)
    metrics = [(device.metric, device.usual, device.failing), *COMPANIONS.get(device.kind, ())]
    return [
        (metric, (usual * swing + (bad - usual) * failed) * rng.gauss(1, noise))
        for metric, usual, bad in metrics
    ]
