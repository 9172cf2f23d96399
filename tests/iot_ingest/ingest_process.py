"""Runs ingest as a process of its own, as `firstfix ingest` does.

INGEST_NAME tells several apart; the file INGEST_READY appears once it has subscribed.
"""

import os
import signal
import threading
from pathlib import Path

from iot_ingest.mqtt import MqttIngest
from kernel.settings import settings
from server import registry


def tell(ingest: MqttIngest, file: str) -> None:
    ingest.subscribed.wait()
    Path(file).touch()


if __name__ == "__main__":
    registry.load()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    made = MqttIngest(settings(), name=os.environ.get("INGEST_NAME", ""))
    if ready := os.environ.get("INGEST_READY"):
        threading.Thread(target=tell, args=(made, ready), daemon=True).start()
    made.run_until(stop)
