"""Moves the company in: master data, sign-ins, shifts, devices and yesterday's orders."""

import asyncio
import csv
import io
import math
import random
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from simulator.api import Api
from simulator.catalog import (
    CLOGGING_MODEL,
    PLAYBOOKS,
    RECIPE,
    REGION,
    RULES,
    SLA_POLICIES,
    TERRITORIES,
    TIME_ZONE,
    WATCHED_MODEL,
    WORK_TYPES,
)
from simulator.city import City, CustomerIntent, DeviceIntent, TechnicianIntent
from simulator.wear import NOISE, past_wear, progress, readings, wear_of

PASSWORD = "firstfix-demo"
DISPATCHER = "dispatcher@firstfix.example"
AGENT = "agent@firstfix.example"
SUPERVISOR = "supervisor@firstfix.example"
FINANCE = "finance@firstfix.example"
SHIFT_HOURS, FREELANCE_HOURS = 10, 9
DAYS = 3
HISTORY_HOURS, STEP = 40, timedelta(minutes=5)
IBAN = "DE89370400440532013000"
INSURANCE = {"name": "Liability insurance", "required_of": ["freelance"]}
LAPSES_AFTER = timedelta(hours=4, minutes=30)
"""When the insurance of one freelancer ends on the first day."""
DUE_HOURS = (2.5, 10, 2.5, 10, 34, 2.5, 10, 2.5, 10)
"""When the office's orders are due; more by noon than the staff can do: freelancers are asked."""


@dataclass
class Company:
    """The ids that the server gave to what the city knows by its own."""

    opens_at: datetime
    """When the first day's shifts start."""
    technicians: dict[str, str] = field(default_factory=dict)
    customers: dict[str, str] = field(default_factory=dict)
    sites: dict[str, str] = field(default_factory=dict)
    assets: dict[str, str] = field(default_factory=dict)
    devices: dict[str, tuple[str, str]] = field(default_factory=dict)
    """External id to (id, token)."""


async def move_in(admin: Api, city: City, opens_at: datetime, say: Any) -> Company:
    """Create everything through the public API; `say(step)` tells how far it is."""
    company = Company(opens_at)
    say("Territories, work types and rules")
    await _company_data(admin)
    say("Customers, assets and technicians")
    await _import(admin, "customers", (_customer_row(c) for c in city.customers))
    await _import(admin, "assets", _asset_rows(city))
    await _import(admin, "technicians", (_technician_row(t) for t in city.technicians))
    await _learn_ids(admin, company)
    say("Sign-ins and shifts")
    await _at_once(_staff(admin, company, person) for person in city.technicians)
    crowd = [person for person in city.technicians if person.employment == "freelance"]
    await _at_once(_insured(admin, company, city, person) for person in crowd)
    await admin.put("/api/credential-kinds/insurance", INSURANCE)
    await _at_once(_banked(admin, company, person) for person in crowd)
    for email, role in (
        (DISPATCHER, "dispatcher"),
        (AGENT, "call_agent"),
        (SUPERVISOR, "supervisor"),
        (FINANCE, "finance"),
    ):
        body = {"name": role.replace("_", " ").title(), "roles": [role], "email": email,
                "password": PASSWORD}  # fmt: skip
        await admin.post("/api/accounts", body)
    say("Devices")
    await _at_once(_device(admin, company, device) for device in city.devices)
    say("What heat pumps measured in the last days, and when they were repaired")
    training_id = await _train(admin, company, city)
    watched = _of_model(city, WATCHED_MODEL)
    await _at_once((_history(admin, company, city, device) for device in watched), width=3)
    say("Orders the office already has")
    await _import(admin, "work_orders", _order_rows(city, opens_at))
    say("A model learns how long filters last")
    await _trained(admin, training_id)
    return company


async def _company_data(admin: Api) -> None:
    for territory in TERRITORIES:
        area = {"time_zone": TIME_ZONE, "region": REGION, "emergency_reserve_pct": 5}
        await admin.post("/api/territories", {**territory, **area})
    policies = {}
    for policy in SLA_POLICIES:
        policies[policy["name"]] = (await admin.post("/api/sla-policies", policy))["id"]
    for work_type in WORK_TYPES:
        body = {key: value for key, value in work_type.items() if key != "share"}
        urgent = work_type["code"] == "gas-alarm"
        body["sla_policy_id"] = policies["Urgent" if urgent else "Standard"]
        body["bookable"] = not urgent
        body["priority"] = 5 if urgent else 3
        await admin.post("/api/work-types", body)
    for rule in RULES:
        await admin.post("/api/rules", rule)
    for playbook in PLAYBOOKS:
        await admin.post("/api/playbooks", playbook)


