"""When decisions are taken."""

from sqlalchemy.orm import Session

from iot_ingest.decisions import service, silence
from iot_ingest.events import (
    AlertAnswerDue,
    AlertCleared,
    AlertEscalated,
    AlertForetoldAnew,
    AlertOpened,
    AlertQuietEnded,
    AlertRetestDue,
)
from kernel.jobs import on


@on(AlertOpened, name="decisions.decide", queue="critical")
def decide(session: Session, event: AlertOpened) -> None:
    service.decide(session, event.alert_id)


@on(AlertEscalated, name="decisions.decide_again", queue="critical")
def decide_again(session: Session, event: AlertEscalated) -> None:
    service.decide(session, event.alert_id)


@on(AlertForetoldAnew, name="decisions.follow_forecast")
def follow_forecast(session: Session, event: AlertForetoldAnew) -> None:
    service.follow_forecast(session, event.alert_id)


@on(AlertQuietEnded, name="decisions.decide_after_quiet")
def decide_after_quiet(session: Session, event: AlertQuietEnded) -> None:
    service.decide(session, event.alert_id)


@on(AlertRetestDue, name="decisions.retest", queue="critical")
def retest(session: Session, event: AlertRetestDue) -> None:
    service.retest(session, event.alert_id)


@on(AlertCleared, name="decisions.release_inhibited")
def release_inhibited(session: Session, event: AlertCleared) -> None:
    service.release_inhibited(session, event.alert_id)


@on(AlertAnswerDue, name="decisions.act_on_silence")
def act_on_silence(session: Session, event: AlertAnswerDue) -> None:
    silence.act_on_silence(session, event.alert_id)
