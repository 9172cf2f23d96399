"""HTTP: devices deliver their readings in batches."""

from iot_ingest.devices.api import CurrentDevice
from iot_ingest.intake import service
from iot_ingest.intake.schemas import BatchIn, IngestOut
from iot_ingest.intake.service import Incoming
from iot_ingest.readings.decoders import own_json
from iot_ingest.readings.messages import DecodedMessage, Undecodable
from kernel.errors import Invalid
from kernel.http import Router, Session

# Messages carry their own identity, so a repeated batch is harmless without an Idempotency-Key.
PATH = "/api/ingest/readings"
router = Router(prefix="/api/ingest", tags=["ingest"], idempotent=False)


@router.post("/readings")
def ingest_readings(session: Session, device: CurrentDevice, body: BatchIn) -> IngestOut:
    messages = _decoded(body)
    outcome = service.ingest(
        session, [Incoming(device.id, message, is_proven=True, topic=PATH) for message in messages]
    )
    boot_id = messages[-1].boot_id
    acked = next((ack.seq for ack in outcome.acks if ack.boot_id == boot_id), -1)
    return IngestOut(
        boot_id=boot_id,
        highest_seq=acked,
        accepted=outcome.accepted,
        dropped={str(reason): times for reason, times in outcome.dropped.items()},
        marked={str(reason): times for reason, times in outcome.marked.items()},
    )


def _decoded(body: BatchIn) -> list[DecodedMessage]:
    try:
        return [own_json.from_object(message) for message in body.all_messages()]
    except Undecodable as error:
        raise Invalid(str(error), code="undecodable") from error
