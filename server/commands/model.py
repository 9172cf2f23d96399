"""firstfix model: train models, show what their backtests say, promote them."""

import csv
import json
from collections import defaultdict
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from iot_ingest.forecasts import training
from iot_ingest.forecasts.subjects import Subject
from iot_ingest.forecasts.training import Learned, Life
from iot_ingest.predictions import queries, service
from iot_ingest.predictions.lifecycle import ModelKind
from iot_ingest.predictions.models import TrainedModel
from iot_ingest.prognosis import remaining_life
from iot_ingest.trainings.kinds import CRAFTS
from kernel.db import transaction
from kernel.errors import DomainError, Invalid
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
    kind: Annotated[
        ModelKind, typer.Option(help="train: cycles left, a failure within a day, or repairs alone")
    ] = ModelKind.REMAINING_LIFE,
    asset_model: Annotated[
        list[str] | None, typer.Option(help="train: learn from stored assets of this model; again")
    ] = None,
    metric: Annotated[
        list[str] | None,
        typer.Option(help="train: what is measured, or for failures an error; again for each"),
    ] = None,
    fault_class: Annotated[
        str | None, typer.Option(help="train: the fault that is foretold; else any")
    ] = None,
    cycle_minutes: Annotated[
        int, typer.Option(min=1, help="train: readings of so long are one cycle")
    ] = 60,
    lives: Annotated[
        Path | None,
        typer.Option(
            help="train: CSV of machines run to failure instead of stored assets, a row per"
            " cycle: machine, cycle, metrics",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    seed: int = 1,
) -> None:
    if lives is not None and kind is not ModelKind.REMAINING_LIFE:
        raise typer.BadParameter("--lives is for cycles left: leave --kind out.")
    _ensure_name(action, name)
    registry.load()
    wiring.connect()
    cycle = timedelta(minutes=cycle_minutes)
    try:
        match action:
            case Action.TRAIN:
                learned = (
                    _from_file(lives, cycle, fault_class, seed)
                    if lives is not None
                    else _from_database(
                        kind, asset_model or [], _subject(kind, metric, cycle, fault_class), seed
                    )
                )
                with transaction("cli", why="trained") as session:
                    _tell(service.keep(session, name, kind, learned.content, learned.card))
            case Action.BACKTEST:
                with transaction("cli") as session:
                    _tell(queries.get_model(session, name))
            case Action.PROMOTE:
                with transaction("cli", why="promoted") as session:
                    _tell(service.promote(session, queries.get_model(session, name)))
    except (DomainError, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def _ensure_name(action: Action, name: str) -> None:
    try:
        if action is Action.TRAIN:
            service.ensure_name(name)
    except Invalid as error:
        raise typer.BadParameter(str(error), param_hint="NAME") from error


def _subject(
    kind: ModelKind, metrics: list[str] | None, cycle: timedelta, fault_class: str | None
) -> Subject:
    if kind is ModelKind.REPAIRS:
        return Subject((), cycle, fault_class)
    if not metrics:
        raise typer.BadParameter("Say what to look at: --metric NAME, again for each.")
    return Subject(tuple(metrics), cycle, fault_class)


def _from_database(
    kind: ModelKind, asset_models: list[str], subject: Subject, seed: int
) -> Learned:
    """What is read is read in one transaction; learning takes longer and is in none."""
    if not asset_models:
        raise typer.BadParameter("Say from what to learn: --asset-model NAME, or --lives FILE.csv")
    craft = CRAFTS[kind]
    with transaction("cli") as session:
        cases = craft.read(session, asset_models, subject)
    return craft.learn(cases, subject, seed=seed)


def _from_file(path: Path, cycle: timedelta, fault_class: str | None, seed: int) -> Learned:
    metrics, machines = read_lives(path)
    return training.learn_lives(machines, Subject(tuple(metrics), cycle, fault_class), seed=seed)


def read_lives(path: Path) -> tuple[list[str], list[Life]]:
    """The names of the metrics, and the life of each machine in order of its cycles."""
    with path.open(newline="") as file:
        rows = csv.DictReader(file)
        metrics = [name for name in rows.fieldnames or () if name not in ("machine", "cycle")]
        cycles: dict[str, list[tuple[float, list[float]]]] = defaultdict(list)
        try:
            for row in rows:
                values = [float(row[metric]) for metric in metrics]
                cycles[row["machine"]].append((float(row["cycle"]), values))
        except (KeyError, TypeError, ValueError) as error:
            raise typer.BadParameter(f"line {rows.line_num} of {path.name}: {error}") from error
    if len(cycles) < remaining_life.FOLDS or not metrics:
        raise typer.BadParameter(f"{path.name} needs metrics of at least 5 machines.")
    return metrics, [
        Life(machine, None, np.array([values for _, values in sorted(one)]))
        for machine, one in cycles.items()
    ]


def _tell(model: TrainedModel) -> None:
    print(f"{model.name}@{model.number} ({model.kind}), {model.status}")
    print(json.dumps(model.card, indent=2))
