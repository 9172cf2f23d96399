"""What all actors share: the clock, the company, and the tally of what happened."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

from simulator.api import Api, Journal
from simulator.city import City, DeviceIntent
from simulator.clock import CityClock
from simulator.setup import Company


@dataclass
class Tally:
    """Counts of what the actors saw; only for the progress bar and the closing table."""

    counts: Counter[str] = field(default_factory=Counter)
    races: set[str] = field(default_factory=set)
    """Visits for which at least two freelancers pressed accept."""
    pressed: Counter[str] = field(default_factory=Counter)

    def add(self, what: str) -> None:
        self.counts[what] += 1

    def press(self, visit_id: str) -> None:
        self.pressed[visit_id] += 1
        if self.pressed[visit_id] == 2:
            self.races.add(visit_id)


@dataclass
class World:
    city: City
    clock: CityClock
    company: Company
    http: httpx.AsyncClient
    base: str
    mqtt_url: str
    journal: Journal
    tally: Tally = field(default_factory=Tally)
    mended: set[str] = field(default_factory=set)
    """External ids of devices that work again as they should."""
    ill: set[str] = field(default_factory=set)
    """External ids of technicians who are at home ill."""
    _watching: dict[str, list[DeviceIntent]] = field(default_factory=dict)

    def devices_of(self, asset_id: str) -> list[DeviceIntent]:
        """What watches the asset that the server knows by this id."""
        if not self._watching:
            ids = self.company.assets
            for device in self.city.devices:
                self._watching.setdefault(ids[device.asset_external_id], []).append(device)
        return self._watching.get(asset_id, [])

    def minute(self) -> float:
        """Of the day, now."""
        return (self.clock.now() - self.company.opens_at).total_seconds() / 60

    def api(self) -> Api:
        """A phone or screen of its own."""
        return Api(self.http, self.base, self.journal)

    def at(self, minute: int) -> datetime:
        """A minute of the day as business time."""
        return self.company.opens_at + timedelta(minutes=minute)
