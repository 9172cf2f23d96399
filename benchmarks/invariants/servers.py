"""A folder with a real database (migrated) and broker for one attack."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from sqlalchemy import text

from kernel import db
from kernel.embedded import Embedded, start
from kernel.settings import settings
from server import migrate, registry, wiring


def load_product() -> None:
    """Load all of the product into this process, and log no refusals: they are what attacks are
    after, and would drown what is shown."""
    os.environ.setdefault("FIRSTFIX_ENVIRONMENT", "test")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    registry.load()
    wiring.connect()


@contextmanager
def fresh(folder: Path, *, broker: bool = False) -> Iterator[Embedded]:
    """Start, migrate, and point this process's settings there; restore and stop at the end."""
    embedded = start(folder, broker=broker, mqtt=False)
    before = {name: os.environ.get(name) for name in ("DATABASE_URL", "BROKER_URL")}
    os.environ["DATABASE_URL"] = embedded.database_url
    if broker:
        os.environ["BROKER_URL"] = embedded.broker_url
    _forget()
    try:
        migrate.upgrade()
        yield embedded
    finally:
        db.forget_engines(close=True)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        _forget()
        embedded.stop()


def _forget() -> None:
    settings.cache_clear()
    db.forget_engines(close=True)


def count(statement: str, **values: object) -> int:
    with db.new_session() as session:
        return int(session.execute(text(statement), values).scalar_one())
