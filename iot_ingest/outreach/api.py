"""HTTP: the customers that must be phoned about an alert."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from dispatch.accounts.roles import OFFICE
from iot_ingest.outreach import queries, service
from iot_ingest.outreach.models import CallTask
from iot_ingest.outreach.schemas import CallDoneIn, CallTaskOut
from kernel.auth import require
from kernel.http import Page, Router, Session, paginate
from kernel.principal import Principal

router = Router(prefix="/api/call-tasks", tags=["alerts"])

Office = Annotated[Principal, Depends(require(*OFFICE))]


@router.get("")
def list_call_tasks(
    session: Session,
    office: Office,
    done: bool = False,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[CallTaskOut]:
    statement = queries.select_call_tasks(done=done)
    rows, following = paginate(session, statement, CallTask.id, cursor, limit)
    return Page(items=[CallTaskOut.model_validate(row) for row in rows], next_cursor=following)


@router.post("/{call_task_id}/done")
def finish_call(
    session: Session, office: Office, call_task_id: UUID, body: CallDoneIn
) -> CallTaskOut:
    return CallTaskOut.model_validate(service.finish_call(session, call_task_id, body.note))
