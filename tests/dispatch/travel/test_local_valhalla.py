"""Valhalla in the process, on tiles built from a real map; needs the extra `road` and a map.

FIRSTFIX_TEST_MAP names a map of Liechtenstein (PBF).
"""

from pathlib import Path

import numpy as np
import pytest

from dispatch.travel.networks.local import LocalValhalla, build_tiles
from dispatch.travel.roads import Roads
from dispatch.travel.times import TravelTimes
from kernel.errors import StartError
from kernel.geo import Point
from tests.needs import map_of_liechtenstein

VADUZ, SCHAAN, BALZERS = Point(47.141, 9.521), Point(47.165, 9.509), Point(47.068, 9.503)
BEYOND = Point(46.5, 9.0)


def test_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="build-tiles"):
        LocalValhalla(tmp_path)
    with pytest.raises(StartError, match="There is no file"):
        build_tiles(tmp_path / "nowhere.pbf", tmp_path)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> LocalValhalla:
    tiles = tmp_path_factory.mktemp("tiles")
    build_tiles(map_of_liechtenstein(), tiles)
    return LocalValhalla(tiles)


@pytest.mark.map
class TestLocalValhalla:
    def test_drives_by_road(self, network: LocalValhalla) -> None:
        found = network.seconds([VADUZ], [SCHAAN, BALZERS])
        assert 120 < found[0, 0] < 900
        assert found[0, 0] < found[0, 1]

    def test_estimates_beyond_the_map(self, network: LocalValhalla) -> None:
        found = TravelTimes(Roads(network)).matrix([VADUZ, SCHAAN, BEYOND])
        assert found.estimated == 4
        assert np.isfinite(found.seconds).all()
