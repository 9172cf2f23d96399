"""The MQTT way in: messages are acknowledged to the broker and the device after the commit."""

import signal
import socket
import threading
import time
from collections.abc import Sequence

import msgspec
from psycopg.errors import QueryCanceled
from sqlalchemy import exc

from iot_ingest import metrics
from iot_ingest.broker.connection import Connection, Delivery
from iot_ingest.devices.topics import SUBSCRIPTIONS, ack_topic, shared
from iot_ingest.inbound import read
from iot_ingest.intake.service import Ack, ingest
from iot_ingest.readings.quality import Drop
from iot_ingest.remote_commands import service as commands
from kernel.db import transaction
from kernel.failpoints import failpoint
from kernel.log import get_logger
from kernel.settings import Settings

LARGEST_BATCH = 2_000
LISTEN_SECONDS = 0.5
COMMANDS_SECONDS = 1.0
LONGEST_BACKOFF_SECONDS = 10.0

log = get_logger(__name__)


class UnsafeBrokerError(RuntimeError):
    """This broker cannot tell devices apart; outside development use one that checks logins and
    keeps each device to its own topics, and set FIRSTFIX_MQTT_PER_DEVICE_ACL."""


def run(settings: Settings, *, name: str = "") -> None:
    """Take readings in until SIGTERM or SIGINT. `name` tells processes of one host apart."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    MqttIngest(settings, name=name).run_until(stop)


class MqttIngest:
    """One subscriber that reads a batch, stores it, acknowledges it, and reads the next.

    Processes share the messages where the broker can (`$share`). What is not acknowledged comes
    again after a reconnect, to this process or to another.
    """

    def __init__(self, settings: Settings, *, name: str = "") -> None:
        if settings.environment == "production" and not settings.mqtt_per_device_acl:
            raise UnsafeBrokerError(UnsafeBrokerError.__doc__)
        self._broker_knows_devices = settings.mqtt_per_device_acl
        self._url = settings.mqtt_url
        # A fixed name brings back the broker's session with whatever was not acknowledged.
        own = f"firstfix-ingest-{socket.gethostname()}-{name}" if self._broker_knows_devices else ""
        self._client_id = own.rstrip("-") or "firstfix-ingest"
        # The embedded broker loses its router when a member of a shared subscription leaves.
        self._topics = [
            shared(topic) if self._broker_knows_devices else topic for topic in SUBSCRIPTIONS
        ]
        self._look_again = 0.0
        self._stop = threading.Event()
        self.subscribed = threading.Event()

    def run_until(self, stop: threading.Event) -> None:
        """Connect, and reconnect whenever the broker goes away, until `stop` is set."""
        self._stop, backoff = stop, 0.1
        log.info("ingest started", shared=self._broker_knows_devices)
        while not stop.is_set():
            try:
                self._take_in(Connection(self._url, self._client_id, self._topics))
                backoff = 0.1
            except OSError as error:
                backoff = 0.1 if self.subscribed.is_set() else backoff
                self.subscribed.clear()
                log.warning("broker away", error=str(error), seconds=backoff)
                stop.wait(backoff)
                backoff = min(backoff * 2, LONGEST_BACKOFF_SECONDS)

    def _take_in(self, connection: Connection) -> None:
        self.subscribed.set()
        try:
            while not self._stop.is_set():
                batch = connection.collect(LARGEST_BATCH, LISTEN_SECONDS)
                metrics.QUEUE.set(connection.waiting)
                if batch:
                    self._store_at_last(connection, batch)
                self._send_commands(connection)
        finally:
            connection.close()

    def _send_commands(self, connection: Connection) -> None:
        """Also those that a device has not answered; nothing is urgent enough to wait here."""
        if time.monotonic() < self._look_again:
            return
        self._look_again = time.monotonic() + COMMANDS_SECONDS
        try:
            with transaction("ingest") as session:
                outgoing = commands.send_due(session)
        except exc.DBAPIError as error:
            log.warning("commands wait", error=repr(error))
        else:
            connection.publish(outgoing)

    def _store_at_last(self, connection: Connection, batch: Sequence[Delivery]) -> None:
        """Store a batch, waiting for the database as long as it takes. A message that the
        database refuses is found by halving, counted, and let go, so that it blocks no other.
        """
        backoff = 0.1
        while not self._stop.is_set():
            try:
                replies = self._store(batch)
            except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError) as error:
                if len(batch) > 1 and isinstance(getattr(error, "orig", None), QueryCanceled):
                    self._isolate(connection, batch, error)  # too much for one statement
                    return
                log.warning("database away, batch waits", messages=len(batch), error=repr(error))
                connection.stay_alive()
                self._stop.wait(backoff)
                backoff = min(backoff * 2, LONGEST_BACKOFF_SECONDS)
            except Exception as error:
                self._isolate(connection, batch, error)
                return
            else:
                connection.acknowledge(batch, replies)
                return

    def _isolate(self, connection: Connection, batch: Sequence[Delivery], error: Exception) -> None:
        if len(batch) > 1:
            middle = len(batch) // 2
            self._store_at_last(connection, batch[:middle])
            self._store_at_last(connection, batch[middle:])
            return
        log.error("message refused", topic=batch[0].topic, error=repr(error))
        metrics.DROPPED.labels(str(Drop.REFUSED_BY_DATABASE)).inc()
        connection.acknowledge(batch, [])

    def _store(self, batch: Sequence[Delivery]) -> list[tuple[str, bytes]]:
        """What is to be published once it is stored."""
        with metrics.BATCH_SECONDS.time():
            with transaction("ingest") as session:
                inbound = read(session, batch, is_proven=self._broker_knows_devices)
                outcome = ingest(session, inbound.incoming)
                failpoint("ingest.before_commit")
            failpoint("ingest.after_commit")
        return [*map(_to_device, outcome.acks), *inbound.replies]


def _to_device(ack: Ack) -> tuple[str, bytes]:
    """At QoS 0: one that gets lost is made good by the next, or when the device sends again."""
    return ack_topic(ack.device_id), msgspec.json.encode({"boot_id": ack.boot_id, "seq": ack.seq})
