"""What geocoding needs from outside: somebody who knows addresses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from kernel.ports import Port


@dataclass(frozen=True)
class Found:
    """One place that an address may mean, in the geocoder's words."""

    address: str
    latitude: float
    longitude: float


class GeocoderDown(Exception):
    """The geocoder did not answer; ask again after `retry_after` seconds if it said so."""

    def __init__(self, why: str, retry_after: float | None = None) -> None:
        super().__init__(why)
        self.retry_after = retry_after


class Geocoder(Protocol):
    """`pause_seconds` is how far apart questions have to be, over all our processes."""

    name: str
    pause_seconds: float

    def find(self, address: str) -> Sequence[Found]:
        """The best first, nothing where the address is not known. Raises GeocoderDown."""


geocoder: Port[Geocoder | None] = Port("geocoding.geocoder")
geocoder.wire(None)
