"""What ends stand-bys by itself: time, and that somebody may not be given work any more."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.events import CredentialEnded, TechnicianSuspended
from kernel.jobs import every, on
from marketplace.stand_bys import service


@every(timedelta(minutes=1), name="marketplace.settle_stand_bys")
def settle_due(session: Session, due_at: datetime) -> None:
    service.settle_due(session)


@on(TechnicianSuspended, name="marketplace.revoke_stand_bys_after_suspension")
@on(CredentialEnded, name="marketplace.revoke_stand_bys_after_credential")
def revoke(session: Session, event: TechnicianSuspended | CredentialEnded) -> None:
    assert event.technician_id is not None
    service.revoke_of(session, event.technician_id)
