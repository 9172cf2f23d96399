"""`python -m benchmarks.ingest.devices`: many devices in one lean process, each as a real one.

Every device has a connection of its own, publishes with QoS 1, keeps what the application has not
acknowledged and sends that again after a reconnect or a long silence. Reads its task from standard
input as JSON and writes what it saw to standard output.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from math import inf
from typing import Any, cast

import msgspec
import uvloop

from benchmarks.ingest import packets
from kernel.clock import real_now

PATIENCE_SECONDS = 10.0
"""So long a device waits for an acknowledgement before it sends everything again."""
RECONNECT_SECONDS = 0.5, 1.5
START_SECONDS, DRAIN_SECONDS = 120.0, 90.0
TICK_SECONDS = 0.02
KEEPALIVE_SECONDS = 600
BOOT_ID = "bench"


@dataclass(frozen=True)
class Task:
    """What the devices are to do. `rate` in messages a second of all devices together; 0: each
    sends whenever fewer than `window` of its messages are unacknowledged."""

    host: str
    port: int
    seconds: float
    window: int
    rate: float
    readings: int
    logins: list[tuple[str, str]]
    token_in_message: bool
    crossings: list[float]
    """When, in seconds after the first sending, the values of each device rise from below 0 to
    above; empty: never."""


@dataclass
class Seen:
    """What all devices saw; lags from the first sending to the application acknowledgement."""

    sent: int = 0
    resent: int = 0
    acknowledged: int = 0
    acknowledged_in_time: int = 0
    reconnects: int = 0
    unacknowledged: int = 0
    lags: list[float] = field(default_factory=list)
    sequences: dict[str, int] = field(default_factory=dict)
    """By device, how many messages it made."""
    crossed: list[str] = field(default_factory=list)
    """The devices that made a message with a value above 0."""


class Device(asyncio.Protocol):
    """One device with its connection and its memory of unacknowledged messages."""

    def __init__(self, fleet: Fleet, device_id: str, token: str, crosses_at: float) -> None:
        self.fleet, self.crosses_at = fleet, crosses_at
        self.has_crossed = False
        self.id, self.token = device_id, token
        self.next_seq = 0
        self.kept: deque[tuple[int, float, bytes]] = deque()
        self.heard = 0.0
        self.transport: asyncio.WriteTransport | None = None
        self.is_ready = False
        self._parser = packets.Parser()
        self._last_us = 0
        self._topic = f"devices/{device_id}/readings".encode()
        carried = f'"token":"{token}",' if fleet.task.token_in_message else ""
        self._head = f'{{"boot_id":"{BOOT_ID}",{carried}"seq":'

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.WriteTransport, transport)  # uvloop's is one in all but name
        self._parser = packets.Parser()
        login = None if self.fleet.task.token_in_message else (self.id, self.token)
        ack_topic = f"devices/{self.id}/ack"
        self.transport.write(
            packets.connect(
                f"bench-{self.id}", login, keepalive_seconds=KEEPALIVE_SECONDS, clean=True
            )
            + packets.subscribe([ack_topic], qos=0)
        )

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_ready, self.transport = False, None
        self.fleet.reconnect(self)

    def data_received(self, data: bytes) -> None:
        for kind, flags, body in self._parser.feed(data):
            if kind == packets.PUBLISH:
                self._acknowledged(packets.published(flags, body)[2])
            elif kind == packets.SUBACK:
                self.is_ready = True
                self.fleet.ready(self)

    def send_again(self) -> None:
        """Everything that is not acknowledged, in order."""
        if self.transport is None or not self.is_ready or not self.kept:
            return
        self.heard = time.monotonic()
        self.fleet.seen.resent += len(self.kept)
        self.transport.write(
            b"".join(packets.publish(self._topic, payload, seq) for seq, _, payload in self.kept)
        )

    def send(self, count: int, due: float) -> None:
        """Make messages; they go out now, or when the connection is back."""
        made = []
        for _ in range(count):
            payload = self._message()
            self.kept.append((self.next_seq, due, payload))
            made.append(packets.publish(self._topic, payload, self.next_seq))
            self.next_seq += 1
        self.fleet.seen.sent += count
        if self.transport is not None and self.is_ready:
            self.transport.write(b"".join(made))

    def fill(self, now: float) -> None:
        room = self.fleet.task.window - len(self.kept)
        if room > 0:
            self.send(room, now)

    def _message(self) -> bytes:
        self._last_us = now_us = max(self._last_us + 1, self.fleet.now_us())
        ts = f"{now_us // 1000}.{now_us % 1000:03}"
        self.has_crossed = self.has_crossed or time.monotonic() > self.crosses_at + self.fleet.began
        value = self.next_seq if self.has_crossed else -1 - self.next_seq
        readings = ",".join(
            f'{{"metric":"{metric}","ts":{ts},"value":{value}}}' for metric in self.fleet.metrics
        )
        return f'{self._head}{self.next_seq},"readings":[{readings}]}}'.encode()

    def _acknowledged(self, payload: bytes) -> None:
        now = time.monotonic()
        self.heard, kept, fleet = now, self.kept, self.fleet
        seq = msgspec.json.decode(payload)["seq"]
        while kept and kept[0][0] <= seq:
            fleet.note(now - kept.popleft()[1])
        if fleet.is_sending and not fleet.task.rate:
            self.fill(now)


class Fleet:
    """All devices of this process."""

    def __init__(self, task: Task) -> None:
        self.task, self.seen = task, Seen()
        self.metrics = ["temperature", *(f"metric_{n}" for n in range(1, task.readings))]
        self._epoch_us = int(real_now().timestamp() * 1e6) - time.monotonic_ns() // 1000
        self.is_sending = False
        self.waiting: set[asyncio.Task[None]] = set()
        self.all_ready = asyncio.Event()
        self._ready: set[str] = set()
        self._is_over = False
        self.began = inf
        crossings = task.crossings or [inf] * len(task.logins)
        self.devices = [
            Device(self, *login, crosses_at)
            for login, crosses_at in zip(task.logins, crossings, strict=True)
        ]

    async def run(self) -> Seen:
        await asyncio.gather(*(self._connect(device) for device in self.devices))
        await asyncio.wait_for(self.all_ready.wait(), 60)
        await self._wait_for_ingest()
        print("sending", file=sys.stderr, flush=True)
        await self._send()
        self.seen.acknowledged_in_time = self.seen.acknowledged
        await self._drain()
        self._is_over = True
        self.seen.unacknowledged = sum(len(device.kept) for device in self.devices)
        self.seen.sequences = {device.id: device.next_seq for device in self.devices}
        self.seen.crossed = [device.id for device in self.devices if device.has_crossed]
        return self.seen

    async def _wait_for_ingest(self) -> None:
        """Until a first message has come all the way: the clock measures no start."""
        first, until = self.devices[0], time.monotonic() + START_SECONDS
        first.send(1, time.monotonic())
        while first.kept:
            if time.monotonic() > until:
                raise TimeoutError("Ingest does not acknowledge.")
            await asyncio.sleep(1)
            first.send_again()
        self.seen = Seen(sent=1)

    def now_us(self) -> int:
        return self._epoch_us + time.monotonic_ns() // 1000

    def note(self, lag: float) -> None:
        self.seen.acknowledged += 1
        self.seen.lags.append(lag)

    def ready(self, device: Device) -> None:
        self._ready.add(device.id)
        if len(self._ready) == len(self.devices):
            self.all_ready.set()
        device.send_again()

    def reconnect(self, device: Device) -> None:
        if self._is_over:
            return
        self.seen.reconnects += 1
        task = asyncio.ensure_future(self._connect(device, random.uniform(*RECONNECT_SECONDS)))
        self.waiting.add(task)
        task.add_done_callback(self.waiting.discard)

    async def _connect(self, device: Device, after: float = 0.0) -> None:
        loop = asyncio.get_running_loop()
        while not self._is_over:
            await asyncio.sleep(after)
            try:
                await loop.create_connection(lambda: device, self.task.host, self.task.port)
                return
            except OSError:
                after = random.uniform(*RECONNECT_SECONDS)

    async def _send(self) -> None:
        began = now = self.began = time.monotonic()
        self.is_sending = True
        while now < began + self.task.seconds:
            if self.task.rate:
                self._send_what_is_due(began, now)
            else:
                for device in self.devices:
                    device.fill(now)
            self._send_again_after_silence(now)
            await asyncio.sleep(TICK_SECONDS)
            now = time.monotonic()
        self.is_sending = False

    def _send_what_is_due(self, began: float, now: float) -> None:
        """One message a device in turn; its lag counts from when it was due."""
        while (due := began + self.seen.sent / self.task.rate) <= now:
            self.devices[self.seen.sent % len(self.devices)].send(1, due)

    async def _drain(self) -> None:
        until = time.monotonic() + DRAIN_SECONDS
        while any(device.kept for device in self.devices) and time.monotonic() < until:
            self._send_again_after_silence(time.monotonic())
            await asyncio.sleep(TICK_SECONDS)

    def _send_again_after_silence(self, now: float) -> None:
        for device in self.devices:
            if device.kept and now - max(device.heard, device.kept[0][1]) > PATIENCE_SECONDS:
                device.send_again()


def main() -> None:
    task = msgspec.json.decode(sys.stdin.buffer.readline(), type=Task)
    seen = uvloop.run(_run(task))
    print(json.dumps(_told(seen)), flush=True)
    sys.stdin.buffer.read()  # lives on until its processor time has been read


async def _run(task: Task) -> Seen:
    return await Fleet(task).run()


def _told(seen: Seen) -> dict[str, Any]:
    told = asdict(seen)
    lags = sorted(told.pop("lags"))
    for name, share in (("lag_p50_ms", 0.5), ("lag_p99_ms", 0.99), ("lag_max_ms", 1.0)):
        at = min(len(lags) - 1, int(len(lags) * share))
        told[name] = round(1000 * lags[at], 1) if lags else None
    return told


if __name__ == "__main__":
    main()
