"""Valhalla's matrix service, on a server or in the process.

https://valhalla.github.io/valhalla/api/matrix/api-reference/
"""

from collections.abc import Sequence
from typing import Any

from dispatch.travel.networks.asking import Server, table
from dispatch.travel.ports import NetworkDown, NoWay, OffRoad, Seconds, TooBig
from kernel.geo import Point

OK, BAD_REQUEST = 200, 400
MOST_PLACES = 50  # a server answers 2,500 pairs unless its limits are raised
REFUSALS = {
    150: TooBig,  # exceeded max locations
    153: TooBig,  # exceeded max pairs of locations
    154: OffRoad,  # exceeded max distance
    170: NoWay,  # locations are in unconnected regions, or one is beyond the map
    171: OffRoad,  # no suitable edges near a location
    442: NoWay,  # no path could be found
}
"""https://valhalla.github.io/valhalla/api/turn-by-turn/api-reference/ (internal error codes)"""


def question(origins: Sequence[Point], targets: Sequence[Point]) -> dict[str, Any]:
    return {
        "sources": [_location(point) for point in origins],
        "targets": [_location(point) for point in targets],
        "costing": "auto",
        "verbose": False,
    }


def _location(point: Point) -> dict[str, float]:
    return {"lat": point.latitude, "lon": point.longitude}


def times_in(body: Any, origins: int, targets: int) -> Seconds:
    """From the short form, and from the long one that servers before 3.2 give."""
    found = body.get("sources_to_targets") if isinstance(body, dict) else None
    if isinstance(found, dict):
        return table(found.get("durations"), origins, targets)
    try:
        rows = [[cell["time"] for cell in row] for row in found or ()]
    except (TypeError, KeyError) as error:
        raise NetworkDown("It answers with something else than a table.") from error
    return table(rows, origins, targets)


def places(origins: Sequence[Point], targets: Sequence[Point]) -> dict[str, Any]:
    """The question which roads these places lie on."""
    points = [*origins, *targets]
    return {"locations": [_location(point) for point in points], "costing": "auto"}


def is_off_map(body: Any) -> bool:
    """Whether one of the places asked for with `places` lies on no road."""
    return isinstance(body, list) and any(
        isinstance(place, dict) and not place.get("edges") for place in body
    )


def refusal(code: object, words: str) -> Exception:
    kind = REFUSALS.get(code) if isinstance(code, int) else None
    return kind(words) if kind else NetworkDown(f"It refuses with {code}: {words}")


class ValhallaServer:
    """`POST /sources_to_targets`."""

    name = "valhalla-server"
    most_places = MOST_PLACES

    def __init__(self, url: str, timeout_seconds: float) -> None:
        self._server = Server(url, timeout_seconds)

    def seconds(self, origins: Sequence[Point], targets: Sequence[Point]) -> Seconds:
        status, body = self._server.ask(
            "POST", "/sources_to_targets", json=question(origins, targets)
        )
        if status == OK:
            return times_in(body, len(origins), len(targets))
        answer = body if isinstance(body, dict) else {}
        refused = refusal(answer.get("error_code"), str(answer.get("error", status)))
        if isinstance(refused, NoWay) and len(origins) == len(targets) == 1:
            found = self._server.ask("POST", "/locate", json=places(origins, targets))[1]
            if is_off_map(found):
                raise OffRoad(str(refused))
        raise refused
