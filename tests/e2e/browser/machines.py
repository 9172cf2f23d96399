"""Watched machines of the small company: rules, a decision table, readings, and what fails."""

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from tests.e2e.browser.world import Json, World

Course = Callable[[datetime], float]
"""A value over time."""
STEP = timedelta(minutes=10)
HISTORY = timedelta(hours=30)

PRESSURE: Json = {
    "name": "Pressure keeps falling", "metric": "pressure", "op": "lt", "threshold": 0.8,
    "clear_threshold": 1.0, "duration_seconds": 1200, "severity": "warning",
    "fault_class": "pressure_loss", "work_type_code": "boiler-repair", "response_hours": 12,
}  # fmt: skip
RULES: list[Json] = [
    {
        "name": "Leakage current rises", "metric": "leakage_current", "measure": "rate",
        "rate_seconds": 3600, "op": "gt", "threshold": 6, "clear_threshold": 3,
        "severity": "critical", "fault_class": "leakage", "danger": "electrical",
        "work_type_code": "charger-fault", "response_hours": 2,
    },
    {
        "name": "Flow too hot at night", "metric": "flow_temperature", "op": "gt", "threshold": 78,
        "clear_threshold": 70, "repeat_times": 3, "repeat_seconds": 21_600, "severity": "info",
        "fault_class": "overheating", "work_type_code": "boiler-repair",
        "hours": {"days": [0, 1, 2, 3, 4, 5, 6], "start": "22:00", "end": "06:00",
                  "time_zone": "Europe/Berlin"},
        "companions": [{"metric": "pressure", "op": "gt", "threshold": 2, "clear_threshold": 1.8}],
    },
    {
        "name": "Nothing heard of the boiler", "metric": "pressure", "measure": "silence",
        "op": "gt", "threshold": 14_400, "clear_threshold": 3600, "severity": "info",
        "fault_class": "silent", "work_type_code": "router-swap", "response_hours": 72,
    },
]  # fmt: skip
PLAYBOOKS: list[Json] = [
    {"fault_class": "pressure_loss", "remote_command": "refill", "offers_remote": True,
     "failure_cents": 90_000, "parts_lead_hours": 4},
    {"fault_class": "leakage", "criticality": 1, "danger": True, "offers_ignore": False,
     "first_step": "work_order", "work_type_code": "charger-fault", "failure_cents": 400_000},
]  # fmt: skip
LEAKING = ["Johanna Weiß", "Lena Fischer", "Paul Hartmann", "Oskar Blum", "Selin Kaya"]
"""Boilers that lose pressure since this morning: near each other, and of one model."""
CHARGER = "Bäckerei Sommer"
DEPOTS = [
    ("Depot West", "Quedlinburger Straße 11, 10589 Berlin", 52.5236, 13.3082, ["Torque wrench"]),
    ("Depot Ost", "Storkower Straße 140, 10407 Berlin", 52.5291, 13.4562, ["Gas analyser"]),
]
PARTS = [("TH-100", "Expansion vessel", 8900, 3), ("EL-20", "Residual current device", 4100, 1),
         ("NW-7", "Router", 6400, 2)]  # fmt: skip


def install(world: World) -> None:
    """Watch every boiler for a day and more; five lose pressure, one charger becomes dangerous."""
    for rule in (PRESSURE, *RULES):
        world.post("/api/rules", rule)
    for playbook in PLAYBOOKS:
        world.post("/api/playbooks", playbook)
    now = datetime.fromisoformat(world.get("/api/clock")["now"])
    for customer in world.customers:
        watch(world, customer, "Pressure sensor", {"pressure": pressure(customer, now)}, now)
    charger = {"site_id": world.sites[CHARGER]["id"], "name": "Charger", "model": "Volta 22"}
    courses: dict[str, Course] = {"leakage_current": lambda at: leakage(now - at)}
    record(world, world.post("/api/assets", charger)["id"], "Charger sensor", courses, now)
    stock(world)


def watch(world: World, customer: str, name: str, metrics: dict[str, Course], now: datetime) -> str:
    """A device at the customer's boiler, with its history; its id."""
    return record(world, world.assets[customer]["id"], name, metrics, now)


def record(
    world: World, asset_id: str, name: str, metrics: dict[str, Course], now: datetime
) -> str:
    device = world.post("/api/devices", {"asset_id": asset_id, "name": name})
    moments = [now - HISTORY + STEP * step for step in range(HISTORY // STEP + 1)]
    readings = [
        {"metric": metric, "ts": at.isoformat(), "value": round(value(at), 3)}
        for at in moments
        for metric, value in metrics.items()
    ]
    batch = {"boot_id": uuid4().hex, "seq": 0, "readings": readings}
    world.post("/api/ingest/readings", batch, device["token"])
    found: str = device["device"]["id"]
    return found


def pressure(customer: str, now: datetime) -> Course:
    fails_at = now - timedelta(minutes=90 - 10 * len(customer) % 40)

    def at(moment: datetime) -> float:
        usual = 1.6 + 0.12 * math.sin(moment.timestamp() / 7000)
        lost = max(0.0, (moment - fails_at) / timedelta(hours=1)) if customer in LEAKING else 0.0
        return max(0.2, usual - 1.4 * lost)

    return at


def leakage(ago: timedelta) -> float:
    return 4 + max(0.0, 2 - ago / timedelta(hours=1)) * 11


def stock(world: World) -> None:
    places = []
    for name, address, latitude, longitude, tools in DEPOTS:
        depot = {"name": name, "address": address, "latitude": latitude, "longitude": longitude,
                 "time_zone": "Europe/Berlin", "territory_id": world.territory_id, "tools": tools,
                 "weekly": [[["07:00", "18:00"]]] * 5 + [[], []]}  # fmt: skip
        places.append({"depot_id": world.post("/api/depots", depot)["id"]})
    van = {"technician_id": world.technicians["Aylin Demir"]["id"]}
    for number, name, price, pieces in PARTS:
        body = {"number": number, "name": name, "price_cents": price, "lead_days": 2}
        part = world.post("/api/parts", body)
        for quantity, place in zip((pieces, 4, 1), (van, *places), strict=True):
            world.post(f"/api/parts/{part['id']}/stock", {"quantity": quantity, **place})
