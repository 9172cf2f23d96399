"""Runs migrations on the connection that `server.migrate` hands over, and drafts new ones."""

from typing import Any

from alembic import context
from alembic.operations import ops
from sqlalchemy import Table

from kernel.db import Base
from kernel.schema import record_tables, trigger_statements


def add_triggers(_: Any, __: Any, directives: list[ops.MigrationScript]) -> None:
    """A new record table gets its triggers in the same draft."""
    records: dict[str, Table] = {table.name: table for table in record_tables()}
    upgrades = directives[0].upgrade_ops
    assert upgrades is not None
    for made in [op for op in upgrades.ops if isinstance(op, ops.CreateTableOp)]:
        if made.table_name in records:
            for statement in trigger_statements(records[made.table_name]):
                upgrades.ops.append(ops.ExecuteSQLOp(statement))


def is_ours(thing: Any, name: str | None, kind: str, *_: Any) -> bool:
    """Partitions and the clock are not made from models."""
    return kind != "table" or name in Base.metadata.tables


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_object=is_ours,
    process_revision_directives=add_triggers,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
