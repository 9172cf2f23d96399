"""Brings a database to the present schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from sqlalchemy import text

from kernel.db import engine
from kernel.schema import check_server
from server import registry

FOLDER = Path(__file__).parent / "migrations"


def config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.set_main_option("path_separator", "os")
    made.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(rev)s_%%(slug)s")
    return made


def upgrade(revision: str = "head") -> None:
    registry.load()
    with engine().begin() as connection:
        check_server(connection)
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)


def downgrade(revision: str) -> None:
    registry.load()
    with engine().begin() as connection:
        settings = config()
        settings.attributes["connection"] = connection
        command.downgrade(settings, revision)


def draft(message: str) -> str:
    """Write a migration from the database's schema to the models'; gives its path."""
    registry.load()
    with engine().begin() as connection:
        settings = config()
        settings.attributes["connection"] = connection
        made = command.revision(settings, message, autogenerate=True)
    assert isinstance(made, Script)
    return made.path


def is_current() -> bool:
    """Whether the database has exactly the schema this code expects."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    with engine().connect() as connection:
        exists = connection.execute(text("SELECT to_regclass('alembic_version')")).scalar_one()
        if exists is None:
            return False
        present = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return present == head
