"""Real PostgreSQL for every test: rolled back by default, an own clone where tests commit."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from dispatch.travel import service as travel
from kernel import db, job_runner
from kernel.embedded import Embedded, start
from kernel.principal import Principal
from kernel.settings import settings
from server import migrate, registry, wiring
from tests.client import ApiClient

TEMPLATE = "firstfix_template"
SCRATCH = "firstfix_scratch"
LONGEST = "test_demo.py"


def point_at(url: str) -> None:
    """Have this process use another database."""
    os.environ["DATABASE_URL"] = url
    settings.cache_clear()
    db.forget_engines(close=True)


def administer(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """The embedded PostgreSQL of this test process, with a migrated template database."""
    data: Path = tmp_path_factory.mktemp("embedded")
    embedded = start(data, broker=False, mqtt=False)
    administer(embedded.database_url, f"CREATE DATABASE {TEMPLATE}")
    point_at(embedded.url_for(TEMPLATE))
    migrate.upgrade()
    db.forget_engines(close=True)
    clone = f"CREATE DATABASE {SCRATCH} TEMPLATE {TEMPLATE} STRATEGY file_copy"
    administer(embedded.database_url, clone)
    point_at(embedded.url_for(SCRATCH))
    yield embedded
    db.forget_engines(close=True)
    embedded.stop()


@pytest.fixture
def session(servers: Embedded) -> Iterator[Session]:
    """A session on a connection whose transaction is rolled back after the test."""
    registry.load()
    wiring.connect()
    with db.engine().connect() as connection:
        outer = connection.begin()
        # A search that is compiled first may leave the transaction idle for minutes.
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        with (
            db.bound_to(connection),
            Session(connection, join_transaction_mode="create_savepoint") as made,
        ):
            db.act_as(made, "test")
            yield made
        outer.rollback()
    travel.forget()


@dataclass
class Database:
    """An own database whose writes are really committed."""

    url: str

    def transaction(self, actor: str | Principal = "test") -> AbstractContextManager[Session]:
        return db.transaction(actor)


@pytest.fixture
def database(servers: Embedded) -> Iterator[Database]:
    """A fresh clone of the template for tests with threads, jobs, processes or streams."""
    registry.load()
    wiring.connect()
    name = f"clone_{uuid4().hex[:12]}"
    administer(
        servers.database_url, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy"
    )
    point_at(servers.url_for(name))
    try:
        yield Database(servers.url_for(name))
    finally:
        travel.forget()
        db.forget_engines(close=True)
        point_at(servers.url_for(SCRATCH))
        administer(servers.database_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def client(request: pytest.FixtureRequest) -> Callable[..., ApiClient]:
    """`client(principal)`: HTTP as that principal; works with `session` and with `database`."""
    own: Session | None = None
    if "database" not in request.fixturenames:
        own = request.getfixturevalue("session")

    def make(principal: Principal | None = None, **headers: str) -> ApiClient:
        return ApiClient(principal, own, headers)

    return make


@pytest.fixture
def run_jobs(session: Session) -> Callable[[], int]:
    """Runs every due job inside the test's session."""

    def run() -> int:
        return job_runner.drain(session)

    return run


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("FIRSTFIX_ENVIRONMENT", "test")
    settings.cache_clear()


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """A test that uses the clone is marked committed, so that it can be chosen; the longest test
    begins first, so that at the end no worker waits for it alone."""
    items.sort(key=lambda item: item.path.name != LONGEST)
    for item in items:
        if "database" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.committed)
