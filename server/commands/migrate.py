"""firstfix migrate: the schema of the database."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from kernel import db, embedded
from kernel.settings import settings
from server import migrate


def run(
    revision: str = "head",
    new: Annotated[str, typer.Option(help="draft a migration to the present models")] = "",
) -> None:
    """Bring the database to a revision; with --new, write what is missing as a draft first."""
    if new:
        draft = migrate.draft(new) if settings().database_url else _draft_on_embedded(new)
        print(f"Look through {draft} before you commit it.")
        return
    migrate.upgrade(revision)
    print(f"The database is at {revision}.")


def _draft_on_embedded(message: str) -> str:
    """A draft needs a database at the last revision and nothing in it: one is made for it."""
    with tempfile.TemporaryDirectory(prefix="firstfix-") as folder:
        servers = embedded.start(Path(folder), broker=False, mqtt=False, durable=False)
        try:
            settings().database_url = servers.database_url
            migrate.upgrade()
            return migrate.draft(message)
        finally:
            db.forget_engines(close=True)
            servers.stop()
