"""firstfix import: CSV files, all or nothing."""

from pathlib import Path

import typer

from dispatch.exchange.imports.service import import_csv
from kernel.db import transaction
from kernel.errors import DomainError
from server import registry, wiring


def run(kind: str, file: Path, dry_run: bool = False) -> None:
    """KIND is customers, assets, technicians, parts, work_orders or repairs."""
    registry.load()
    wiring.connect()
    try:
        with transaction("cli") as session:
            report = import_csv(session, kind, file.read_bytes(), dry_run=dry_run)
    except DomainError as error:
        _tell(error.facts.get("errors", []))
        typer.echo(error.message, err=True)
        raise typer.Exit(1) from error
    _tell([vars(line) for line in report.errors])
    would = "would be " if dry_run else ""
    print(f"{report.created} {would}created, {report.updated} {would}updated.")
    if report.errors:
        raise typer.Exit(1)


def _tell(errors: list[dict[str, object]]) -> None:
    for error in errors:
        typer.echo(f"line {error['line']}, {error['column']}: {error['message']}", err=True)
