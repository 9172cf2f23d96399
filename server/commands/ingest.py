"""firstfix ingest: readings from the MQTT broker into the database."""

from iot_ingest import mqtt
from kernel import log
from kernel.settings import settings
from server import registry, wiring


def run(name: str = "") -> None:
    """Take readings in until SIGTERM; `name` tells processes of one machine apart."""
    log.configure(json=settings().log_json)
    registry.load()
    wiring.connect()
    mqtt.run(settings(), name=name)
