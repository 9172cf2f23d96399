"""HTTP: the decision table."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from dispatch.accounts.access import Manager, Office
from iot_ingest.playbooks import queries, service
from iot_ingest.playbooks.models import Playbook
from iot_ingest.playbooks.schemas import PlaybookIn, PlaybookOut
from kernel.db import get
from kernel.http import IfMatch, Page, Router, Session, ensure_version, paginate, set_etag

router = Router(prefix="/api/playbooks", tags=["rules"])


@router.get("")
def list_playbooks(
    session: Session,
    _: Office,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[PlaybookOut]:
    rows, following = paginate(session, queries.select_playbooks(), Playbook.id, cursor, limit)
    return Page(items=[PlaybookOut.model_validate(row) for row in rows], next_cursor=following)


@router.post("", status_code=201)
def write_playbook(
    session: Session, _: Manager, body: PlaybookIn, response: Response
) -> PlaybookOut:
    return _answer(service.write(session, body.model_dump()), response)


@router.put("/{playbook_id}")
def rewrite_playbook(
    session: Session,
    _: Manager,
    playbook_id: UUID,
    if_match: IfMatch,
    body: PlaybookIn,
    response: Response,
) -> PlaybookOut:
    playbook = get(session, Playbook, playbook_id)
    ensure_version(playbook, if_match)
    return _answer(service.rewrite(session, playbook, body.model_dump()), response)


@router.delete("/{playbook_id}", status_code=204)
def drop_playbook(session: Session, _: Manager, playbook_id: UUID) -> None:
    service.drop(session, playbook_id)


def _answer(playbook: Playbook, response: Response) -> PlaybookOut:
    set_etag(response, playbook.version)
    return PlaybookOut.model_validate(playbook)
