"""HTTP for kinds of credentials: read by everybody who works here, written by supervisors."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Path, Response

from dispatch.accounts.access import Manager, Worker
from dispatch.technicians.credential_kinds import queries, service
from dispatch.technicians.credential_kinds.schemas import CredentialKindIn, CredentialKindOut
from dispatch.technicians.models import CredentialKind
from kernel.http import Router, SeenVersion, Session, ensure_version, set_etag

router = Router(prefix="/api/credential-kinds", tags=["technicians"])


@router.get("", response_model=list[CredentialKindOut])
def list_credential_kinds(session: Session, _: Worker) -> Sequence[CredentialKind]:
    return queries.list_kinds(session)


@router.put("/{kind}", response_model=CredentialKindOut)
def describe_credential_kind(
    kind: Annotated[str, Path(pattern="^[a-z][a-z0-9_]{0,59}$")],
    body: CredentialKindIn,
    session: Session,
    response: Response,
    seen: SeenVersion,
    _: Manager,
) -> CredentialKind:
    """Who needs it from now on, and when holders are reminded; `If-Match: "0"` for a new one."""
    known = queries.find_kind(session, kind)
    if known is not None and seen is not None:
        ensure_version(known, seen)
    described = service.describe_kind(session, kind, **body.model_dump())
    set_etag(response, described.version)
    return described
