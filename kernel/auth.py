"""Who may call an operation; every route declares it with one of these dependencies."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute

from kernel import log
from kernel.credentials import read_access, session_is_open
from kernel.db import act_from_begin
from kernel.errors import Forbidden, Unauthenticated
from kernel.http import SAFE, Session, begin_write
from kernel.principal import ANYBODY, Principal

Check = Callable[..., Awaitable[Principal]]


def require(*roles: str) -> Check:
    """Only principals with one of `roles`; Unauthenticated 401, Forbidden 403 otherwise."""
    return _declare(frozenset(roles), optional=False)


def signed_in() -> Check:
    """Any signed-in principal."""
    return _declare(None, optional=False)


def anybody() -> Check:
    """Everybody; gives the principal when there is one."""
    return _declare(None, optional=True)


def _declare(roles: frozenset[str] | None, *, optional: bool) -> Check:
    def admit(
        request: Request, session: Session, principal: Principal, session_id: UUID | None
    ) -> None:
        if session_id is not None and not session_is_open(session, session_id):
            raise Unauthenticated("This sign-in has ended.", code="session_closed")
        if roles is not None and not principal.has(*roles):
            raise Forbidden("Your role may not do this.", needed=sorted(roles))
        begin_write(request, session, principal.actor)

    async def check(
        request: Request,
        session: Session,
        authorization: Annotated[str | None, Header()] = None,
    ) -> Principal:
        principal, session_id = _read(authorization, optional=optional)
        request.state.auth_session_id = session_id
        act_from_begin(session, principal, request_id=log.current().get("request_id"))
        asked = (request, session, principal, session_id)
        if session_id is None and request.method in SAFE:
            admit(*asked)  # needs no database, so no thread
        else:
            await run_in_threadpool(admit, *asked)
        return principal

    check.declared_roles = roles  # type: ignore[attr-defined]  # a mark on a function
    check.declared_public = optional  # type: ignore[attr-defined]  # a mark on a function
    return check


def _read(authorization: str | None, *, optional: bool) -> tuple[Principal, UUID | None]:
    if authorization is None and optional:
        return ANYBODY, None
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("Please sign in.")
    return read_access(token)


def declared_access(route: APIRoute) -> Check | None:
    """The access dependency of a route, or None when it declares nothing."""
    pending = list(route.dependant.dependencies)
    while pending:
        dependant = pending.pop()
        if hasattr(dependant.call, "declared_public"):
            return dependant.call
        pending += dependant.dependencies
    return None


Anybody = Annotated[Principal, Depends(anybody())]
SignedIn = Annotated[Principal, Depends(signed_in())]
