"""Work types, for the office."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from dispatch.accounts.access import Office, Planner, Worker
from dispatch.work_orders import queries
from dispatch.work_orders.models import WorkType
from dispatch.work_orders.types import service
from dispatch.work_orders.types.schemas import (
    QualificationsShown,
    WorkTypeIn,
    WorkTypeOut,
    WorkTypePatch,
)
from kernel.http import IfMatch, Page, Router, Session, ensure_version, paginate, set_etag
from kernel.shapes import page_of

router = Router(prefix="/api", tags=["work types"])


@router.get("/work-types")
def list_work_types(
    session: Session,
    _: Office,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 200,
) -> Page[WorkTypeOut]:
    statement = queries.select_work_types()
    return page_of(WorkTypeOut, paginate(session, statement, WorkType.id, cursor, limit))


@router.get("/qualifications")
def list_qualifications(session: Session, _: Worker) -> QualificationsShown:
    """What some kind of work asks for: the choices of whoever claims a skill or a credential."""
    skills, credentials = queries.list_qualifications(session)
    return QualificationsShown(skills=skills, credentials=credentials)


@router.post("/work-types", response_model=WorkTypeOut, status_code=201)
def create_work_type(
    body: WorkTypeIn, session: Session, _: Planner, response: Response
) -> WorkType:
    work_type = service.create_work_type(session, **body.model_dump())
    set_etag(response, work_type.version)
    return work_type


@router.get("/work-types/{work_type_id}", response_model=WorkTypeOut)
def get_work_type(work_type_id: UUID, session: Session, _: Office, response: Response) -> WorkType:
    work_type = queries.get_work_type(session, work_type_id)
    set_etag(response, work_type.version)
    return work_type


@router.patch("/work-types/{work_type_id}", response_model=WorkTypeOut)
def edit_work_type(
    work_type_id: UUID,
    body: WorkTypePatch,
    session: Session,
    _: Planner,
    seen: IfMatch,
    response: Response,
) -> WorkType:
    """Orders that exist keep what they were opened with."""
    work_type = queries.get_work_type(session, work_type_id)
    ensure_version(work_type, seen)
    service.edit_work_type(session, work_type, body.changes())
    set_etag(response, work_type.version)
    return work_type
