"""The HTTP manners of every endpoint: problems, sessions, retries, pages, versions."""

import base64
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from anyio import CancelScope, CapacityLimiter, fail_after, to_thread
from anyio.lowlevel import RunVar
from fastapi import APIRouter, Depends, FastAPI, Header, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Select, exc, text
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column
from sqlalchemy.orm import Session as OrmSession
from sqlalchemy.orm.exc import StaleDataError
from starlette.routing import Match
from starlette.types import Scope

from kernel.db import READS, Base, Record, new_session, reading
from kernel.errors import Conflict, DomainError, Invalid, PreconditionRequired, Stale, Unavailable
from kernel.log import current
from kernel.settings import settings

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
SAFE = {"GET", "HEAD", "OPTIONS"}
PROBLEM = "application/problem+json"
PATIENCE_SECONDS = 10.0


class Schema(BaseModel):
    """Base of every request and response shape."""

    model_config = ConfigDict(from_attributes=True, extra="ignore")


class RequestSchema(Schema):
    """Base of request shapes: a field nobody knows is an error, not silence."""

    model_config = ConfigDict(from_attributes=True, extra="forbid", str_strip_whitespace=True)


class Turns:
    """A dependency that lets so many requests of this process be at work at once.

    The others wait in the order in which they came. Raises Unavailable after `PATIENCE_SECONDS`.
    """

    def __init__(self, name: str, most: Callable[[], int]) -> None:
        self._most = most
        self._limiter: RunVar[CapacityLimiter] = RunVar(name)
        """One for each event loop."""

    async def __call__(self) -> AsyncIterator[None]:
        limiter = self._limiter.get(None)
        if limiter is None:
            limiter = CapacityLimiter(self._most())
            self._limiter.set(limiter)
        borrower = object()
        try:
            with fail_after(PATIENCE_SECONDS):
                await limiter.acquire_on_behalf_of(borrower)
        except TimeoutError:
            raise Unavailable("Too many ask at once. Try again in a moment.", code="busy") from None
        try:
            yield
        finally:
            limiter.release_on_behalf_of(borrower)


take_place = Turns("places", lambda: settings().pool_size)
"""Wait until fewer requests are at work than there are connections.

Between its dependencies and its endpoint a request has a connection but no thread. Were more of
them let in, all threads could wait for the connections of those that wait for a thread.
"""


async def request_session(
    request: Request, _: Annotated[None, Depends(take_place, scope="function")]
) -> AsyncIterator[OrmSession]:
    """The session of a request: opened without a thread, as that asks nobody; ended in one that
    other requests cannot keep from it, or without one where nothing is to be committed."""
    reads = getattr(request.scope.get("endpoint"), READS, False)
    opened = reading(aside=False) if reads else new_session()
    request.state.session = session = opened.__enter__()
    try:
        yield session
    except BaseException as error:
        await _end(opened, reads, type(error), error, error.__traceback__)
        raise
    await _end(opened, reads, None, None, None)


async def _end(opened: AbstractContextManager[OrmSession], reads: bool, *why: Any) -> None:
    if reads:
        opened.__exit__(*why)
        return
    with CancelScope(shield=True):
        await to_thread.run_sync(opened.__exit__, *why, limiter=CapacityLimiter(1))


Session = Annotated[OrmSession, Depends(request_session, scope="function")]


def only_reads(endpoint: F) -> F:
    """Mark an endpoint that writes nothing: the database is asked without a transaction, once for
    each question and not three times for the first."""
    setattr(endpoint, READS, True)
    return endpoint


class Reply(Base):
    """What an idempotent write answered, kept for retries of the same actor and key."""

    __tablename__ = "idempotent_reply"

    actor: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    status: Mapped[int]
    body: Mapped[str]
    headers: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))


class ReplayReply(Exception):
    def __init__(self, reply: Reply) -> None:
        self.reply = reply


class IdempotentRoute(APIRoute):
    """A route whose writes answer a repeated key with the stored reply (RFC draft Idempotency-Key).

    `begin_write` looks the key up once the actor is known; the reply is stored in the
    transaction of the effect, before it commits. Refusals roll back and store nothing.
    """

    idempotent = True

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        original = super().get_route_handler()

        async def handle(request: Request) -> Response:
            if request.method in SAFE:
                return await original(request)
            body = await request.body()
            request.state.fingerprint = hashlib.sha256(
                f"{request.method} {request.url.path}?{request.url.query}\n".encode() + body
            ).hexdigest()
            response = await original(request)
            if getattr(request.state, "reply_key", None):
                await run_in_threadpool(_store_reply, request, response)
            return response

        return handle


