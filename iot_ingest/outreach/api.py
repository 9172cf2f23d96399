"""HTTP: what follows a question that nobody answers, and how far an alert has come."""

from collections.abc import Sequence
from uuid import UUID

from dispatch.accounts.access import Admin, Office
from iot_ingest.alerts.models import Alert
from iot_ingest.outreach import ladders, queries
from iot_ingest.outreach.lifecycle import Step
from iot_ingest.outreach.schemas import AnswerStepOut, LadderIn, LadderOut, LadderStepOut
from iot_ingest.rules.lifecycle import Danger
from kernel.db import get
from kernel.http import Router, Session

router = Router(prefix="/api", tags=["alerts"])


@router.get("/answer-ladders")
def list_answer_ladders(session: Session, _: Office) -> list[LadderOut]:
    """In force now, of every danger."""
    return [_show(danger, steps) for danger, steps in queries.ladders_in_force(session).items()]


@router.post("/answer-ladders", status_code=201)
def set_answer_ladder(session: Session, _: Admin, body: LadderIn) -> LadderOut:
    """For alerts asked about from now on."""
    wanted = [Step(step.kind, step.wait_percent) for step in body.steps]
    ladders.set_ladder(session, body.danger, wanted)
    return _show(body.danger, wanted)


@router.get("/alerts/{alert_id}/answer-steps")
def list_answer_steps(session: Session, _: Office, alert_id: UUID) -> list[AnswerStepOut]:
    alert = get(session, Alert, alert_id)
    return [AnswerStepOut.model_validate(step) for step in queries.list_steps(session, alert.id)]


def _show(danger: Danger, steps: Sequence[Step]) -> LadderOut:
    told = [LadderStepOut(kind=step.kind, wait_percent=step.wait_percent) for step in steps]
    return LadderOut(danger=danger, steps=told)
