"""openrouteservice's matrix: `POST /v2/matrix/driving-car`.

https://giscience.github.io/openrouteservice/api-reference/endpoints/matrix/
"""

from collections.abc import Sequence
from typing import Any

from dispatch.travel.networks.asking import Server, table
from dispatch.travel.ports import NetworkDown, OffRoad, Seconds, TooBig
from kernel.geo import Point

OK = 200
REFUSALS = {6004: TooBig, 6010: OffRoad}
DAY_SECONDS = 24 * 3600.0
OVER_QUOTA = "quota exceeded"


class OrsServer:
    name = "ors"
    most_places = 50  # the public server answers 3,500 pairs, an own one 2,500

    def __init__(self, url: str, timeout_seconds: float, key: str = "") -> None:
        self._server = Server(url, timeout_seconds, {"Authorization": key} if key else None)

    def seconds(self, origins: Sequence[Point], targets: Sequence[Point]) -> Seconds:
        points = [*origins, *targets]
        numbers = [str(number) for number in range(len(points))]
        question = {
            "locations": [[point.longitude, point.latitude] for point in points],
            "sources": numbers[: len(origins)],
            "destinations": numbers[len(origins) :],
            "metrics": ["duration"],
        }
        status, body = self._server.ask("POST", "/v2/matrix/driving-car", json=question)
        if status == OK and isinstance(body, dict):
            return table(body.get("durations"), len(origins), len(targets))
        raise _refusal(status, body.get("error") if isinstance(body, dict) else None)


def _refusal(status: int, error: Any) -> Exception:
    """An error is `{code, message}`, from the gateway in front of it a sentence."""
    if isinstance(error, dict):
        code = error.get("code")
        kind = REFUSALS.get(code) if isinstance(code, int) else None
        words = str(error.get("message", status))
        return kind(words) if kind else NetworkDown(f"It refuses with {code}: {words}")
    words = str(error or status)
    if OVER_QUOTA in words.lower():
        return NetworkDown(words, retry_after=DAY_SECONDS / 24)
    return NetworkDown(f"It answers {status}: {words}")
