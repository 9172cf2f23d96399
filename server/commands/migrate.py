"""firstfix migrate: the schema of the database."""

from server import migrate


def run(revision: str = "head") -> None:
    migrate.upgrade(revision)
    print(f"The database is at {revision}.")
