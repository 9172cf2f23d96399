"""Valhalla inside this process, on tiles that were built from a map before.

Needs the extra `road` (Python 3.12 or newer).
"""

import importlib
import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from dispatch.travel.networks.valhalla import (
    MOST_PLACES,
    is_off_map,
    places,
    question,
    refusal,
    times_in,
)
from dispatch.travel.ports import NoWay, OffRoad, Seconds
from kernel.errors import StartError
from kernel.geo import Point

CONFIG = "valhalla.json"
MISSING = "Install the extra `road`: pip install 'firstfix[road]' (Python 3.12 or newer)."


class LocalValhalla:
    """One engine, one question at a time: it is not made for threads."""

    name = "valhalla"
    most_places = MOST_PLACES

    def __init__(self, tiles: Path) -> None:
        """StartError when the extra or the tiles are not there."""
        config = tiles / CONFIG
        if not config.is_file():
            raise StartError(f"There is no map in {tiles}: firstfix travel build-tiles FILE.pbf")
        self._library = _library()
        self._engine = self._library.Actor(json.loads(config.read_text()))
        self._lock = Lock()

    def seconds(self, origins: Sequence[Point], targets: Sequence[Point]) -> Seconds:
        try:
            with self._lock:
                body = self._engine.matrix(question(origins, targets))
        except self._library.ValhallaError as error:
            raise self._refusal(origins, targets, error) from error
        return times_in(body, len(origins), len(targets))

    def _refusal(
        self, origins: Sequence[Point], targets: Sequence[Point], error: Exception
    ) -> Exception:
        refused = refusal(getattr(error, "code", None), str(error))
        if isinstance(refused, NoWay) and len(origins) == len(targets) == 1:
            with self._lock:
                found = self._engine.locate(places(origins, targets))
            if is_off_map(found):
                return OffRoad(str(refused))
        return refused


def build_tiles(pbf: Path, tiles: Path) -> None:
    """Make the road network of a map (OpenStreetMap, PBF). StartError with what went wrong."""
    if not pbf.is_file():
        raise StartError(f"There is no file {pbf}.")
    library = _library()
    (tiles / "graph").mkdir(parents=True, exist_ok=True)
    config: dict[str, Any] = library.get_config(
        tile_dir=str((tiles / "graph").resolve()), tile_extract="", verbose=False
    )
    config["mjolnir"]["concurrency"] = os.cpu_count() or 1
    path = tiles / CONFIG
    path.write_text(json.dumps(config, indent=1))
    program = Path(library.__file__).parent / "bin" / "valhalla_build_tiles"
    built = subprocess.run(
        [str(program), "-c", str(path), str(pbf)], capture_output=True, text=True, check=False
    )
    if built.returncode != 0:
        path.unlink()
        raise StartError(f"The tiles could not be built:\n{built.stderr[-2000:]}")


def _library() -> Any:
    try:
        return importlib.import_module("valhalla")
    except ImportError as error:
        raise StartError(MISSING) from error
