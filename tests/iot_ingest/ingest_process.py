"""Runs ingest as a process of its own, as `firstfix ingest` does."""

from iot_ingest.mqtt import run
from kernel.settings import settings
from server import registry

if __name__ == "__main__":
    registry.load()
    run(settings())
