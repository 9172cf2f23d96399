"""HTTP: what was not stored, what is stored with a mark, and why."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from dispatch.accounts.roles import OFFICE
from iot_ingest.readings import queries
from iot_ingest.readings.models import DeadLetter
from iot_ingest.readings.quality import Drop
from iot_ingest.readings.schemas import DeadLetterOut, DropsOut, MarkOut
from kernel import clock
from kernel.auth import require
from kernel.http import Page, Router, Session, paginate
from kernel.principal import Principal

router = Router(prefix="/api/ingest", tags=["ingest"])

Office = Annotated[Principal, Depends(require(*OFFICE))]


@router.get("/drops")
def list_drops(
    session: Session, office: Office, days: Annotated[int, Query(ge=1, le=400)] = 7
) -> DropsOut:
    since = clock.now(session).date() - timedelta(days=days - 1)
    return DropsOut(days=days, dropped=queries.drops_by_reason(session, since))


@router.get("/dead-letters")
def list_dead_letters(
    session: Session,
    office: Office,
    device_id: UUID | None = None,
    reason: Drop | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[DeadLetterOut]:
    """Messages that were not stored or are marked, as they came, with the reason."""
    found = queries.select_dead_letters(device_id, reason)
    rows, following = paginate(session, found, DeadLetter.id, cursor, limit)
    return Page(items=[_letter(row) for row in rows], next_cursor=following)


@router.get("/marks")
def list_marks(
    session: Session,
    office: Office,
    device_id: UUID,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[MarkOut]:
    """Where a device's readings are not taken at their word; what lasts comes first."""
    found = queries.list_marks(session, device_id, limit)
    return [MarkOut.model_validate(mark) for mark in found]


def _letter(row: DeadLetter) -> DeadLetterOut:
    return DeadLetterOut(
        id=row.id,
        received_at=row.received_at,
        device_id=row.device_id,
        reason=row.reason,
        topic=row.topic,
        payload=row.payload.decode(errors="backslashreplace"),
        size=row.size,
    )
