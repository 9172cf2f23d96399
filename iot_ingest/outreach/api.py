"""HTTP: the customers that must be phoned about an alert."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy.orm import Session as OrmSession

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
    territory_id: UUID | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[CallTaskOut]:
    statement = queries.select_call_tasks(done=done, territory_id=territory_id)
    rows, following = paginate(session, statement, CallTask.id, cursor, limit)
    return Page(items=_show(session, rows), next_cursor=following)


@router.post("/{call_task_id}/done")
def finish_call(
    session: Session, office: Office, call_task_id: UUID, body: CallDoneIn
) -> CallTaskOut:
    return _show(session, [service.finish_call(session, call_task_id, body.note)])[0]


def _show(session: OrmSession, tasks: Sequence[CallTask]) -> list[CallTaskOut]:
    customers = queries.customers_of(session, tasks)
    columns = CallTask.__table__.columns.keys()
    return [
        CallTaskOut.model_validate(
            {
                **{name: getattr(task, name) for name in columns},
                "customer_name": customers[task.customer_id].name,
                "customer_phone": customers[task.customer_id].phone,
            }
        )
        for task in tasks
    ]
