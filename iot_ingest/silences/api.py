"""HTTP: silences, maintenance windows and inhibitions."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from dispatch.accounts.access import Manager, Office, Planner
from iot_ingest.silences import queries, service
from iot_ingest.silences.models import Silence
from iot_ingest.silences.schemas import InhibitionIn, InhibitionOut, SilenceIn, SilenceOut
from kernel import clock
from kernel.http import Page, Router, Session, paginate

router = Router(prefix="/api", tags=["alerts"])


@router.get("/silences")
def list_silences(
    session: Session,
    _: Office,
    ended: bool = False,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[SilenceOut]:
    """Those that have not ended; with `ended` all of them."""
    statement = queries.select_silences(None if ended else clock.now(session))
    rows, following = paginate(session, statement, Silence.id, cursor, limit)
    return Page(items=[SilenceOut.model_validate(row) for row in rows], next_cursor=following)


@router.post("/silences", status_code=201)
def make_silence(session: Session, _: Planner, body: SilenceIn) -> SilenceOut:
    return SilenceOut.model_validate(service.silence(session, body.model_dump()))


@router.post("/silences/{silence_id}/end")
def end_silence(session: Session, _: Planner, silence_id: UUID) -> SilenceOut:
    return SilenceOut.model_validate(service.end(session, silence_id))


@router.get("/inhibitions")
def list_inhibitions(session: Session, _: Office) -> list[InhibitionOut]:
    return [InhibitionOut.model_validate(row) for row in queries.list_inhibitions(session)]


@router.post("/inhibitions", status_code=201)
def make_inhibition(session: Session, _: Manager, body: InhibitionIn) -> InhibitionOut:
    return InhibitionOut.model_validate(service.inhibit(session, body.model_dump()))


@router.delete("/inhibitions/{inhibition_id}", status_code=204)
def lift_inhibition(session: Session, _: Manager, inhibition_id: UUID) -> None:
    service.lift(session, inhibition_id)
