"""firstfix travel: the road network, and how long trips take."""

from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dispatch.scheduling.calibration import service as calibration
from dispatch.territories.queries import list_territories
from dispatch.travel.networks.local import build_tiles
from dispatch.travel.times import travel_times
from kernel.db import transaction
from kernel.geo import Point
from kernel.settings import settings
from server import registry, wiring


class Action(StrEnum):
    BUILD_TILES = "build-tiles"
    CALIBRATE = "calibrate"
    ASK = "ask"


def run(
    action: Annotated[
        Action,
        typer.Argument(
            help="build-tiles FILE.pbf, calibrate from recorded trips, or ask LAT,LON LAT,LON"
        ),
    ],
    words: Annotated[list[str] | None, typer.Argument(help="what the action asks for")] = None,
    days: Annotated[int, typer.Option(help="calibrate: so far back", min=1)] = 90,
) -> None:
    given = words or []
    match action:
        case Action.BUILD_TILES:
            if len(given) != 1:
                raise typer.BadParameter("Say which map: FILE.pbf", param_hint="WORDS")
            build_tiles(Path(given[0]), settings().travel_tiles)
            print(f"The road network is in {settings().travel_tiles}.")
            print("Use it with FIRSTFIX_TRAVEL_SOURCE=valhalla.")
        case Action.CALIBRATE:
            _calibrate(timedelta(days=days))
        case Action.ASK:
            if len(given) != 2:
                raise typer.BadParameter("Say from where to where.", param_hint="WORDS")
            _ask(_point(given[0]), _point(given[1]))


def _calibrate(look_back: timedelta) -> None:
    registry.load()
    wiring.connect()
    with transaction("cli", why="calibrated") as session:
        names = {territory.id: territory.name for territory in list_territories(session)}
        rows = calibration.calibrate(session, look_back)
        for row in rows:
            print(
                f"{names[row.territory_id]:24} {row.hours:10} {row.learned:6.3f}"
                f"  ({row.low:.3f} to {row.high:.3f}, {row.trips} trips)"
            )
    if not rows:
        print("Too few trips were recorded to learn from.")


def _ask(origin: Point, target: Point) -> None:
    wiring.connect()
    found = travel_times().trip(origin, target)
    if not found.is_possible:
        print(f"There is no way, says {travel_times().source}.")
        raise typer.Exit(1)
    estimated = ", estimated by a straight line" if found.estimated else ""
    print(f"{found.seconds // 60} minutes, says {travel_times().source}{estimated}.")


def _point(text: str) -> Point:
    try:
        latitude, longitude = (float(part) for part in text.split(","))
        return Point(latitude, longitude)
    except ValueError as error:
        raise typer.BadParameter(f"{text} is no LAT,LON.") from error
