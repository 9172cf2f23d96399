"""The call with which a phone says where it is."""

from kernel.http import Router, Session
from mobile_api.technician import service
from mobile_api.technician.access import FieldId
from mobile_api.technician.schemas import Position, PositionTaken

# A position replaces the one before, so sending it twice does no harm and no reply need be kept.
router = Router(prefix="/api/technician", tags=["technician"], idempotent=False)


@router.post("/position")
def report_position(wanted: Position, technician_id: FieldId, session: Session) -> PositionTaken:
    """Where the phone is; refused while off duty."""
    service.record_position(
        session, technician_id, wanted.latitude, wanted.longitude, wanted.accuracy_m
    )
    return PositionTaken()
