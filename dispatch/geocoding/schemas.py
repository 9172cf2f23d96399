"""Shapes of found places."""

from kernel.http import Schema


class FoundOut(Schema):
    """A place that an address may mean, in the geocoder's words."""

    address: str
    latitude: float
    longitude: float
