"""firstfix ingest: readings from the MQTT broker into the database."""

import gc

from iot_ingest import mqtt
from kernel import log
from kernel.settings import settings
from server import registry, wiring

GARBAGE = (10_000, 20, 100)
"""Collections of garbage are this rare: a batch makes thousands of objects that end with it."""


def run(name: str = "") -> None:
    """Take readings in until SIGTERM; `name` tells processes of one machine apart."""
    log.configure(json=settings().log_json)
    registry.load()
    wiring.connect()
    gc.collect()
    gc.freeze()  # what is loaded now stays, and need not be looked through again
    gc.set_threshold(*GARBAGE)
    mqtt.run(settings(), name=name)
