"""Devices at the broker of the containers over TLS: in, to their own topics, and out."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from socket import SHUT_RDWR
from uuid import UUID, uuid4

import paho.mqtt.client as paho
import pytest
from sqlalchemy import select

from iot_ingest.certificates import service
from iot_ingest.certificates.models import DeviceCertificate
from iot_ingest.certificates.ports import device_authority
from iot_ingest.devices import service as devices
from iot_ingest.devices.models import DeviceContact
from iot_ingest.devices.topics import ack_topic, readings_topic, status_topic
from iot_ingest.mqtt import MqttIngest
from iot_ingest.readings.models import Reading
from iot_ingest.readings.quality import Drop
from iot_ingest.readings.queries import list_drops
from kernel.clock import real_now
from kernel.settings import settings
from kernel.x509 import Authority
from server.commands.logins import Door
from tests.conftest import Database
from tests.factories.certificates import (
    make_authority,
    make_key,
    make_request,
    private_pem,
    write_server_certificate,
)
from tests.factories.iot_ingest import make_device, make_device_with_token
from tests.tooling import mosquitto
from tests.waiting import eventually

pytestmark = pytest.mark.mosquitto
PATIENCE_SECONDS = 40.0


class Client:
    """A device at the port for certificates; tries again every second, as devices do."""

    def __init__(
        self,
        port: int,
        trusts: Path,
        certificate: Path | None = None,
        key: Path | None = None,
        login: tuple[UUID, str] | None = None,
    ) -> None:
        self.arrived: list[tuple[str, bytes]] = []
        self.connections = self.losses = self.failures = self.subscriptions = 0
        self._something = threading.Condition()
        self.paho = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id=f"any-{uuid4()}")
        self.paho.tls_set(str(trusts), certificate and str(certificate), key and str(key))
        if login is not None:
            self.paho.username_pw_set(str(login[0]), login[1])
            self.paho.will_set(status_topic(login[0]), '{"online":false}', qos=1)
        self.paho.reconnect_delay_set(1, 1)
        self.paho.on_connect = lambda *_: self._count("connections")
        self.paho.on_disconnect = lambda *_: self._count("losses")
        self.paho.on_connect_fail = lambda *_: self._count("failures")
        self.paho.on_subscribe = lambda *_: self._count("subscriptions")
        self.paho.on_message = self._on_message
        self.paho.connect_async("127.0.0.1", port)
        self.paho.loop_start()

    def _count(self, what: str) -> None:
        with self._something:
            setattr(self, what, getattr(self, what) + 1)
            self._something.notify_all()

    def _on_message(self, _: object, __: object, message: paho.MQTTMessage) -> None:
        with self._something:
            self.arrived.append((message.topic, message.payload))
            self._something.notify_all()

    def wait(self, condition: Callable[[], bool]) -> bool:
        with self._something:
            return self._something.wait_for(condition, PATIENCE_SECONDS)

    def is_refused(self) -> bool:
        """Twice, so that what was on its way when something changed does not count."""
        before, tries = self.connections, self.losses + self.failures
        self.wait(lambda: self.losses + self.failures >= tries + 2)
        return self.connections == before

    def stop(self) -> None:
        self.paho.disconnect()
        self.paho.loop_stop()


@dataclass
class Place:
    """A broker, its door, and a folder for what devices keep."""

    broker: mosquitto.Broker
    door: Door
    url: str
    trusts: Path
    folder: Path
    database: Database

    def provision(self, authority: Authority | None = None) -> tuple[UUID, UUID, Path, Path]:
        """A device, its certificate in our books, and the files of certificate and key."""
        key = make_key()
        with self.database.transaction() as session:
            device = make_device(session)
            made = service.issue(session, device.id, make_request(key))
            found = device.id, made.id, made.pem
        certificate, secret = self.folder / f"{found[0]}.pem", self.folder / f"{found[0]}.key"
        certificate.write_text(found[2])
        secret.write_text(private_pem(key))
        return found[0], found[1], certificate, secret

    @contextmanager
    def client(self, certificate: Path | None = None, key: Path | None = None) -> Iterator[Client]:
        made = Client(self.broker.certificate_port, self.trusts, certificate, key)
        try:
            yield made
        finally:
            made.stop()

    def update(self) -> None:
        self.door.update()
        self.door.close_connections()


@pytest.fixture
def place(database: Database, tmp_path: Path) -> Iterator[Place]:
    (tmp_path / "tls").mkdir()
    trusts = write_server_certificate(tmp_path / "tls")
    with device_authority.wired(make_authority()), mosquitto.running(tmp_path) as broker:
        url = f"mqtt://ingest:secret@127.0.0.1:{broker.port}"
        door = Door(broker.logins, url)
        door.update()
        yield Place(broker, door, url, trusts, tmp_path, database)


@contextmanager
def ingesting(url: str) -> Iterator[None]:
    made = MqttIngest(settings().model_copy(update={"mqtt_url": url, "mqtt_per_device_acl": True}))
    stop = threading.Event()
    thread = threading.Thread(target=made.run_until, args=(stop,))
    thread.start()
    try:
        assert made.subscribed.wait(PATIENCE_SECONDS)
        yield
    finally:
        stop.set()
        thread.join(20)


def reading(seq: int) -> str:
    return f'{{"boot_id":"b","seq":{seq},"readings":[{{"metric":"pressure","value":1.5}}]}}'


class TestTokens:
    def test_over_tls_with_its_quota_and_its_last_will(self, place: Place) -> None:
        with place.database.transaction() as session:
            device, token = make_device_with_token(session, messages_per_minute=3)
            device_id = device.id
        place.update()

        def is_known(online: bool, dropped: bool) -> bool:
            with place.database.transaction() as session:
                contact = session.get_one(DeviceContact, device_id)
                drops = list_drops(session, device_id, date.min)
                return contact.online is online and (Drop.OVER_QUOTA in drops) is dropped

        with ingesting(place.url):
            made = Client(place.broker.tls_port, place.trusts, login=(device_id, token))
            assert made.wait(lambda: made.connections > 0)
            made.paho.publish(status_topic(device_id), '{"online":true}', qos=1)
            assert eventually(lambda: is_known(online=True, dropped=False))
            for seq in range(8):  # too many for two minutes
                made.paho.publish(readings_topic(device_id), reading(seq), qos=1)
            assert eventually(lambda: is_known(online=True, dropped=True))
            connection = made.paho.socket()
            assert connection is not None
            connection.shutdown(SHUT_RDWR)  # gone without a word; it may come back
            assert eventually(lambda: is_known(online=False, dropped=True))
            made.stop()


class TestCertificates:
    def test_a_device_delivers_to_its_own_topic_until_it_is_revoked(self, place: Place) -> None:
        mine, certificate_id, *files = place.provision()
        other, *_ = place.provision()
        with ingesting(place.url), place.client(*files) as device:
            assert device.wait(lambda: device.connections == 1)
            for topic in (
                ack_topic(mine),
                ack_topic(other),
                "devices/+/ack",
                readings_topic(other),
            ):
                device.paho.subscribe(topic, qos=1)
            assert device.wait(lambda: device.subscriptions == 4)
            device.paho.publish(readings_topic(other), reading(0), qos=1)
            device.paho.publish(readings_topic(mine), reading(0), qos=1)
            assert device.wait(lambda: bool(device.arrived))
            assert device.arrived == [(ack_topic(mine), b'{"boot_id":"b","seq":0}')]
            with place.database.transaction() as session:
                assert session.scalars(select(Reading.device_id)).all() == [mine]
                service.revoke(session, certificate_id)
            place.update()
            assert device.wait(lambda: device.losses > 0), "the open connection is not closed"
            while not device.is_refused():  # it may come back before the broker has read the list
                place.update()

    def test_a_revoked_device_is_out_and_the_others_stay(self, place: Place) -> None:
        gone, _, *its_files = place.provision()
        _, _, *my_files = place.provision()
        with place.client(*its_files) as revoked, place.client(*my_files) as other:
            assert revoked.wait(lambda: revoked.connections == 1)
            assert other.wait(lambda: other.connections == 1)
            with place.database.transaction() as session:
                devices.revoke(session, gone)
            place.update()
            assert revoked.wait(lambda: revoked.losses > 0)
            while not revoked.is_refused():
                place.update()
            assert (other.connections, other.losses) == (1, 0)
        with place.client(*my_files) as again:
            assert again.wait(lambda: again.connections == 1), "the list keeps others out"

    def test_strangers_stay_outside(self, place: Place) -> None:
        _, _, certificate, _ = place.provision()
        with device_authority.wired(make_authority()):
            _, _, *of_another_authority = place.provision()
        for files in ((None, None), tuple(of_another_authority)):
            with place.client(*files) as stranger:
                assert stranger.is_refused()
                assert stranger.connections == 0
        key_of_somebody_else = place.folder / "other.key"
        key_of_somebody_else.write_text(private_pem(make_key()))
        with (
            pytest.raises(OSError, match="mismatch"),
            place.client(certificate, key_of_somebody_else),
        ):
            pass

    def test_a_connection_ends_with_its_certificate(self, place: Place) -> None:
        _, certificate_id, *files = place.provision()
        with place.client(*files) as device:
            assert device.wait(lambda: device.connections == 1)
            with place.database.transaction() as session:
                row = session.get_one(DeviceCertificate, certificate_id)
                row.not_after = real_now() - timedelta(seconds=1)
            place.update()
            assert device.wait(lambda: device.losses > 0)
