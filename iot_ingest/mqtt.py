"""The MQTT way in: messages are acknowledged to the broker and the device after the commit."""

import json
import queue
import signal
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import exc

from iot_ingest import metrics
from iot_ingest.devices.topics import ALL_READINGS, SHARED_READINGS, ack_topic, device_of
from iot_ingest.intake.service import Ack, Incoming, ingest
from iot_ingest.readings.decoders import own_json
from iot_ingest.readings.messages import DecodedMessage, Undecodable
from iot_ingest.readings.quality import Drop
from kernel.db import transaction
from kernel.failpoints import failpoint
from kernel.log import get_logger
from kernel.settings import Settings

MOST_WAITING = 2_000
LARGEST_BATCH = 500
KEEPALIVE_SECONDS = 60
LONGEST_BACKOFF_SECONDS = 10
PORTS = {"mqtt": 1883, "mqtts": 8883}

log = get_logger(__name__)


class UnsafeBrokerError(RuntimeError):
    """This broker cannot tell devices apart; outside development use one that checks logins and
    keeps each device to its own topics, and set FIRSTFIX_MQTT_PER_DEVICE_ACL."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message as the broker gave it; its `mid` means something on its own connection only."""

    connection: int
    mid: int
    qos: int
    topic: str
    payload: bytes


def run(settings: Settings, *, name: str = "") -> None:
    """Take readings in until SIGTERM or SIGINT. `name` tells processes of one host apart."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    MqttIngest(settings, name=name).run_until(stop)


class MqttIngest:
    """One subscriber with its bounded queue and its one writer to the database."""

    def __init__(self, settings: Settings, *, name: str = "") -> None:
        if settings.environment == "production" and not settings.mqtt_per_device_acl:
            raise UnsafeBrokerError(UnsafeBrokerError.__doc__)
        self._broker_knows_devices = settings.mqtt_per_device_acl
        self._waiting: queue.Queue[Delivery] = queue.Queue(MOST_WAITING)
        self._connection = 0
        self._stop = threading.Event()
        self.subscribed = threading.Event()
        self._client = self._make_client(urlsplit(settings.mqtt_url), name)

    def run_until(self, stop: threading.Event) -> None:
        """Connect, and reconnect whenever the broker goes away, until `stop` is set."""
        self._stop = stop
        self._client.loop_start()
        log.info("ingest started", shared=self._broker_knows_devices)
        try:
            while not stop.is_set():
                batch = self._next_batch()
                if batch:
                    self._store_at_last(batch)
        finally:
            self._client.disconnect()
            self._client.loop_stop()

    def _make_client(self, address: SplitResult, name: str) -> paho.Client:
        # A fixed name brings back the broker's session with whatever was not acknowledged.
        own = f"firstfix-ingest-{socket.gethostname()}-{name}" if self._broker_knows_devices else ""
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=own.rstrip("-") or "firstfix-ingest",
            clean_session=False,
            manual_ack=True,
        )
        client.max_inflight_messages_set(LARGEST_BATCH)
        client.reconnect_delay_set(1, LONGEST_BACKOFF_SECONDS)
        if address.username:
            client.username_pw_set(address.username, address.password)
        if address.scheme == "mqtts":
            client.tls_set()
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = lambda *_: self.subscribed.set()
        client.on_message = self._on_message
        port = address.port or PORTS[address.scheme]
        client.connect_async(address.hostname or "127.0.0.1", port, KEEPALIVE_SECONDS)
        return client

    def _on_connect(self, client: paho.Client, _: Any, __: Any, reason: Any, ___: Any) -> None:
        self._connection += 1
        if reason.is_failure:
            log.error("broker refuses ingest", reason=str(reason))
            return
        # The embedded broker loses its router when a member of a shared subscription leaves.
        topic = SHARED_READINGS if self._broker_knows_devices else ALL_READINGS
        client.subscribe(topic, qos=1)

    def _on_disconnect(self, *_: Any) -> None:
        self._connection += 1
        self.subscribed.clear()

    def _on_message(self, _: Any, __: Any, message: paho.MQTTMessage) -> None:
        """Waits while the queue is full: reading from the broker pauses with it."""
        delivery = Delivery(
            self._connection, message.mid, message.qos, message.topic, bytes(message.payload)
        )
        while not self._stop.is_set():
            try:
                self._waiting.put(delivery, timeout=0.5)
                return
            except queue.Full:
                continue

    def _next_batch(self) -> list[Delivery]:
        """What waits, at most one batch; empty after half a second of silence."""
        batch: list[Delivery] = []
        try:
            batch.append(self._waiting.get(timeout=0.5))
            while len(batch) < LARGEST_BATCH:
                batch.append(self._waiting.get_nowait())
        except queue.Empty:
            pass
        metrics.QUEUE.set(self._waiting.qsize())
        return batch

    def _store_at_last(self, batch: Sequence[Delivery]) -> None:
        """Store a batch, waiting for the database as long as it takes. A message that the
        database refuses is found by halving, counted, and let go, so that it blocks no other.
        """
        backoff = 0.1
        while not self._stop.is_set():
            try:
                self._store(batch)
                return
            except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError) as error:
                log.warning("database away, batch waits", messages=len(batch), error=repr(error))
                self._stop.wait(backoff)
                backoff = min(backoff * 2, LONGEST_BACKOFF_SECONDS)
            except Exception as error:
                self._isolate(batch, error)
                return

    def _isolate(self, batch: Sequence[Delivery], error: Exception) -> None:
        if len(batch) > 1:
            middle = len(batch) // 2
            self._store_at_last(batch[:middle])
            self._store_at_last(batch[middle:])
            return
        log.error("message refused", topic=batch[0].topic, error=repr(error))
        metrics.DROPPED.labels(str(Drop.REFUSED_BY_DATABASE)).inc()
        self._acknowledge(batch, [])

    def _store(self, batch: Sequence[Delivery]) -> None:
        incoming = [incoming_of(item, is_proven=self._broker_knows_devices) for item in batch]
        with metrics.BATCH_SECONDS.time():
            with transaction("ingest") as session:
                outcome = ingest(session, incoming)
                failpoint("ingest.before_commit")
            failpoint("ingest.after_commit")
        self._acknowledge(batch, outcome.acks)

    def _acknowledge(self, batch: Sequence[Delivery], acks: Sequence[Ack]) -> None:
        for delivery in batch:
            if delivery.connection == self._connection:
                self._client.ack(delivery.mid, delivery.qos)
        for ack in acks:
            payload = json.dumps({"boot_id": ack.boot_id, "seq": ack.seq})
            # One that gets lost is made good by the next, or when the device sends again.
            self._client.publish(ack_topic(ack.device_id), payload, qos=0)


def incoming_of(
    delivery: Delivery,
    *,
    is_proven: bool,
    decode: Callable[[bytes], DecodedMessage] = own_json.decode,
) -> Incoming:
    """The delivery as the pipeline takes it; the topic says which device speaks."""
    try:
        message = decode(delivery.payload)
    except Undecodable:
        message = None
    return Incoming(device_of(delivery.topic), message, is_proven)
