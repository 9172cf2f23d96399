"""What is remembered, what is asked, and what stands in while nobody answers."""

import time
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from dispatch.travel.memory import Memory, cells_of, made
from dispatch.travel.models import RoadTimes
from dispatch.travel.ports import NetworkDown, NoWay, OffRoad, Seconds, TooBig
from dispatch.travel.roads import Roads, blocks
from dispatch.travel.service import RoadArchive, forget_road_times
from dispatch.travel.times import UNREACHABLE, TravelTimes
from kernel.geo import Point, straight_travel_seconds

PLACES = [Point(52.5 + n / 100, 13.4) for n in range(6)]


class Network:
    """Every trip takes ten minutes; places may be off road, on an island, or it may be down."""

    name = "paper"

    def __init__(self, most_places: int = 50) -> None:
        self.most_places = self.takes = most_places
        self.sizes: list[tuple[int, int]] = []
        self.off_road: set[Point] = set()
        self.island: set[Point] = set()
        self.down: NetworkDown | None = None

    def seconds(self, origins: Sequence[Point], targets: Sequence[Point]) -> Seconds:
        self.sizes.append((len(origins), len(targets)))
        if self.down:
            raise self.down
        if max(len(origins), len(targets)) > self.takes:
            raise TooBig("too many")
        if self.off_road & {*origins, *targets}:
            raise OffRoad("no road")
        found = np.full((len(origins), len(targets)), 600.0)
        for i, origin in enumerate(origins):
            for j, target in enumerate(targets):
                if (origin in self.island) != (target in self.island):
                    found[i, j] = np.inf
        if np.isinf(found).all():
            raise NoWay("unconnected")
        return found


class TestMatrix:
    def test_asks_once_and_remembers(self) -> None:
        network = Network()
        times = TravelTimes(Roads(network))
        first = times.matrix(PLACES)
        assert first.seconds[0, 1] == 660  # with the minute for parking
        assert (first.seconds.diagonal() == 0).all()
        assert (first.estimated, first.source) == (0, "paper")
        times.matrix(PLACES)
        assert network.sizes == [(6, 6)]

    def test_asks_for_a_row_and_a_column_of_a_new_place(self) -> None:
        network = Network()
        times = TravelTimes(Roads(network))
        times.matrix(PLACES[:5])
        times.matrix(PLACES)
        assert network.sizes == [(5, 5), (1, 5), (5, 1)]

    def test_keeps_to_the_size_of_a_question(self) -> None:
        network = Network(most_places=4)
        found = TravelTimes(Roads(network)).matrix(PLACES)
        assert network.sizes == [(4, 4), (4, 2), (2, 4), (2, 2)]
        assert found.estimated == 0

    def test_estimates_what_lies_on_no_road_and_nothing_else(self) -> None:
        network = Network()
        network.off_road = {PLACES[2]}
        found = TravelTimes(Roads(network)).matrix(PLACES)
        assert found.estimated == 10
        straight = -(-straight_travel_seconds(PLACES[2], PLACES[0]) // 60) * 60
        assert found.seconds[2, 0] == straight
        assert found.seconds[0, 1] == 660

    def test_says_where_there_is_no_way(self) -> None:
        network = Network()
        network.island = {PLACES[5]}
        times = TravelTimes(Roads(network))
        found = times.matrix(PLACES)
        assert (found.seconds[5, :5] >= UNREACHABLE).all()
        assert (found.seconds[:5, 5] >= UNREACHABLE).all()
        assert found.estimated == 0
        assert not times.trip(PLACES[5], PLACES[0]).is_possible
        alone = TravelTimes(Roads(network))
        assert not alone.trip(PLACES[5], PLACES[0]).is_possible

    def test_estimates_while_the_network_is_down_and_leaves_it_alone(self) -> None:
        network = Network()
        network.down = NetworkDown("gone")
        times = TravelTimes(Roads(network))
        found = times.matrix(PLACES)
        assert found.estimated == 30
        assert times.is_degraded
        trip = times.trip(PLACES[0], PLACES[1])
        assert trip.estimated
        assert trip.seconds == TravelTimes().trip(PLACES[0], PLACES[1]).seconds
        assert len(network.sizes) == 1

    def test_stops_asking_when_the_budget_is_used_up(self) -> None:
        network = Network(most_places=2)
        found = TravelTimes(Roads(network, budget_seconds=0)).matrix(PLACES)
        assert found.estimated > 0
        assert len(network.sizes) <= 1

    def test_cuts_a_question_that_is_too_big_for_the_server(self) -> None:
        network = Network()
        network.takes = 3
        assert TravelTimes(Roads(network)).matrix(PLACES).estimated == 0
        assert network.sizes[0] == (6, 6)

    def test_of_nothing_is_nothing(self) -> None:
        assert TravelTimes().matrix([]).seconds.shape == (0, 0)


class TestArchive:
    def test_outlives_the_process(self, session: Session) -> None:
        network = Network()
        TravelTimes(Roads(network, archive=RoadArchive())).matrix(PLACES)
        again = Network()
        found = TravelTimes(Roads(again, archive=RoadArchive())).matrix(PLACES)
        assert again.sizes == []
        assert found.seconds[0, 1] == 660

    def test_asks_again_for_what_is_old(self, session: Session) -> None:
        TravelTimes(Roads(Network(), archive=RoadArchive())).matrix(PLACES)
        session.execute(
            update(RoadTimes).values(fetched_at=text("clock_timestamp() - interval '40 days'"))
        )
        again = Network()
        roads = Roads(again, archive=RoadArchive(), keep=timedelta(days=30))
        TravelTimes(roads).matrix(PLACES)
        assert again.sizes == [(6, 6)]

    def test_forgets_what_is_old(self, session: Session) -> None:
        TravelTimes(Roads(Network(), archive=RoadArchive())).matrix(PLACES)
        forget_road_times(session, timedelta(days=1))
        assert session.query(RoadTimes).count() == 6
        forget_road_times(session, timedelta())
        assert session.query(RoadTimes).count() == 0

    def test_keeps_no_way_apart_from_not_known(self, session: Session) -> None:
        network = Network()
        network.island, network.off_road = {PLACES[0]}, {PLACES[1]}
        TravelTimes(Roads(network, archive=RoadArchive())).matrix(PLACES)
        later = Roads(Network(), archive=RoadArchive())
        found = later.seconds(PLACES[:1], PLACES)
        assert found[0, 2] == np.inf
        assert found[0, 1] == 600


class TestMemory:
    def test_drops_what_was_not_used_for_longest(self) -> None:
        memory = Memory(most_pairs=10)
        cells = cells_of(PLACES)
        seconds = np.full(6, 60, dtype=np.float32)
        now = time.monotonic()
        for origin in (1, 2):
            memory.put({origin: made(cells, seconds, now)})
        assert memory.pairs == 6
        assert list(memory.get([1, 2], 0)) == [2]

    def test_takes_places_ten_metres_apart_for_one(self) -> None:
        near = Point(PLACES[0].latitude + 0.00003, PLACES[0].longitude)
        assert cells_of([near])[0] == cells_of(PLACES)[0]
        assert len(set(cells_of(PLACES).tolist())) == len(PLACES)


class TestBlocks:
    def test_cover_everything_that_is_missing(self) -> None:
        dice = np.random.default_rng(4)
        for share in (0.02, 0.3, 0.9, 1.0):
            missing = dice.random((37, 41)) < share
            left = missing.copy()
            for block in blocks(missing, 7):
                assert len(block.rows) <= 7
                assert len(block.columns) <= 7
                left[np.ix_(block.rows, block.columns)] = False
            assert not left.any()
