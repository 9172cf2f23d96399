"""Devices: they report over MQTT, keep what is not acknowledged, and some begin to fail."""

import asyncio
import json
import queue
import random
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from simulator.city import DeviceIntent
from simulator.wear import progress, readings, wear_of
from simulator.world import World

REPORT_MINUTES = 5
COMMANDED = {"heat-pump", "router"}
"""The kinds that take commands, and say that they are online."""
KEPT = 200
RESEND_AFTER = 6


@dataclass
class Sensor:
    """One device: its numbering, and the messages the server has not confirmed yet."""

    intent: DeviceIntent
    key: str
    token: str
    boot_id: str = field(default_factory=lambda: uuid4().hex[:12])
    seq: int = 0
    unconfirmed: deque[tuple[int, bytes]] = field(default_factory=lambda: deque(maxlen=KEPT))

    def say(self, **message: Any) -> bytes:
        """Something that is not kept until it is acknowledged."""
        return json.dumps({"token": self.token, **message}).encode()

    def report(self, at: str, values: list[tuple[str, float]]) -> bytes:
        message = {
            "boot_id": self.boot_id,
            "seq": self.seq,
            "token": self.token,
            "readings": [
                {"metric": metric, "ts": at, "value": round(value, 3)} for metric, value in values
            ],
        }
        payload = json.dumps(message).encode()
        self.unconfirmed.append((self.seq, payload))
        self.seq += 1
        return payload

    def confirmed(self, boot_id: str, seq: int) -> None:
        if boot_id == self.boot_id:
            while self.unconfirmed and self.unconfirmed[0][0] <= seq:
                self.unconfirmed.popleft()


class Fleet:
    """All devices of the city, sharing one network connection as behind one gateway."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rng = random.Random(f"{world.city.seed}:fleet")
        self.sensors = {
            key: Sensor(intent, key, token)
            for intent in world.city.devices
            for key, token in [world.company.devices[intent.external_id]]
        }
        self.wear = {
            one.intent.external_id: wear_of(world.city, one.intent) for one in self.sensors.values()
        }
        self._connected = threading.Event()
        self._heard: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"city-{uuid4().hex[:8]}")
        self._client.on_connect = self._on_connect
        self._client.on_message = lambda _c, _u, message: self._heard.put(
            (message.topic, bytes(message.payload))
        )
        url = urlsplit(world.mqtt_url)
        if url.username:
            self._client.username_pw_set(url.username, url.password)
        self._client.connect_async(url.hostname or "127.0.0.1", url.port or 1883)

    def _on_connect(self, client: mqtt.Client, *_: object) -> None:
        client.subscribe("devices/+/ack", qos=0)
        client.subscribe("devices/+/commands", qos=1)
        self._connected.set()

    async def live(self) -> None:
        self._client.loop_start()
        await asyncio.to_thread(self._connected.wait, 30)
        for sensor in self.sensors.values():
            if sensor.intent.kind in COMMANDED:
                self._client.publish(f"devices/{sensor.key}/status", sensor.say(online=True), qos=1)
        clock = self.world.clock
        try:
            while True:
                started = clock.now()
                await self._report_all()
                while (clock.now() - started).total_seconds() < REPORT_MINUTES * 60:
                    self._listen()
                    await clock.sleep(seconds=20)
        finally:
            self._client.loop_stop()

    async def _report_all(self) -> None:
        minute = self.world.minute()
        for number, sensor in enumerate(self.sensors.values()):
            self._resend(sensor)
            payload = sensor.report(
                self.world.clock.now().isoformat(), self._values(sensor, minute)
            )
            self._publish(sensor, payload)
            if number % 50 == 49:
                await asyncio.sleep(0.02)

    def _values(self, sensor: Sensor, minute: float) -> list[tuple[str, float]]:
        key, outage = sensor.intent.external_id, self.world.city.outage
        wear = None if key in self.world.mended else self.wear[key]
        failed = progress(wear, minute, outage if key in outage.devices else None)
        return readings(sensor.intent, failed, minute, self.rng)

    def _resend(self, sensor: Sensor) -> None:
        """What has waited for several rounds goes again; the server knows it by its number."""
        if len(sensor.unconfirmed) > RESEND_AFTER:
            for _, payload in list(sensor.unconfirmed)[:20]:
                self._publish(sensor, payload)
            self.world.tally.add("device messages sent again")

    def _publish(self, sensor: Sensor, payload: bytes) -> None:
        self._client.publish(f"devices/{sensor.key}/readings", payload, qos=1)
        self.world.tally.add("device messages")

    def _obey(self, sensor: Sensor, command: dict[str, Any]) -> None:
        """Do what is told; it helps with some faults."""
        wear = self.wear[sensor.intent.external_id]
        if wear is not None and wear.heeds_command:
            self.world.mended.add(sensor.intent.external_id)
            self.world.tally.add("faults mended from afar")
        answer = sensor.say(id=command["id"], ok=True, result=None)
        self._client.publish(f"devices/{sensor.key}/commands/answers", answer, qos=1)
        self.world.tally.add("commands obeyed")

    def _listen(self) -> None:
        ends = time.monotonic() + 0.05
        while time.monotonic() < ends:
            try:
                topic, payload = self._heard.get_nowait()
            except queue.Empty:
                return
            sensor = self.sensors.get(topic.split("/")[1])
            if sensor is None:
                continue
            said = json.loads(payload)
            if topic.endswith("/commands"):
                self._obey(sensor, said)
            else:
                sensor.confirmed(said["boot_id"], said["seq"])
