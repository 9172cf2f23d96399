"""Every SELECT on partitions."""

from sqlalchemy import text
from sqlalchemy.orm import Session


def partition_names(session: Session, table: str) -> set[str]:
    return set(
        session.scalars(
            text(
                "SELECT inhrelid::regclass::text FROM pg_inherits"
                " WHERE inhparent = CAST(:table AS regclass)"
            ),
            {"table": table},
        )
    )
