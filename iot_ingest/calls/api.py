"""HTTP: the customers that must be phoned about an alert."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session as OrmSession

from dispatch.accounts.access import Office
from iot_ingest.calls import service
from iot_ingest.calls.schemas import CallDoneIn, CallTaskOut
from iot_ingest.outreach import queries
from iot_ingest.outreach import service as outreach
from iot_ingest.outreach.lifecycle import CallOutcome
from iot_ingest.outreach.models import CallTask
from kernel.http import Page, Router, Session, paginate

router = Router(prefix="/api/call-tasks", tags=["alerts"])


@router.get("")
def list_call_tasks(
    session: Session,
    _: Office,
    done: bool = False,
    territory_id: UUID | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[CallTaskOut]:
    """Those still to be made, the oldest first; with `done` those that were, the newest first."""
    statement = queries.select_call_tasks(done=done, territory_id=territory_id)
    rows, following = paginate(session, statement, CallTask.id, cursor, limit, newest_first=done)
    return Page(items=_show(session, rows), next_cursor=following)


@router.post("/{call_task_id}/take")
def take_call(session: Session, office: Office, call_task_id: UUID) -> CallTaskOut:
    """For half an hour nobody else phones."""
    return _show(session, [outreach.take_call(session, call_task_id, office.account_id)])[0]


@router.post("/{call_task_id}/done")
def finish_call(session: Session, _: Office, call_task_id: UUID, body: CallDoneIn) -> CallTaskOut:
    """What the customer said, and what follows from it."""
    task = service.finish(session, call_task_id, CallOutcome(body.outcome), body.note)
    return _show(session, [task])[0]


def _show(session: OrmSession, tasks: Sequence[CallTask]) -> list[CallTaskOut]:
    customers = queries.customers_of(session, tasks)
    alerts = queries.alerts_of(session, tasks)
    callers = queries.callers_of(session, tasks)
    columns = CallTask.__table__.columns.keys()
    return [
        CallTaskOut.model_validate(
            {
                **{name: getattr(task, name) for name in columns},
                "customer_name": customers[task.customer_id].name,
                "customer_phone": customers[task.customer_id].phone,
                "danger": alerts[task.alert_id].danger,
                "taken_by_name": callers.get(task.taken_by) if task.taken_by else None,
                "outcomes": service.outcomes_of(task, alerts[task.alert_id]),
            }
        )
        for task in tasks
    ]