async def _import(admin: Api, kind: str, rows: Iterable[Mapping[str, Any]]) -> None:
    lines = list(rows)
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, list(lines[0]))
    writer.writeheader()
    writer.writerows(lines)
    report = await admin.upload(f"/api/imports/{kind}", sheet.getvalue())
    if report["errors"]:
        raise RuntimeError(f"the import of {kind} was refused: {report['errors'][:3]}")


def _customer_row(customer: CustomerIntent) -> dict[str, Any]:
    return {
        "external_id": customer.external_id,
        "name": customer.name,
        "email": customer.email,
        "phone": customer.phone,
        "site_external_id": f"{customer.external_id}-S",
        "site_name": "Home",
        "address": customer.place.address,
        "latitude": customer.place.latitude,
        "longitude": customer.place.longitude,
        "time_zone": TIME_ZONE,
    }


def _asset_rows(city: City) -> Iterable[dict[str, Any]]:
    for customer in city.customers:
        for device in customer.devices:
            yield {
                "external_id": device.asset_external_id,
                "site_external_id": f"{customer.external_id}-S",
                "name": _words(device.kind),
                "model": device.model,
                "serial": device.external_id,
            }


def _technician_row(technician: TechnicianIntent) -> dict[str, Any]:
    return {
        "external_id": technician.external_id,
        "name": technician.name,
        "employment": technician.employment,
        "territory": technician.territory,
        "latitude": technician.place.latitude,
        "longitude": technician.place.longitude,
        "hourly_cents": 4200 if technician.employment == "in_house" else 5500,
        "phone": technician.phone,
        "email": technician.email,
        "max_travel_km": 40,
        "languages": "de",
        "skills": "|".join(f"{skill}:{level}" for skill, level in technician.skills.items()),
    }


def _order_rows(city: City, opens_at: datetime) -> Iterable[dict[str, Any]]:
    names = {str(t["code"]): str(t["name"]) for t in WORK_TYPES}
    for number, (customer, work_type) in enumerate(city.backlog):
        due_at = opens_at + timedelta(hours=DUE_HOURS[number % len(DUE_HOURS)])
        yield {
            "external_id": f"W{number:04d}",
            "site_external_id": f"{city.customers[customer].external_id}-S",
            "work_type": work_type,
            "title": names[work_type],
            "reported_at": (opens_at - timedelta(hours=2)).isoformat(),
            "due_at": due_at.isoformat(),
        }


async def _learn_ids(admin: Api, company: Company) -> None:
    for customer in await everything(admin, "/api/customers", limit=200):
        company.customers[customer["external_id"]] = customer["id"]
    for technician in await everything(admin, "/api/technicians", limit=200):
        company.technicians[technician["external_id"]] = technician["id"]
    for asset in await everything(admin, "/api/assets", limit=200):
        company.assets[asset["external_id"]] = asset["id"]
        company.sites[asset["external_id"].partition("-")[0]] = asset["site_id"]


async def everything(api: Api, path: str, **params: Any) -> list[dict[str, Any]]:
    """All pages of a list."""
    items: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = await api.get(path, **params, **({"cursor": cursor} if cursor else {}))
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return items


async def _staff(admin: Api, company: Company, person: TechnicianIntent) -> None:
    key = company.technicians[person.external_id]
    role = "freelancer" if person.employment == "freelance" else "technician"
    account = {"name": person.name, "roles": [role], "email": person.email,
               "password": PASSWORD, "subject_id": key}  # fmt: skip
    await admin.post("/api/accounts", account)
    hours = FREELANCE_HOURS if role == "freelancer" else SHIFT_HOURS
    for day in range(DAYS):
        start = company.opens_at + timedelta(days=day)
        noon = start + timedelta(hours=4)
        shift: dict[str, Any] = {
            "starts_at": start.isoformat(),
            "ends_at": (start + timedelta(hours=hours)).isoformat(),
            "overtime_minutes": 30,
            "breaks": [
                {"earliest": noon.isoformat(),
                 "latest": (noon + timedelta(hours=2)).isoformat(), "minutes": 45}
            ],
        }  # fmt: skip
        await admin.post(f"/api/technicians/{key}/shifts", shift)


async def _insured(admin: Api, company: Company, city: City, person: TechnicianIntent) -> None:
    """Has shown an insurance, one of them until the middle of the day."""
    key = company.technicians[person.external_id]
    lapses = person.external_id == city.lapsing
    until = company.opens_at + LAPSES_AFTER if lapses else None
    proof = {"kind": "insurance", "expires_at": until and until.isoformat()}
    held = await admin.post(f"/api/technicians/{key}/credentials", proof)
    await admin.post(f"/api/credentials/{held['id']}/verify")


