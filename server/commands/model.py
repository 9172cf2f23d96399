"""firstfix model: train models, show what their backtests say, promote them."""

import csv
import json
from collections import defaultdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from iot_ingest.predictions import queries, service
from iot_ingest.predictions.lifecycle import ModelKind
from iot_ingest.predictions.models import TrainedModel
from iot_ingest.prognosis import remaining_life
from iot_ingest.prognosis.cards import card
from iot_ingest.prognosis.trees import Table
from kernel.db import transaction
from kernel.errors import DomainError
from server import registry, wiring


class Action(StrEnum):
    TRAIN = "train"
    BACKTEST = "backtest"
    PROMOTE = "promote"


def run(
    action: Annotated[
        Action,
        typer.Argument(help="train NAME, show the backtest of NAME[@NUMBER], or promote it"),
    ],
    name: Annotated[str, typer.Argument(help="NAME, or NAME@NUMBER; else the newest")],
    lives: Annotated[
        Path | None,
        typer.Option(
            help="train: CSV of machines run to failure, a row per cycle: machine, cycle, metrics"
        ),
    ] = None,
    seed: int = 1,
) -> None:
    registry.load()
    wiring.connect()
    try:
        match action:
            case Action.TRAIN:
                if lives is None:
                    raise typer.BadParameter("Say from what to learn: --lives FILE.csv")
                content, shown = _train(lives, seed)
                with transaction("cli", why="trained") as session:
                    kind = ModelKind.REMAINING_LIFE
                    _tell(service.keep(session, name, kind, content, shown))
            case Action.BACKTEST:
                with transaction("cli") as session:
                    _tell(queries.get_model(session, name))
            case Action.PROMOTE:
                with transaction("cli", why="promoted") as session:
                    _tell(service.promote(session, queries.get_model(session, name)))
    except DomainError as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(1) from error


def _train(path: Path, seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    metrics, machines = read_lives(path)
    tested = remaining_life.backtest(machines, metrics, seed=seed)
    model = remaining_life.train(machines, metrics, tested, seed=seed)
    return model.to_json(), card(tested)


def read_lives(path: Path) -> tuple[list[str], list[Table]]:
    """The names of the metrics, and per machine its cycles x metrics in order of cycles."""
    with path.open(newline="") as file:
        rows = csv.DictReader(file)
        metrics = [name for name in rows.fieldnames or () if name not in ("machine", "cycle")]
        cycles: dict[str, list[tuple[float, list[float]]]] = defaultdict(list)
        try:
            for row in rows:
                values = [float(row[metric]) for metric in metrics]
                cycles[row["machine"]].append((float(row["cycle"]), values))
        except (KeyError, ValueError) as error:
            raise typer.BadParameter(f"line {rows.line_num} of {path.name}: {error}") from error
    if len(cycles) < remaining_life.FOLDS or not metrics:
        raise typer.BadParameter(f"{path.name} needs metrics of at least 5 machines.")
    return metrics, [np.array([values for _, values in sorted(one)]) for one in cycles.values()]


def _tell(model: TrainedModel) -> None:
    print(f"{model.name}@{model.number} ({model.kind}), {model.status}")
    print(json.dumps(model.card, indent=2))
