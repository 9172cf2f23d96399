"""Which facts technicians and freelancers hear about themselves."""

from sqlalchemy.orm import Session

from dispatch.events import (
    CredentialEnded,
    CredentialEnding,
    TechnicianReinstated,
    TechnicianSuspended,
)
from dispatch.messaging.field_notices import service
from kernel.jobs import on


@on(CredentialEnding, name="messaging.remind_of_credential")
def remind_of_credential(session: Session, event: CredentialEnding) -> None:
    values = {"days": event.days}
    service.tell_of_credential(session, event.credential_id, "credential_ending", values)


@on(CredentialEnded, name="messaging.tell_credential_ended")
def tell_credential_ended(session: Session, event: CredentialEnded) -> None:
    service.tell_of_credential(session, event.credential_id, "credential_ended", {})


@on(TechnicianSuspended, name="messaging.tell_suspended")
def tell_suspended(session: Session, event: TechnicianSuspended) -> None:
    service.tell_of_suspension(session, event.suspension_id, "suspended")


@on(TechnicianReinstated, name="messaging.tell_reinstated")
def tell_reinstated(session: Session, event: TechnicianReinstated) -> None:
    service.tell_of_suspension(session, event.suspension_id, "reinstated")
