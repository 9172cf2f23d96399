"""Health, readiness, metrics and the live stream."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import StreamingResponse

from dispatch.accounts.roles import CUSTOMER, FIELD, OFFICE
from kernel import clock
from kernel.auth import Anybody, require
from kernel.credentials import session_is_open
from kernel.db import new_session
from kernel.errors import Forbidden, Unavailable
from kernel.http import Schema, Session
from kernel.principal import Principal
from kernel.stream import Hub, sees
from server import migrate

router = APIRouter(tags=["operations"])
hub = Hub()
WORDS_OF_STAFF = frozenset({"reason", "cancelled_by"})
"""What people in the office and the field write for each other; customers see none of it."""
Streamed = Annotated[Principal, Depends(require(*OFFICE, *FIELD, CUSTOMER))]


class Health(Schema):
    status: str


@router.get("/health")
def health(caller: Anybody) -> Health:
    """The process answers."""
    return Health(status="ok")


@router.get("/ready")
def ready(caller: Anybody) -> Health:
    """The database is there and has the schema this code expects."""
    if not migrate.is_current():
        raise Unavailable("The database schema is not current.", code="schema_not_current")
    return Health(status="ready")


@router.get("/metrics", response_class=Response)
def metrics(caller: Anybody) -> Response:
    """Prometheus figures of this process."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


class Clock(Schema):
    """Business time and how fast it runs, so that countdowns on screens are right."""

    now: datetime
    rate: float


@router.get("/api/clock")
def read_clock(caller: Anybody, session: Session) -> Clock:
    """What time it is for the business."""
    return Clock(now=clock.now(session), rate=clock.rate(session))


@router.get("/api/stream", response_class=StreamingResponse)
def stream(
    request: Request,
    caller: Streamed,
    territory_id: UUID | None = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """Live events as server-sent events; resumes after the Last-Event-ID header."""
    if caller.has(*OFFICE):
        allowed = sees(everything=True, territory_id=territory_id)
    elif caller.has(*FIELD) and caller.subject_id:
        allowed = sees(technician_id=caller.subject_id)
    elif caller.has(CUSTOMER) and caller.subject_id:
        allowed = sees(customer_id=caller.subject_id, only_record=caller.only_record)
    else:
        raise Forbidden("Your role has no live stream.")
    session_id: UUID | None = request.state.auth_session_id

    def is_open() -> bool:
        if session_id is None:
            return True
        with new_session() as session:
            return session_is_open(session, session_id)

    without = frozenset[str]() if caller.has(*OFFICE, *FIELD) else WORDS_OF_STAFF
    events: AsyncIterator[str] = hub.subscribe(allowed, is_open, last_event_id, without=without)
    return StreamingResponse(
        events, media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )
