"""Each routing server's own requests and answers, with its refusals, over real HTTP."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dispatch.travel.networks.ors import OrsServer
from dispatch.travel.networks.osrm import OsrmServer
from dispatch.travel.networks.valhalla import ValhallaServer
from dispatch.travel.ports import NetworkDown, NoWay, OffRoad, RoadNetwork, TooBig
from kernel.geo import Point
from tests.answering import Answer, Answering, Question, answering

HERE, THERE, ISLAND = Point(47.14, 9.52), Point(47.17, 9.51), Point(47.2, 9.6)
ORIGINS, TARGETS = [HERE, THERE], [THERE, ISLAND]


def valhalla(url: str) -> RoadNetwork:
    return ValhallaServer(url, 2)


def osrm(url: str) -> RoadNetwork:
    return OsrmServer(url, 2)


def ors(url: str) -> RoadNetwork:
    return OrsServer(url, 2, "secret")


def asked(make: Callable[[str], RoadNetwork], *answers: Answer) -> tuple[Any, list[Question]]:
    """What comes of the usual question, and what the server was asked."""
    given = iter(answers)
    with answering(lambda question: next(given)) as server:
        found: Any
        try:
            found = make(server.url).seconds(ORIGINS, TARGETS)
        except Exception as error:
            found = error
        return found, server.questions


class TestValhalla:
    def test_reads_the_short_form(self) -> None:
        body = {
            "algorithm": "costmatrix",
            "units": "kilometers",
            "sources_to_targets": {
                "durations": [[300, None], [0, 720]],
                "distances": [[3.2, None], [0.0, 8.1]],
            },
        }
        found, [question] = asked(valhalla, Answer(body))
        assert found.tolist() == [[300, np.inf], [0, 720]]
        assert (question.method, question.path) == ("POST", "/sources_to_targets")
        assert question.body == {
            "sources": [{"lat": 47.14, "lon": 9.52}, {"lat": 47.17, "lon": 9.51}],
            "targets": [{"lat": 47.17, "lon": 9.51}, {"lat": 47.2, "lon": 9.6}],
            "costing": "auto",
            "verbose": False,
        }

    def test_reads_the_long_form(self) -> None:
        cells: list[list[int | None]] = [[300, None], [0, 720]]
        rows = [
            [
                {"from_index": i, "to_index": j, "time": time, "distance": 1.0}
                for j, time in enumerate(row)
            ]
            for i, row in enumerate(cells)
        ]
        found, _ = asked(valhalla, Answer({"sources_to_targets": rows, "units": "kilometers"}))
        assert found.tolist() == [[300, np.inf], [0, 720]]

    @pytest.mark.parametrize(
        ("code", "kind"),
        [(171, OffRoad), (170, NoWay), (154, OffRoad), (153, TooBig), (125, NetworkDown)],
    )
    def test_tells_refusals_apart(self, code: int, kind: type[Exception]) -> None:
        body = {"error_code": code, "error": "No", "status_code": 400, "status": "Bad Request"}
        found, _ = asked(valhalla, Answer(body, 400))
        assert type(found) is kind

    def test_tells_a_place_beyond_the_map_from_an_island(self) -> None:
        refused = Answer({"error_code": 170, "error": "Unconnected", "status_code": 400}, 400)
        on_map = {"input_lat": 1, "input_lon": 1, "edges": [{"way_id": 4}], "nodes": []}
        beyond = {"input_lat": 2, "input_lon": 2, "edges": [], "nodes": []}

        def kind_of(*places: Any) -> type[Any]:
            given = iter([refused, Answer(list(places))])
            with answering(lambda question: next(given)) as server:
                try:
                    valhalla(server.url).seconds([HERE], [ISLAND])
                except Exception as error:
                    assert [q.path for q in server.questions] == ["/sources_to_targets", "/locate"]
                    return type(error)
            raise AssertionError

        assert kind_of(on_map, on_map) is NoWay
        assert kind_of(on_map, beyond) is OffRoad


class TestOsrm:
    def test_reads_durations(self) -> None:
        body = {
            "code": "Ok",
            "durations": [[300.4, None], [0, 720.9]],
            "sources": [{"hint": "x", "name": "A", "location": [9.52, 47.14], "distance": 4.1}],
            "destinations": [],
        }
        found, [question] = asked(osrm, Answer(body))
        assert found.tolist() == [[300.4, np.inf], [0, 720.9]]
        places = "9.520000,47.140000;9.510000,47.170000;9.510000,47.170000;9.600000,47.200000"
        assert question.path == f"/table/v1/driving/{places}?sources=0;1&destinations=2;3"

    @pytest.mark.parametrize(
        ("code", "kind"),
        [
            ("NoSegment", OffRoad),
            ("NoTable", NoWay),
            ("TooBig", TooBig),
            ("InvalidQuery", NetworkDown),
        ],
    )
    def test_tells_refusals_apart(self, code: str, kind: type[Exception]) -> None:
        found, _ = asked(osrm, Answer({"code": code, "message": "No"}, 400))
        assert type(found) is kind


class TestOrs:
    def test_reads_durations(self) -> None:
        body = {
            "durations": [[300.4, None], [0.0, 720.9]],
            "destinations": [{"location": [9.51, 47.17], "snapped_distance": 3.2}],
            "sources": [],
            "metadata": {"service": "matrix"},
        }
        found, [question] = asked(ors, Answer(body))
        assert found.tolist() == [[300.4, np.inf], [0, 720.9]]
        assert (question.method, question.path) == ("POST", "/v2/matrix/driving-car")
        assert question.headers["Authorization"] == "secret"
        assert question.body == {
            "locations": [[9.52, 47.14], [9.51, 47.17], [9.51, 47.17], [9.6, 47.2]],
            "sources": ["0", "1"],
            "destinations": ["2", "3"],
            "metrics": ["duration"],
        }

    @pytest.mark.parametrize(
        ("status", "code", "kind"),
        [
            (404, 6010, OffRoad),
            (400, 6004, TooBig),
            (400, 6003, NetworkDown),
            (400, [], NetworkDown),
        ],
    )
    def test_tells_refusals_apart(self, status: int, code: object, kind: type[Exception]) -> None:
        body = {"error": {"code": code, "message": "No"}, "info": {"version": "9.0"}}
        found, _ = asked(ors, Answer(body, status))
        assert type(found) is kind

    def test_rests_an_hour_when_the_quota_is_used_up(self) -> None:
        found, _ = asked(ors, Answer({"error": "Quota exceeded"}, 403))
        assert isinstance(found, NetworkDown)
        assert found.retry_after == 3600

    def test_is_down_when_the_key_is_wrong(self) -> None:
        found, _ = asked(ors, Answer({"error": "Access to this API has been disallowed"}, 403))
        assert isinstance(found, NetworkDown)


@pytest.mark.parametrize("make", [valhalla, osrm, ors])
class TestEveryServer:
    def test_tells_when_to_ask_again(self, make: Callable[[str], RoadNetwork]) -> None:
        answer = Answer({"error": "Rate Limit Exceeded"}, 429, {"Retry-After": "120"})
        found, _ = asked(make, answer)
        assert isinstance(found, NetworkDown)
        assert found.retry_after == 120

    def test_is_down_when_it_fails(self, make: Callable[[str], RoadNetwork]) -> None:
        assert isinstance(asked(make, Answer("<h1>Bad Gateway</h1>", 502))[0], NetworkDown)
        assert isinstance(asked(make, Answer("<h1>Welcome</h1>"))[0], NetworkDown)

    def test_is_down_when_it_answers_something_else(
        self, make: Callable[[str], RoadNetwork]
    ) -> None:
        bodies: list[Any] = [[], {"code": "Ok"}, {"durations": [[1]]}]
        for body in [*bodies, {"sources_to_targets": [[{}]]}]:
            assert isinstance(asked(make, Answer(body))[0], NetworkDown)

    @pytest.mark.parametrize("cell", [-5, float("nan"), -float("inf"), 1e30, 10**400, "soon"])
    def test_is_down_when_it_answers_what_no_trip_takes(
        self, make: Callable[[str], RoadNetwork], cell: object
    ) -> None:
        durations = [[300, None], [0, cell]]
        answer = Answer(
            {"code": "Ok", "durations": durations, "sources_to_targets": {"durations": durations}}
        )
        assert isinstance(asked(make, answer)[0], NetworkDown)

    def test_is_down_when_its_answer_has_no_end(self, make: Callable[[str], RoadNetwork]) -> None:
        assert isinstance(asked(make, Answer("[" * 100_000))[0], NetworkDown)

    @pytest.mark.parametrize("wait", ["\u00b2", "soon", "-1"])
    def test_minds_no_wait_that_is_no_number(
        self, make: Callable[[str], RoadNetwork], wait: str
    ) -> None:
        found, _ = asked(make, Answer({}, 429, {"Retry-After": wait}))
        assert isinstance(found, NetworkDown)
        assert found.retry_after is None

    def test_waits_a_day_at_most(self, make: Callable[[str], RoadNetwork]) -> None:
        found, _ = asked(make, Answer({}, 503, {"Retry-After": "9" * 400}))
        assert found.retry_after == 86_400

    def test_is_down_when_it_takes_too_long(self, make: Callable[[str], RoadNetwork]) -> None:
        never = threading.Event()

        def slow(server: Answering) -> RoadNetwork:
            network: Any = make(server.url)
            network._server._client.timeout = 0.1
            return network  # type: ignore[no-any-return]  # reached into for a short limit

        with answering(lambda question: Answer({}, held=never)) as server:
            try:
                with pytest.raises(NetworkDown, match="ReadTimeout"):
                    slow(server).seconds(ORIGINS, TARGETS)
            finally:
                never.set()

    def test_is_down_when_nobody_listens(self, make: Callable[[str], RoadNetwork]) -> None:
        with answering(lambda question: Answer({})) as server:
            url = server.url
        with pytest.raises(NetworkDown, match="ConnectError"):
            make(url).seconds(ORIGINS, TARGETS)
