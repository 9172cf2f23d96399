"""A device for tests that speaks MQTT as a real one does: it keeps what is not acknowledged."""

import json
import threading
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion


class FakeDevice:
    """Sends one reading per message, remembers messages until they are acknowledged."""

    def __init__(
        self, url: str, device_id: UUID, token: str, *, login: bool = False, boot_id: str = "b1"
    ) -> None:
        self.device_id, self.token, self.boot_id, self.login = device_id, token, boot_id, login
        self.kept: dict[int, str] = {}
        self.highest_ack = -1
        self.acks: list[dict[str, Any]] = []
        self._changed = threading.Condition()
        self._connected = threading.Event()
        address = urlsplit(url)
        self._client = paho.Client(CallbackAPIVersion.VERSION2, client_id=f"device-{device_id}")
        if login:
            self._client.username_pw_set(str(device_id), token)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = lambda *_: self._connected.set()
        self._client.on_disconnect = lambda *_: self._connected.clear()
        self._client.on_message = self._on_message
        self._client.connect_async(address.hostname or "", address.port or 1883)
        self._client.loop_start()

    def wait_connected(self, seconds: float = 20) -> None:
        assert self._connected.wait(seconds), "the device does not get through to the broker"

    def measure(self, seq: int, ts: datetime, value: float) -> None:
        message: dict[str, Any] = {
            "boot_id": self.boot_id,
            "seq": seq,
            "readings": [{"metric": "temperature", "ts": ts.isoformat(), "value": value}],
        }
        if not self.login:
            message["token"] = self.token
        self.kept[seq] = json.dumps(message)

    def measure_many(self, count: int, start: datetime, value: float = 20.0) -> None:
        for seq in range(count):
            self.measure(seq, start + timedelta(seconds=seq), value)

    def send_kept(self) -> None:
        """Everything not acknowledged yet, in order."""
        for _, payload in sorted(self.kept.items()):
            self._client.publish(f"devices/{self.device_id}/readings", payload, qos=1)

    def send_as(self, device_id: UUID) -> None:
        """The kept messages under another device's topic."""
        for _, payload in sorted(self.kept.items()):
            self._client.publish(f"devices/{device_id}/readings", payload, qos=1)

    def wait_acknowledged(self, seq: int, seconds: float = 30) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self.highest_ack >= seq, seconds)

    def stop(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _on_connect(self, client: paho.Client, *_: Any) -> None:
        client.subscribe(f"devices/{self.device_id}/ack", qos=1)

    def _on_message(self, _: Any, __: Any, message: paho.MQTTMessage) -> None:
        ack = json.loads(message.payload)
        with self._changed:
            self.acks.append(ack)
            if ack["boot_id"] == self.boot_id:
                self.highest_ack = max(self.highest_ack, ack["seq"])
                for seq in [seq for seq in self.kept if seq <= ack["seq"]]:
                    del self.kept[seq]
            self._changed.notify_all()
