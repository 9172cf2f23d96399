"""The closing table of a measured day."""

from typing import Any

from rich.table import Table

from server.demo import figures

TOLD = (
    "sla_met_pct",
    "on_time_pct",
    "travel_min_per_visit",
    "promises",
    "first_time_fix_pct",
    "alerts",
    "verdicts",
    "storms",
    "p95_ms",
    "jobs_left",
    "dead_letters",
    "slowed",
    "wall_s",
)
NOTHING = "-"


def table_of(result: dict[str, Any], *, is_whole: bool) -> Table:
    """What was reached, and what a whole day must reach; a part of one has no such measure."""
    table = Table("What", "Reached", "At least", title="The day" if is_whole else "A part of a day")
    reached = figures.reached(result)
    for what, least in figures.LEAST.items():
        table.add_row(what, str(reached[what]), str(least) if is_whole else NOTHING)
    for what in TOLD:
        table.add_row(what, words_of(result[what], " ms" if what == "p95_ms" else ""), "")
    for model in result["models"]:
        table.add_row(model["model"], words_of_model(model), "")
    for name, figure in result["crowd"].items():
        table.add_row(f"crowd: {name}", words_of(figure), "")
    for name, broken in result["invariants"].items():
        table.add_row(f"broken: {name}", str(broken), "0")
    return table


def words_of(figure: Any, unit: str = "") -> str:
    """`booking 120, accept 90 ms` for figures by kind, a dash for what nobody measured."""
    if isinstance(figure, dict):
        told = ", ".join(f"{kind} {_round(value)}" for kind, value in figure.items())
        return f"{told}{unit}" if told else NOTHING
    return NOTHING if figure is None else str(figure)


def words_of_model(model: dict[str, Any]) -> str:
    """What its backtest said, what became of it, and what came true."""
    figures = {name: one for name, one in model["card"].items() if isinstance(one, int | float)}
    told = ", ".join(f"{name} {one}" for name, one in figures.items() if name != "passes")
    found = f"{len(model['orders'])} orders, {model['confirmed']} confirmed"
    return f"{model['outcome']}; {told}; {found}, {model['refuted']} refuted"


def _round(value: float) -> str:
    return f"{value:.0f}" if value else NOTHING
