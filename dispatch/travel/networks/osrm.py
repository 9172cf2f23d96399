"""OSRM's table service: `GET /table/v1/driving/{coordinates}`.

https://project-osrm.org/docs/v5.24.0/api/#table-service
"""

from collections.abc import Sequence

from dispatch.travel.networks.asking import Server, table
from dispatch.travel.ports import NetworkDown, NoWay, OffRoad, Seconds, TooBig
from kernel.geo import Point

REFUSALS = {"NoSegment": OffRoad, "NoTable": NoWay, "TooBig": TooBig}


class OsrmServer:
    name = "osrm"
    most_places = 50  # osrm-routed answers 100 coordinates unless --max-table-size says more

    def __init__(self, url: str, timeout_seconds: float) -> None:
        self._server = Server(url, timeout_seconds)

    def seconds(self, origins: Sequence[Point], targets: Sequence[Point]) -> Seconds:
        points = [*origins, *targets]
        places = ";".join(f"{point.longitude:.6f},{point.latitude:.6f}" for point in points)
        first = ";".join(str(number) for number in range(len(origins)))
        last = ";".join(str(number) for number in range(len(origins), len(points)))
        _, body = self._server.ask(
            "GET", f"/table/v1/driving/{places}?sources={first}&destinations={last}"
        )
        answer = body if isinstance(body, dict) else {}
        code = str(answer.get("code"))
        if code == "Ok":
            return table(answer.get("durations"), len(origins), len(targets))
        words = str(answer.get("message", code))
        raise REFUSALS.get(code, NetworkDown)(words)
