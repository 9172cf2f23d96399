"""HTTP: how good rules and models are, and which machines fail most."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from dispatch.accounts.access import Office
from iot_ingest.learning import queries, radar
from iot_ingest.learning.queries import TrackRecord
from iot_ingest.learning.schemas import DefectsOut, TallyOut, TrackRecordOut, WeekOfVerdictsOut
from kernel.http import Router, Session

router = Router(prefix="/api", tags=["learning"])

Months = Annotated[int, Query(ge=1, le=120)]


@router.get("/track-records")
def list_track_records(
    session: Session, _: Office, rule_id: Annotated[list[UUID] | None, Query()] = None
) -> list[TrackRecordOut]:
    return [_show(record) for record in queries.track_records(session, rule_id or ())]


@router.get("/defects")
def list_defects(
    session: Session, _: Office, by: radar.By = "model", months: Months = 24
) -> list[DefectsOut]:
    return [DefectsOut.model_validate(found) for found in radar.defects(session, by, months)]


@router.get("/defects.csv", response_class=Response)
def export_defects(
    session: Session, _: Office, by: radar.By = "batch", months: Months = 24
) -> Response:
    """For the product team: groups and their bands of age."""
    text = radar.as_csv(radar.defects(session, by, months))
    headers = {"Content-Disposition": 'attachment; filename="defects.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def _show(record: TrackRecord) -> TrackRecordOut:
    rule = record.rule
    return TrackRecordOut(
        rule_id=rule.id,
        rule_name=rule.name,
        model_name=rule.model_name,
        fault_class=rule.fault_class,
        standing=rule.standing,
        standing_reason=rule.standing_reason,
        precision_floor=rule.precision_floor,
        tally=TallyOut.model_validate(record.tally),
        lead_p50=record.lead_p50,
        lead_p10=record.lead_p10,
        alerts_this_week=record.alerts_this_week,
        weekly_budget=rule.weekly_budget,
        weeks=[WeekOfVerdictsOut.model_validate(week) for week in record.weeks],
    )