async def _banked(admin: Api, company: Company, person: TechnicianIntent) -> None:
    bank = {"holder": person.name, "iban": IBAN}
    await admin.put(f"/api/payees/{company.technicians[person.external_id]}/bank-details", bank)


async def _device(admin: Api, company: Company, device: Any) -> None:
    body = {"asset_id": company.assets[device.asset_external_id],
            "name": _words(device.kind).removesuffix(" sensor") + " sensor", "kind": device.kind,
            "external_id": device.external_id}  # fmt: skip
    made = await admin.post("/api/devices", body)
    company.devices[device.external_id] = (made["device"]["id"], made["token"])


def _words(kind: str) -> str:
    return kind.replace("-", " ").capitalize()


def _of_model(city: City, model: str) -> list[DeviceIntent]:
    return [device for device in city.devices if device.model == model]


async def _train(admin: Api, company: Company, city: City) -> str:
    """What filters did and when they were changed comes in, and a model is asked for: the id of its
    training, which goes on meanwhile."""
    clogging = _of_model(city, CLOGGING_MODEL)
    await _import(admin, "repairs", _repair_rows(city, clogging, company.opens_at))
    await _at_once((_lives(admin, company, city, one) for one in clogging), width=3)
    recipe = await admin.post("/api/recipes", RECIPE)
    return str((await admin.post(f"/api/recipes/{recipe['id']}/train", {}))["id"])


async def _trained(admin: Api, training_id: str) -> None:
    while True:
        training = await admin.get(f"/api/trainings/{training_id}")
        if training["status"] not in ("waiting", "running"):
            return
        await asyncio.sleep(0.5)


def _repair_rows(
    city: City, clogging: list[DeviceIntent], opens_at: datetime
) -> Iterable[dict[str, Any]]:
    for device in clogging:
        wear = wear_of(city, device)
        assert wear is not None
        for number, (past, mended_at) in enumerate(past_wear(city, device, wear)):
            yield {
                "external_id": f"R-{device.external_id}-{number}",
                "asset_external_id": device.asset_external_id,
                "work_type": device.work_type_code,
                "fault_class": RECIPE["fault_class"],
                "reported_at": (opens_at + timedelta(minutes=past.fails_at)).isoformat(),
                "completed_at": (opens_at + timedelta(minutes=mended_at)).isoformat(),
            }


async def _lives(admin: Api, company: Company, city: City, device: DeviceIntent) -> None:
    """Means of each hour, as the system before this one kept them: with less noise than one
    reading has."""
    rng = random.Random(f"{city.seed}:lives:{device.external_id}")
    present = wear_of(city, device)
    assert present is not None
    noise = NOISE / math.sqrt(timedelta(hours=1) / STEP)
    told = []
    for wear in [*(past for past, _ in past_wear(city, device, present)), present]:
        for minute in range(wear.wears_from, min(wear.fails_at, -60), 60):
            at = (company.opens_at + timedelta(minutes=minute)).isoformat()
            told += [
                {"metric": metric, "ts": at, "value": round(value, 3)}
                for metric, value in readings(device, progress(wear, minute), minute, rng, noise)
            ]
    await _tell_readings(admin, company, device, told)


async def _history(admin: Api, company: Company, city: City, device: DeviceIntent) -> None:
    """Detectors know what is usual only after some days."""
    rng = random.Random(f"{city.seed}:history:{device.external_id}")
    until = company.opens_at - timedelta(hours=1)
    told = []
    for step in range(int(timedelta(hours=HISTORY_HOURS) / STEP), 0, -1):
        at = until - step * STEP
        minute = (at - company.opens_at) / timedelta(minutes=1)
        told += [
            {"metric": metric, "ts": at.isoformat(), "value": round(value, 3)}
            for metric, value in readings(device, 0.0, minute, rng)
        ]
    await _tell_readings(admin, company, device, told)


async def _tell_readings(
    admin: Api, company: Company, device: DeviceIntent, told: list[dict[str, Any]]
) -> None:
    _, token = company.devices[device.external_id]
    messages = [{"readings": told[at : at + 900]} for at in range(0, len(told), 900)]
    await admin.by_token(token).post("/api/ingest/readings", {"messages": messages})


async def _at_once(work: Iterable[Awaitable[None]], width: int = 8) -> None:
    gate = asyncio.Semaphore(width)

    async def one(item: Awaitable[None]) -> None:
        async with gate:
            await item

    await asyncio.gather(*(one(item) for item in work))
