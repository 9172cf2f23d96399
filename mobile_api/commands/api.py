"""The one call with which a phone hands in what it did offline."""

from kernel.http import Router, Session
from mobile_api.commands import service
from mobile_api.commands.schemas import Batch, BatchReply
from mobile_api.technician.access import FieldId

# Commands carry their own sequence numbers and are applied once whatever is sent again.
router = Router(prefix="/api/technician", tags=["technician"], idempotent=False)


@router.post("/commands", response_model=BatchReply)
def send_commands(batch: Batch, technician_id: FieldId, session: Session) -> service.Reply:
    """Hand in offline commands; each is answered by itself, refused ones explained."""
    return service.apply_batch(session, technician_id, batch.device_id, batch.commands)