class Router(APIRouter):
    """Writes are safe to retry; `idempotent=False` where requests dedup by themselves."""

    def __init__(self, *, idempotent: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs, route_class=IdempotentRoute if idempotent else APIRoute)

    @cached_property
    def _starts(self) -> tuple[str, ...]:
        """How the paths of its routes start, all of which are there before the first request."""
        return tuple({getattr(route, "path", "").partition("{")[0] for route in self.routes})

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Each request asks every router; to try all their paths took a fifth of a quick answer."""
        path = str(scope["path"]).removeprefix(scope.get("root_path", ""))
        return super().matches(scope) if path.startswith(self._starts) else (Match.NONE, {})


def begin_write(request: Request, session: OrmSession, actor: str) -> None:
    """Take the key of this write, or raise what its state asks for.

    PreconditionRequired 428 without a key, Conflict 409 while the first try is in flight,
    Invalid 422 for another payload under the same key, ReplayReply when it was answered before.
    """
    fingerprint = getattr(request.state, "fingerprint", None)
    if request.method in SAFE or fingerprint is None:
        return
    key = request.headers.get("idempotency-key", "")
    if not key or len(key) > 200:
        raise PreconditionRequired(
            "Send an Idempotency-Key header (any unique text up to 200 characters).",
            code="idempotency_key_required",
        )
    lock = int.from_bytes(hashlib.sha256(f"{actor}\n{key}".encode()).digest()[:8], signed=True)
    if not session.execute(
        text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": lock}
    ).scalar_one():
        raise Conflict("The same request is being worked on.", code="request_in_flight")
    reply = session.get(Reply, (actor, key))
    if reply is None:
        request.state.reply_key = (actor, key)
        return
    if reply.fingerprint != fingerprint:
        raise Invalid(
            "This Idempotency-Key was used for another request.", code="idempotency_key_reused"
        )
    session.expunge(reply)
    raise ReplayReply(reply)


def _store_reply(request: Request, response: Response) -> None:
    actor, key = request.state.reply_key
    session: OrmSession = request.state.session
    session.add(
        Reply(
            actor=actor,
            key=key,
            fingerprint=request.state.fingerprint,
            status=response.status_code,
            body=bytes(response.body).decode(),
            headers={
                name: value
                for name, value in response.headers.items()
                if name in ("etag", "location", "content-type")
            },
        )
    )
    session.flush()


class Page(Schema, Generic[T]):
    """Part of a list; `next_cursor` asks for what follows, none at the end."""

    items: list[T]
    next_cursor: str | None = None


def paginate(
    session: OrmSession,
    statement: Select[Any],
    key: InstrumentedAttribute[UUID],
    cursor: str | None,
    limit: int = 50,
    *,
    newest_first: bool = False,
) -> tuple[Sequence[Any], str | None]:
    """One page of `statement` by keyset on `key` (uuidv7 ids are in order of creation)."""
    if cursor:
        after = read_cursor(cursor)
        statement = statement.where(key < after if newest_first else key > after)
    statement = statement.order_by(key.desc() if newest_first else key).limit(limit + 1)
    rows = session.scalars(statement).all()
    more = len(rows) > limit
    rows = rows[:limit]
    return rows, make_cursor(getattr(rows[-1], key.key)) if more else None


def make_cursor(key: UUID) -> str:
    return base64.urlsafe_b64encode(key.bytes).decode().rstrip("=")


def read_cursor(cursor: str) -> UUID:
    try:
        return UUID(bytes=base64.urlsafe_b64decode(cursor + "=="))
    except ValueError:
        raise Invalid("This cursor is not one of ours.", code="cursor_invalid") from None


def set_etag(response: Response, version: int) -> None:
    response.headers["ETag"] = f'"{version}"'


def if_match(if_match: Annotated[str | None, Header()] = None) -> int:
    """The version that the caller saw."""
    if if_match is None:
        raise PreconditionRequired("Send the ETag you saw as If-Match.", code="if_match_required")
    digits = if_match.removeprefix("W/").strip('"')
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise Invalid("If-Match must be an ETag of this record.", code="if_match_invalid")
    return int(digits)


IfMatch = Annotated[int, Depends(if_match)]


def seen_version(
    if_match_header: Annotated[str | None, Header(alias="If-Match")] = None,
) -> int | None:
    """None without If-Match: then the present version is taken as seen."""
    return None if if_match_header is None else if_match(if_match_header)


SeenVersion = Annotated[int | None, Depends(seen_version)]


def ensure_version(record: Record, version: int) -> None:
    if record.version != version:
        raise Stale(
            "Somebody else changed this meanwhile. Look at it again.",
            seen=version,
            present=record.version,
        )


def install_problems(app: FastAPI) -> None:
    """Have every refusal answered as application/problem+json (RFC 9457) with a stable code."""

    def problem(status: int, code: str, detail: str, facts: dict[str, Any]) -> Response:
        body = {"type": "about:blank", "status": status, "code": code, "detail": detail, **facts}
        request_id = current().get("request_id")
        if request_id:
            body["request_id"] = request_id
        headers = {"Retry-After": str(facts.get("retry_after_seconds", 1))}
        return JSONResponse(
            json.loads(json.dumps(body, default=str)),
            status,
            headers=headers if status in (429, 503) else None,
            media_type=PROBLEM,
        )

    def refused(_: Request, error: Exception) -> Response:
        assert isinstance(error, DomainError)
        return problem(error.status, error.code, error.message, error.facts)

    def malformed(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        errors = [
            {"field": ".".join(str(part) for part in e["loc"][1:]), "message": e["msg"]}
            for e in error.errors()
        ]
        detail = "; ".join(f"{e['field']}: {e['message']}" for e in errors[:3])
        return problem(422, "malformed", detail or "The request is malformed.", {"errors": errors})

    def replayed(_: Request, error: Exception) -> Response:
        assert isinstance(error, ReplayReply)
        reply = error.reply
        return Response(reply.body, reply.status, {**reply.headers, "Idempotency-Replayed": "true"})

    def database(request: Request, error: Exception) -> Response:
        return refused(request, _as_domain_error(error))

    app.add_exception_handler(DomainError, refused)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(ReplayReply, replayed)
    app.add_exception_handler(exc.SQLAlchemyError, database)


_BY_SQLSTATE: dict[str, Callable[[str], DomainError]] = {
    "23505": lambda _: Conflict("This exists already.", code="duplicate"),
    "23P01": lambda _: Conflict("This time is taken.", code="time_taken"),
    "23503": lambda _: Invalid("This refers to something that does not exist.", code="reference"),
    "23514": lambda _: Invalid("A value is outside what is allowed.", code="out_of_range"),
    "22003": lambda _: Invalid("A number is too large.", code="out_of_range"),
    "22P05": lambda _: Invalid("A text holds a character that cannot be stored.", code="text"),
    "22021": lambda _: Invalid("A text holds a character that cannot be stored.", code="text"),
    "54000": lambda _: Invalid("A text is too long to be looked up.", code="out_of_range"),
    "22008": lambda _: Invalid("A time is outside what can be stored.", code="out_of_range"),
    "FF001": lambda words: Conflict(words, code="illegal_move"),
    "FF006": lambda words: Conflict(words, code="taker_barred"),
}


def _as_domain_error(error: Exception) -> DomainError:
    if isinstance(error, StaleDataError):
        return Stale("Somebody else changed this meanwhile. Look at it again.")
    origin = getattr(error, "orig", None)
    known = _BY_SQLSTATE.get(getattr(origin, "sqlstate", None) or "")
    if known is not None:
        return known(str(getattr(getattr(origin, "diag", None), "message_primary", "")))
    if isinstance(error, exc.DataError) or "NUL" in str(origin):
        return Invalid("A value cannot be stored.", code="value")
    if isinstance(error, exc.OperationalError | exc.TimeoutError | exc.DBAPIError):
        return Unavailable("The database is busy or away. Try again.", code="database_unavailable")
    raise error


def operations_of(app: FastAPI) -> list[tuple[str, str, APIRoute]]:
    """(method, path, route) of every operation, those of included routers too."""
    return [
        (method, str(context.path), context.original_route)
        for context in iter_route_contexts(app.routes)
        if isinstance(context.original_route, APIRoute)
        for method in sorted(context.original_route.methods or ())
    ]
