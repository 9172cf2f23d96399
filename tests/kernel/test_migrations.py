"""The migrations build what the models say, and can be taken back."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from kernel import db
from kernel.db import Base
from kernel.schema import record_tables, trigger_statements
from server import migrate
from tests.conftest import Database


def differences() -> list[object]:
    with db.engine().connect() as connection:
        options = {
            "include_object": lambda _, name, kind, *__: (
                kind != "table" or name in Base.metadata.tables
            )
        }
        return list(
            compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
        )


@pytest.mark.committed
class TestMigrations:
    def test_build_what_the_models_say(self, database: Database) -> None:
        assert differences() == []

    def test_give_record_tables_the_triggers_of_the_models(self, database: Database) -> None:
        with db.engine().connect() as connection:
            found = {
                (table, name): definition
                for table, name, definition in connection.execute(
                    text(
                        "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)"
                        " FROM pg_trigger WHERE NOT tgisinternal"
                    )
                )
            }
        for table in record_tables():
            for statement in trigger_statements(table):
                name = statement.split()[2]
                arguments = statement.partition("EXECUTE FUNCTION ")[2]
                assert found[table.name, name].endswith(arguments), (table.name, name)

    def test_can_be_taken_back_and_run_again(self, database: Database) -> None:
        migrate.downgrade("base")
        with db.engine().connect() as connection:
            assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
        migrate.upgrade()
        assert migrate.is_current()
        assert differences() == []
