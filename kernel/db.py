"""Tables, transactions and row locks on PostgreSQL."""

import re
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, TypeVar, cast
from uuid import UUID

import psycopg
from sqlalchemy import (
    TIMESTAMP,
    ColumnElement,
    Connection,
    Engine,
    Enum,
    FetchedValue,
    MetaData,
    Select,
    Table,
    Text,
    Uuid,
    any_,
    bindparam,
    create_engine,
    event,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import (
    DeclarativeBase,
    InstrumentedAttribute,
    Mapped,
    Session,
    SessionTransaction,
    declared_attr,
    mapped_column,
)
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from kernel import arrays
from kernel.errors import NotFound, StartError
from kernel.lifecycle import Lifecycle
from kernel.principal import SYSTEM, Principal
from kernel.settings import settings

SIDE_POOL = 4
SURE_SECONDS = 1.0
"""A connection that answered so lately is taken for alive."""
USED_AT = "used_at"
ACTING = "acting"
READS = "reads"
ACT_AS = text(
    "SELECT set_config('firstfix.actor', :actor, true),"
    " set_config('firstfix.why', :why, true),"
    " set_config('firstfix.device_at', :device_at, true),"
    " set_config('firstfix.request_id', :request_id, true)"
)

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of the product."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: TIMESTAMP(timezone=True),
        UUID: Uuid(),
        str: Text(),
        dict[str, Any]: JSONB(),
        list[Any]: JSONB(),
        list[dict[str, Any]]: JSONB(),
        list[str]: ARRAY(Text()),
        list[UUID]: ARRAY(Uuid()),
    }


class Record(Base):
    """A row that people change: versioned, audited by a trigger, addressable from outside."""

    __abstract__ = True
    __audit_secret__: ClassVar[frozenset[str] | set[str]] = frozenset()
    """Columns whose values audit rows leave out."""

    id: Mapped[UUID] = mapped_column(
        primary_key=True, server_default=text("uuidv7()"), sort_order=-10
    )
    external_id: Mapped[str | None] = mapped_column(unique=True, sort_order=90)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"), sort_order=91)
    created_at: Mapped[datetime] = mapped_column(server_default=text("app_now()"), sort_order=92)
    updated_at: Mapped[datetime] = mapped_column(
        server_default=text("app_now()"), server_onupdate=FetchedValue(), sort_order=93
    )

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 a directive is given the class
        return {"version_id_col": cls.version, "eager_defaults": True}


R = TypeVar("R", bound=Record)


def enum_of(states: type[StrEnum]) -> Enum:
    """Text column that a CHECK keeps to the values of `states`."""
    return Enum(
        states,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=states.__name__.lower(),
        values_callable=lambda cls: [str(member) for member in cls],
    )


def guard_moves(model: type[Base], column: str, lifecycle: Lifecycle[Any]) -> None:
    """Have a database trigger refuse every move of `column` that the table does not list."""
    cast(Table, model.__table__).info["lifecycle"] = (column, lifecycle)


class _Binding:
    """Lets tests put every session of the process on one connection that is rolled back."""

    connection: Connection | None = None


def engine() -> Engine:
    """The pool of this process. Forked children call `forget_engines` first."""
    with _making:
        return _main_pool()


def side_engine() -> Engine:
    """A small pool for short transactions beside one that is open.

    Taking both from one pool would let twenty requests wait for each other's second connection.
    """
    with _making:
        return _side_pool()


# Threads that ask first at the same moment would each make a pool, and one would be lost.
_making = threading.Lock()


@cache
def _main_pool() -> Engine:
    return _make_engine(settings().pool_size, pool_timeout=1)


@cache
def _side_pool() -> Engine:
    return _make_engine(SIDE_POOL, pool_timeout=5)


def _make_engine(pool_size: int, *, pool_timeout: float) -> Engine:
    if not settings().database_url:
        raise StartError(
            "Set DATABASE_URL to a PostgreSQL of version 18 or newer;"
            " only `firstfix up` and `firstfix demo` bring their own."
        )
    arrays.register()
    made = create_engine(
        settings().database_url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=pool_timeout,
        connect_args={
            "connect_timeout": 3,
            "tcp_user_timeout": 4000,
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 2,
            "options": "-c lock_timeout=4s -c statement_timeout=30s -c timezone=UTC"
            " -c idle_in_transaction_session_timeout=60s",
        },
    )
    event.listen(made, "checkin", _note_use)
    event.listen(made, "checkout", _ensure_alive)
    return made


