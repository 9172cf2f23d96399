"""HTTP for the fairness report."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response

from dispatch.accounts.roles import PLANNERS
from dispatch.technicians.models import Technician
from kernel.auth import require
from kernel.db import get
from kernel.http import Router, Session
from kernel.principal import Principal
from marketplace.fairness import service, views
from marketplace.fairness.schemas import ConsiderationShown, FairnessShown

Planner = Annotated[Principal, Depends(require(*PLANNERS))]

router = Router(prefix="/api", tags=["trust"])


@router.get("/fairness")
def get_report(session: Session, _: Planner) -> FairnessShown:
    """Offers and earnings of each person against an equal share, over the window of the rules."""
    return views.report_shown(service.report(session))


@router.get("/fairness.csv", response_class=Response)
def get_report_as_csv(session: Session, _: Planner) -> Response:
    """The same as CSV."""
    headers = {"Content-Disposition": 'attachment; filename="fairness.csv"'}
    text = service.as_csv(service.report(session))
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/fairness/{technician_id}/considerations")
def list_considerations(
    technician_id: UUID,
    session: Session,
    _: Planner,
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[ConsiderationShown]:
    """Each time somebody was thought of within the window: asked, or why not; newest first, those
    with a lower id than `before`."""
    get(session, Technician, technician_id)
    return views.considerations(session, technician_id, limit, before)
