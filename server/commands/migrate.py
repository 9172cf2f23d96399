"""firstfix migrate: the schema of the database."""

from typing import Annotated

import typer

from server import migrate


def run(
    revision: str = "head",
    new: Annotated[str, typer.Option(help="draft a migration to the present models")] = "",
) -> None:
    """Bring the database to a revision; with --new, write what is missing as a draft first."""
    if new:
        print(f"Look through {migrate.draft(new)} before you commit it.")
        return
    migrate.upgrade(revision)
    print(f"The database is at {revision}.")