def _note_use(connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info[USED_AT] = time.monotonic()


def _ensure_alive(
    connection: DBAPIConnection, record: ConnectionPoolEntry, _: PoolProxiedConnection
) -> None:
    """Ask a connection that was idle whether it is alive; each time took a third of a SELECT."""
    used_at = record.info.get(USED_AT)
    if used_at is None or time.monotonic() - used_at < SURE_SECONDS:
        return
    try:
        connection.cursor().execute("SELECT 1")
        connection.rollback()
    except psycopg.OperationalError as error:
        raise InvalidatePoolError("The database has closed its connections.") from error


def forget_engines(*, close: bool) -> None:
    """Start anew with pools: `close` ends the connections, a forked child must leave them be."""
    for made in (_main_pool, _side_pool):
        if made.cache_info().currsize:
            made().dispose(close=close)
            made.cache_clear()


@contextmanager
def bound_to(connection: Connection) -> Iterator[None]:
    """Run every session on `connection`, inside savepoints (tests)."""
    _Binding.connection = connection
    try:
        yield
    finally:
        _Binding.connection = None


def is_rolled_back() -> bool:
    """Whether this process works on one connection that never commits (`bound_to`): then what it
    reads is gone soon, and nothing of it may be kept."""
    return _Binding.connection is not None


@contextmanager
def new_session(*, aside: bool = False) -> Iterator[Session]:
    """A session in one transaction: committed at the end, rolled back by an exception.

    `aside` says that the caller has another one open meanwhile.
    """
    if _Binding.connection is not None:
        made = Session(_Binding.connection, join_transaction_mode="create_savepoint")
    else:
        made = Session(side_engine() if aside else engine())
    with made as session, session.begin():
        yield session


@contextmanager
def reading(*, aside: bool = True) -> Iterator[Session]:
    """A session to read what is committed: without a transaction, so that one SELECT is one way
    to the database and not three.

    `aside` says that the caller has another one open meanwhile.
    """
    if _Binding.connection is not None:
        with new_session(aside=aside) as session:
            yield session
        return
    pool = side_engine() if aside else engine()
    with Session(pool.execution_options(isolation_level="AUTOCOMMIT")) as session:
        session.info[READS] = True
        yield session


@contextmanager
def transaction(
    actor: str | Principal = SYSTEM, *, why: str | None = None, aside: bool = False
) -> Iterator[Session]:
    """One transaction outside a request, in somebody's name."""
    with new_session(aside=aside) as session:
        act_as(session, actor, why=why)
        yield session


def act_as(
    session: Session,
    actor: str | Principal,
    *,
    why: str | None = None,
    device_at: datetime | None = None,
    request_id: str | None = None,
) -> None:
    """Name who writes; audit triggers refuse a write without a name."""
    session.execute(ACT_AS, _named(actor, why, device_at, request_id))


def act_from_begin(
    session: Session, actor: str | Principal, *, request_id: str | None = None
) -> None:
    """`act_as` for a session that has not asked the database yet: said with its first question."""
    session.info[ACTING] = _named(actor, None, None, request_id)


def _named(
    actor: str | Principal, why: str | None, device_at: datetime | None, request_id: str | None
) -> dict[str, str]:
    return {
        "actor": actor.actor if isinstance(actor, Principal) else actor,
        "why": why or "",
        "device_at": device_at.isoformat() if device_at else "",
        "request_id": request_id or "",
    }


@event.listens_for(Session, "after_begin")
def _say_who_acts(session: Session, begun: SessionTransaction, connection: Connection) -> None:
    if ACTING in session.info and READS not in session.info and not begun.nested:
        connection.execute(ACT_AS, session.info[ACTING])


def present_actor(session: Session) -> str:
    """Who writes in this transaction."""
    name: str | None = session.scalar(text("SELECT current_setting('firstfix.actor', true)"))
    return name or SYSTEM.actor


def because(session: Session, why: str | None, *, device_at: datetime | None = None) -> None:
    """Add the reason (and the device's own time) to the audit rows that follow."""
    session.execute(
        text(
            "SELECT set_config('firstfix.why', :why, true),"
            " set_config('firstfix.device_at', :device_at, true)"
        ),
        {"why": why or "", "device_at": device_at.isoformat() if device_at else ""},
    )


def among(column: InstrumentedAttribute[UUID], ids: Collection[UUID]) -> ColumnElement[bool]:
    """Whether the column is one of these: one parameter, however many ids there are."""
    return column == any_(literal(list(ids), ARRAY(Uuid())))


def among_given(column: InstrumentedAttribute[UUID], name: str) -> ColumnElement[bool]:
    """`among` for a statement that is put together once: the ids are its parameter `name`."""
    return column == any_(bindparam(name, type_=ARRAY(Uuid())))


def noun_of(model: type[Base]) -> str:
    """`work_order` for WorkOrder."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()


def get(session: Session, model: type[R], key: UUID) -> R:
    """The record, or NotFound named after the table."""
    found = session.get(model, key)
    if found is None:
        raise NotFound(noun_of(model), key)
    return found


def write(
    session: Session,
    record: R,
    fields: Mapping[str, Any],
    ensure_sound: Callable[[Session, R], None],
) -> R:
    """Set fields of a new or a stored record and write it, unless `ensure_sound` raises."""
    with session.no_autoflush:
        for name, value in fields.items():
            setattr(record, name, value)
        ensure_sound(session, record)
    session.add(record)
    session.flush()
    return record


@cache
def _locking(model: type[R]) -> Select[R]:
    """Put together once for each table: every write locks something."""
    return (
        select(model)
        .where(among_given(model.id, "ids"))
        .order_by(model.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def locked(session: Session, model: type[R], keys: Collection[UUID]) -> list[R]:
    """Lock rows FOR NO KEY UPDATE in id order and load their present state.

    The one lock order everywhere: technicians, then visits, then offers and holds.
    Raises NotFound when one of them does not exist.
    """
    wanted = sorted(set(keys))
    rows = list(session.scalars(_locking(model), {"ids": wanted}))
    if len(rows) < len(wanted):
        present = {row.id for row in rows}
        raise NotFound(noun_of(model), next(key for key in wanted if key not in present))
    return rows
