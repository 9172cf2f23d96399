"""`python -m benchmarks.ingest`: readings of 1,000 devices through MQTT into the database.

A broker, ingest as `firstfix ingest` runs it, and a PostgreSQL of its own, all on this machine, and
1,000 connections with QoS 1. First undisturbed, then again with kill -9 of ingest and of the broker
in the middle, while the values of all devices cross the limit of a rule. Afterwards the database is
asked what arrived. Exit 1 when fewer messages a second than the floor were acknowledged, one was
lost or is there twice, or a device that crossed the limit was not alerted about exactly once.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks.ingest.brokers import Broker
from benchmarks.ingest.cpu import Meter
from benchmarks.ingest.devices import BOOT_ID, Task
from benchmarks.invariants.servers import fresh
from benchmarks.predict import page
from iot_ingest.devices.models import Device
from iot_ingest.retention.service import make_partitions
from iot_ingest.rules.threshold import Op
from kernel import db
from server import registry
from tests.factories.assets import make_asset
from tests.factories.iot_ingest import make_device_with_token, make_rule

FLOOR_PER_SECOND, GOAL_PER_SECOND = 5_000, 25_000
GOAL_LAG_P99_MS = 1_000
DEVICES_OF_AN_ASSET = 4
AROUND_A_KILL = -1.0, 3.0
"""Seconds before and after which the values of devices cross the limit."""
NEVER = ("lost", "duplicates", "missing_alerts", "duplicate_alerts")
RESULTS = Path(__file__).resolve().parents[1] / "results"


@dataclass(frozen=True)
class Fleet:
    """Registered devices: (id, token) for the devices, (id, hash) for the broker."""

    logins: list[tuple[str, str]]
    hashes: list[tuple[str, str]]


def main() -> None:
    options = _options()
    registry.load()
    phases = {}
    for name, kills in (("steady", False), ("killed", True)):
        if name in options.phases.split(","):
            phases[name] = _phase(options, kills=kills)
            print(f"{name}: " + "  ".join(f"{key} {value}" for key, value in phases[name].items()))
    summary = _summary(phases)
    print("summary: " + "  ".join(f"{name} {value}" for name, value in summary.items()))
    broken = _broken(phases)
    for complaint in broken:
        print(f"BROKEN FLOOR: {complaint}")
    settings = {k: v for k, v in vars(options).items() if k not in ("json", "record")}
    result = {
        "machine": f"{platform.machine()} {platform.python_version()} {os.cpu_count()} cores",
        "settings": settings,
        "floors": {"messages_per_s": FLOOR_PER_SECOND, **dict.fromkeys(NEVER, 0)},
        "goals": {"messages_per_s": GOAL_PER_SECOND, "lag_p99_ms": GOAL_LAG_P99_MS},
        "phases": phases,
        "summary": summary,
    }
    _write(result, options)
    sys.exit(1 if broken else 0)


def _write(result: dict[str, Any], options: argparse.Namespace) -> None:
    text = json.dumps(result, indent=2) + "\n"
    if options.json:
        Path(options.json).write_text(text)
    if options.record:
        (RESULTS / "ingest.json").write_text(text)
        page.write(json.loads((RESULTS / "predict.json").read_text()))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.ingest", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="of sending, in each phase")
    parser.add_argument("--connections", type=int, default=1000)
    parser.add_argument("--readings", type=int, default=1, help="in a message")
    parser.add_argument("--window", type=int, default=8, help="unacknowledged messages a device")
    parser.add_argument("--rate", type=float, default=0.0, help="messages/s; 0: as many as go")
    parser.add_argument("--processes", type=int, default=2, help="of ingest (Mosquitto only)")
    parser.add_argument("--rules", type=int, default=1, help="that watch each reading")
    parser.add_argument("--broker", choices=("mosquitto", "embedded"), default=_best_broker())
    parser.add_argument("--phases", default="steady,killed")
    parser.add_argument("--json", help="file for the result")
    parser.add_argument(
        "--record", action="store_true", help="write the results file and the page of figures"
    )
    return parser.parse_args()


def _best_broker() -> str:
    """Mosquitto is what runs in production; the embedded broker is for trying things."""
    found = shutil.which("mosquitto") or Path("/usr/sbin/mosquitto").exists()
    return "mosquitto" if found else "embedded"


def _phase(options: argparse.Namespace, *, kills: bool) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name, fresh(Path(name)) as embedded:
        fleet = _register(options.connections, options.rules)
        broker = Broker(options.broker, Path(name) / "broker", fleet.hashes)
        processes = options.processes if broker.knows_devices else 1
        try:
            with (
                _ingesting(broker, processes) as ingest,
                _devices(options, broker, fleet, _crossings(options) if kills else []) as load,
            ):
                _wait_for_sending(load)
                meter = Meter(
                    {
                        "devices": [load.pid],
                        "broker": [broker.pid],
                        "ingest": ingest.pids,
                        "database": [embedded.pids["postgres"]],
                    }
                )
                if kills:
                    _kill_in_the_middle(options.seconds, ingest, broker)
                assert load.stdout is not None
                seen = json.loads(load.stdout.readline())
                spent = {} if kills else {"cpu_us": meter.us_each(seen["sent"])}
        finally:
            broker.stop()
        return _compared(options, seen) | spent


def _register(count: int, rules: int) -> Fleet:
    logins, hashes = [], []
    with db.transaction("bench") as session:
        make_partitions(session)
        for number in range(rules):
            # Values are below 0 until a device crosses the limit of the first rule, for good.
            limit = 1e12 + number if number else 0.0
            make_rule(
                session,
                name=f"Too hot {number}",
                op=Op.AT_LEAST,
                threshold=limit,
                clear_threshold=limit,
                duration_seconds=0,
            )
        asset = make_asset(session)
        for number in range(count):
            if number % DEVICES_OF_AN_ASSET == 0:
                asset = make_asset(session, site_id=asset.site_id)
            device, token = make_device_with_token(session, asset)
            logins.append((str(device.id), token))
            hashes.append((str(device.id), _hash_of(device)))
    return Fleet(logins, hashes)


def _hash_of(device: Device) -> str:
    return device.mqtt_hash


class _Ingest:
    """`firstfix ingest`, in some processes that can be killed and started again."""

    def __init__(self, broker: Broker, processes: int) -> None:
        self._environment = {
            **os.environ,
            "MQTT_URL": broker.url,
            "FIRSTFIX_MQTT_PER_DEVICE_ACL": str(broker.knows_devices),
        }
        self._names = [str(number) for number in range(processes)]
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        self._running = [
            subprocess.Popen(
                [sys.executable, "-m", "server.cli", "ingest", "--name", name],
                env=self._environment,
                stdout=subprocess.DEVNULL,
            )
            for name in self._names
        ]

    @property
    def pids(self) -> list[int]:
        return [process.pid for process in self._running]

    def kill(self) -> None:
        for process in self._running:
            process.kill()
            process.wait()


@contextmanager
def _ingesting(broker: Broker, processes: int) -> Iterator[_Ingest]:
    ingest = _Ingest(broker, processes)
    ingest.start()
    try:
        yield ingest
    finally:
        ingest.kill()


@contextmanager
def _devices(
    options: argparse.Namespace, broker: Broker, fleet: Fleet, crossings: list[float]
) -> Iterator[subprocess.Popen[str]]:
    task = Task(
        host="127.0.0.1",
        port=broker.device_port,
        seconds=options.seconds,
        window=options.window,
        rate=options.rate,
        readings=options.readings,
        logins=fleet.logins,
        token_in_message=not broker.knows_devices,
        crossings=crossings,
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.ingest.devices"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(asdict(task)) + "\n")
    process.stdin.flush()
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _wait_for_sending(load: subprocess.Popen[str]) -> None:
    assert load.stderr is not None
    if load.stderr.readline() != "sending\n":
        raise RuntimeError(f"The devices did not get through: {load.stderr.read()}")


def _crossings(options: argparse.Namespace) -> list[float]:
    """When each device crosses the limit: spread over the time around both kills, in turn."""
    first, last = AROUND_A_KILL
    count = options.connections
    return [
        options.seconds * (1 + at % 2) / 3 + first + (last - first) * at / count
        for at in range(count)
    ]


def _kill_in_the_middle(seconds: float, ingest: _Ingest, broker: Broker) -> None:
    time.sleep(seconds / 3)
    ingest.kill()
    ingest.start()
    time.sleep(seconds / 3)
    broker.kill()
    broker.start()


def _compared(options: argparse.Namespace, seen: dict[str, Any]) -> dict[str, Any]:
    """What the devices sent beside what the database holds."""
    stored, twice = _stored(seen["sequences"])
    expected = seen["sent"]
    return {
        "messages_per_s": round(seen["acknowledged_in_time"] / options.seconds),
        "rows_per_s": round(options.readings * seen["acknowledged_in_time"] / options.seconds),
        "lag_p50_ms": seen["lag_p50_ms"],
        "lag_p99_ms": seen["lag_p99_ms"],
        "lag_max_ms": seen["lag_max_ms"],
        "lost": expected - stored + seen["unacknowledged"],
        "duplicates": twice,
        **_alerted(seen["crossed"]),
        "sent": expected,
        "resent": seen["resent"],
        "reconnects": seen["reconnects"],
    }


def _alerted(crossed: list[str]) -> dict[str, int]:
    """The devices of an asset share its one alert, which counts how often one of them fired: each
    that crossed the limit once, whatever was sent or taken in again."""
    with db.transaction("bench") as session:
        rows = session.execute(
            text(
                "SELECT d.asset_id, count(*) AS crossed,"
                " (SELECT count(*) FROM alerts a WHERE a.asset_id = d.asset_id) AS alerts,"
                " (SELECT coalesce(sum((evidence ->> 'occurrences')::int), 0) FROM alerts a"
                "  WHERE a.asset_id = d.asset_id) AS fired"
                " FROM devices d WHERE d.id = ANY (CAST(:crossed AS uuid[])) GROUP BY d.asset_id"
            ),
            {"crossed": crossed},
        ).all()
        alerts = session.scalar(text("SELECT count(*) FROM alerts")) or 0
    return {
        "crossed": len(crossed),
        "alerts": alerts,
        "missing_alerts": sum(max(0, row.crossed - row.fired) for row in rows),
        "duplicate_alerts": alerts
        - sum(row.alerts for row in rows)
        + sum(max(0, row.alerts - 1) + max(0, row.fired - row.crossed) for row in rows),
    }


def _stored(sequences: dict[str, int]) -> tuple[int, int]:
    """How many of the messages have their reading, and how many readings are there too many.

    The value of a reading is the sequence of its message, or -1 less it: one value for each. Other
    ingest than this one could store it under another time.
    """
    with db.transaction("bench") as session:
        rows = session.execute(
            text(
                "SELECT device_id, count(*) AS rows, count(DISTINCT r.value) AS messages,"
                " (SELECT count(*) FROM device_messages m WHERE m.device_id = r.device_id"
                "  AND m.boot_id = :boot) AS noted"
                " FROM readings r WHERE metric = 'temperature' GROUP BY device_id"
            ),
            {"boot": BOOT_ID},
        ).all()
    found = {str(row.device_id): row for row in rows}
    stored = sum(
        min(found[device].messages, found[device].noted) if device in found else 0
        for device in sequences
    )
    return stored, sum(row.rows - row.messages for row in rows)


def _summary(phases: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Rates and lags undisturbed, losses and duplicates of both; the other phase under its name."""
    names = ("messages_per_s", "rows_per_s", "lag_p50_ms", "lag_p99_ms")
    steady = phases.get("steady") or next(iter(phases.values()))
    summary = {name: steady[name] for name in names}
    for name in NEVER:
        summary[name] = sum(phase[name] for phase in phases.values())
    if "killed" in phases:
        summary |= {f"killed_{name}": phases["killed"][name] for name in names}
    return summary


def _broken(phases: dict[str, dict[str, Any]]) -> Sequence[str]:
    broken = []
    for name, phase in phases.items():
        if name == "steady" and phase["messages_per_s"] < FLOOR_PER_SECOND:
            broken.append(f"{name}: {phase['messages_per_s']} messages/s, not {FLOOR_PER_SECOND}")
        broken += [f"{name}: {phase[kind]} {kind}" for kind in NEVER if phase[kind]]
        if name == "killed" and not phase["crossed"]:
            broken.append("killed: no device crossed the limit, so alerts are not proved")
    return broken


if __name__ == "__main__":
    main()
