"""A small company on a Tuesday morning, moved in through the public API, for browsers."""

import itertools
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx

from tests.waiting import eventually

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 9, 20, tzinfo=ZONE)
PASSWORD = "a-long-password-42"
PATIENCE_SECONDS = 30.0
DISPATCHER = "mara@firstfix.example"

Json = dict[str, Any]

WORK_TYPES: list[Json] = [
    {
        "code": "boiler-repair",
        "name": "Boiler repair",
        "expected_minutes": 60,
        "p80_minutes": 85,
        "skills": [{"skill": "heating", "level": 2}],
        "price_cents": 14900,
        "questions": [
            {
                "id": "warm",
                "text": "Do you still have warm water?",
                "required": True,
                "options": [
                    {"value": "yes", "label": "Yes"},
                    {"value": "no", "label": "No", "priority": 4},
                ],
            },
            {"id": "code", "text": "Does the display show a code?"},
        ],
        "checklist": [{"title": "Pressure read"}, {"title": "Burner cleaned"}],
    },
    {
        "code": "charger-fault",
        "name": "Charging point fault",
        "expected_minutes": 45,
        "p80_minutes": 60,
        "skills": [{"skill": "electrical", "level": 2}],
        "price_cents": 11900,
        "checklist": [{"title": "Residual current tested"}],
    },
    {
        "code": "router-swap",
        "name": "Router swap",
        "expected_minutes": 30,
        "p80_minutes": 40,
        "skills": [{"skill": "network", "level": 1}],
        "price_cents": 5900,
    },
]

# name, employment, latitude, longitude, skills
TECHNICIANS = [
    ("Aylin Demir", "in_house", 52.5006, 13.3089, {"heating": 4, "network": 2}),
    ("Bastian Krüger", "in_house", 52.5301, 13.3846, {"electrical": 4, "network": 3}),
    ("Chiara Lombardi", "in_house", 52.4861, 13.3572, {"heating": 3, "electrical": 2}),
    ("Daniel Osei", "in_house", 52.5162, 13.4540, {"network": 4, "electrical": 3}),
    ("Emil Nowak", "in_house", 52.5486, 13.4134, {"heating": 5}),
    ("Farah Haddad", "freelance", 52.4770, 13.4247, {"heating": 3, "electrical": 3}),
    ("Gero Lindner", "freelance", 52.5393, 13.3520, {"network": 3, "electrical": 2}),
]

# name, phone, address, latitude, longitude
CUSTOMERS = [
    ("Johanna Weiß", "+4930555010", "Kantstraße 54, 10627 Berlin", 52.5063, 13.3110),
    ("Café Morgenrot", "+4930555011", "Kastanienallee 85, 10435 Berlin", 52.5403, 13.4101),
    ("Tariq Rahman", "+4930555012", "Sonnenallee 120, 12045 Berlin", 52.4807, 13.4385),
    ("Lena Fischer", "+4930555013", "Akazienstraße 7, 10823 Berlin", 52.4878, 13.3537),
    ("Hausverwaltung Spree", "+4930555014", "Alt-Moabit 90, 10559 Berlin", 52.5243, 13.3397),
    ("Oskar Blum", "+4930555015", "Bergmannstraße 20, 10961 Berlin", 52.4889, 13.3900),
    ("Nadia Petrova", "+4930555016", "Warschauer Straße 33, 10243 Berlin", 52.5107, 13.4522),
    ("Bäckerei Sommer", "+4930555017", "Müllerstraße 140, 13353 Berlin", 52.5495, 13.3560),
    ("Paul Hartmann", "+4930555018", "Uhlandstraße 175, 10719 Berlin", 52.5016, 13.3266),
    ("Selin Kaya", "+4930555019", "Kottbusser Damm 8, 10967 Berlin", 52.4937, 13.4211),
]


@dataclass
class World:
    """Ids by the names above, and the sign-ins."""

    url: str
    owner: str
    owner_password: str
    token: str = "none"
    territory_id: str = ""
    technicians: dict[str, Json] = field(default_factory=dict)
    customers: dict[str, Json] = field(default_factory=dict)
    sites: dict[str, Json] = field(default_factory=dict)
    assets: dict[str, Json] = field(default_factory=dict)
    visits: dict[str, str] = field(default_factory=dict)
    orders: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, body: Any = None, token: str | None = None) -> Any:
        """As the owner unless a token is given; the owner's is renewed when it has run out."""
        headers = {"Idempotency-Key": uuid4().hex, "Authorization": f"Bearer {token or self.token}"}
        answer = httpx.request(method, self.url + path, json=body, headers=headers, timeout=30)
        if answer.status_code == 401 and token is None:
            self.token = sign_in(self.url, self.owner, self.owner_password)
            headers["Authorization"] = f"Bearer {self.token}"
            answer = httpx.request(method, self.url + path, json=body, headers=headers, timeout=30)
        if answer.is_error:
            raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None

    def post(self, path: str, body: Any = None, token: str | None = None) -> Any:
        return self.call("POST", path, body, token)

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def visit(self, name: str) -> Json:
        found: Json = self.get(f"/api/visits/{self.visits[name]}")
        return found

    def new_colleague(self, role: str) -> str:
        """A further person's e-mail; one person cannot sign in twenty times in five minutes."""
        email = f"{role}-{uuid4().hex[:8]}@firstfix.example"
        self.post("/api/accounts", {"name": "Deniz Kurt", "roles": [role],
                                    "email": email, "password": PASSWORD})  # fmt: skip
        return email

    def new_dispatcher(self) -> str:
        return self.new_colleague("dispatcher")

    def hire(
        self, employment: str = "in_house", *, provider_id: str | None = None, **skills: int
    ) -> str:
        """A further technician for one story alone; the name."""
        name = f"{uuid4().hex[:8].capitalize()} Neumann"
        _hire(self, name, employment, 52.5000, 13.3900, skills, provider_id)
        return name

    def open(self, name: str, customer: str, work_type: str, **more: Any) -> str:
        """A work order called `name`; its visit's id. A branch gets to know the customer first."""
        if customer not in self.customers:
            _welcome(self, *next(known for known in CUSTOMERS if known[0] == customer))
        if work_type == "boiler-repair":
            more = {"asset_id": self.assets[customer]["id"], **more}
        body = {"customer_id": self.customers[customer]["id"],
                "site_id": self.sites[customer]["id"], "work_type_code": work_type,
                "title": name, **more}  # fmt: skip
        order = self.post("/api/work-orders", body)
        detail = self.get(f"/api/work-orders/{order['id']}")
        self.orders[name] = order["id"]
        self.visits[name] = detail["visits"][0]["id"]
        return self.visits[name]

    def assign(self, name: str, technician: str, at: str) -> None:
        body = {"technician_ids": [self.technicians[technician]["id"]],
                "starts_at": local(at).isoformat(), "accept_violations": True}  # fmt: skip
        self.post(f"/api/visits/{self.visits[name]}/assign", body)

    def move(self, name: str, *statuses: str) -> None:
        for status in statuses:
            self.post(f"/api/visits/{self.visits[name]}/move", {"to": status})

    def branch(self) -> "World":
        """A territory for one story alone: nobody else's people and work are on its board."""
        made = World(self.url, self.owner, self.owner_password, self.token)
        territory = {"name": f"Branch {uuid4().hex[:6]}", "time_zone": "Europe/Berlin",
                     "latitude": 48.1, "longitude": 11.5}  # fmt: skip
        made.territory_id = made.post("/api/territories", territory)["id"]
        return made

    def welcome(self, kind: str = "person") -> str:
        """A further customer; the name."""
        name = f"{uuid4().hex[:8].capitalize()} Vogel"
        place = ("Oranienstraße 25, 10999 Berlin", 52.5005, 13.4180)
        _welcome(self, name, "+4930555077", *place, kind=kind)
        return name

    def share_position(self, technician_id: str) -> None:
        """The technician goes on duty somewhere in the city."""
        [name] = [key for key, one in self.technicians.items() if one["id"] == technician_id]
        token = sign_in(self.url, email_of(name), PASSWORD)
        self.post("/api/technician/duty", {"on_duty": True}, token)
        place = {"latitude": 52.5066, "longitude": 13.3320, "accuracy_m": 20}
        self.post("/api/technician/position", place, token)

    def raise_alert(self, customer: str) -> str:
        """A boiler of the customer loses pressure; the link in the message about it."""
        rule = {"name": "Low pressure", "metric": "pressure", "op": "lt", "threshold": 0.8,
                "clear_threshold": 1.0, "severity": "warning", "fault_class": "low_pressure",
                "work_type_code": "boiler-repair", "response_hours": 12}  # fmt: skip
        if rule["name"] not in [known["name"] for known in self.get("/api/rules")["items"]]:
            self.post("/api/rules", rule)
        device = self.post(
            "/api/devices", {"asset_id": self.assets[customer]["id"], "name": "Pressure sensor"}
        )
        reading = {"metric": "pressure", "ts": self.get("/api/clock")["now"], "value": 0.4}
        batch = {"boot_id": uuid4().hex, "seq": 1, "readings": [reading]}
        self.post("/api/ingest/readings", batch, device["token"])
        addresses = [self.customers[customer][key] for key in ("email", "phone")]
        link: str = self.wait_for_message("/customer/alerts/", *addresses)["link"]
        return link

    def wait_for_status(self, name: str, status: str) -> None:
        """The worker brings the visit there."""
        reached = eventually(lambda: self.visit(name)["status"] == status, PATIENCE_SECONDS)
        assert reached, self.visit(name)["status"]

    def wait_for_message(self, what: str, *addresses: str) -> Json:
        """The newest message to one of the addresses with this pattern; the worker sends it."""

        def found() -> Json | None:
            for message in self.get("/api/inbox")["items"]:
                words = f"{message['text']} {message['link']}"
                if message["address"] in addresses and re.search(what, words):
                    return dict(message)
            return None

        message = eventually(found, PATIENCE_SECONDS)
        assert message is not None, f"no message to {addresses} with {what}"
        return message


def local(clock: str, day: int = 0) -> datetime:
    """A clock time of the world's Tuesday (or days later)."""
    hour, minute = map(int, clock.split(":"))
    return NOW.replace(hour=hour, minute=minute) + timedelta(days=day)


def email_of(name: str) -> str:
    return name.split()[0].lower() + "@firstfix.example"


def sign_in(url: str, email: str, password: str) -> str:
    body = {"email": email, "password": password, "device": "world"}
    answer = httpx.post(f"{url}/api/auth/sign-in", json=body, timeout=30)
    answer.raise_for_status()
    token: str = answer.json()["access_token"]
    return token


def move_in(url: str, owner: str, password: str) -> World:
    """Everything but the day's work."""
    world = World(url, owner, password)
    world.post("/api/accounts", {"name": "Mara Stein", "roles": ["dispatcher"],
                                 "email": DISPATCHER, "password": PASSWORD})  # fmt: skip
    territory = {"name": "Berlin", "time_zone": "Europe/Berlin", "region": "DE-BE",
                 "latitude": 52.51, "longitude": 13.39}  # fmt: skip
    world.territory_id = world.post("/api/territories", territory)["id"]
    for work_type in WORK_TYPES:
        world.post("/api/work-types", {"bookable": True, **work_type})
    for person in TECHNICIANS:
        _hire(world, *person)
    for number, customer in enumerate(CUSTOMERS):
        _welcome(world, *customer, email=f"customer{number}@mail.example")
    return world


def _hire(
    world: World,
    name: str,
    employment: str,
    lat: float,
    lon: float,
    skills: dict[str, int],
    provider_id: str | None = None,
) -> None:
    body = {"name": name, "employment": employment, "territory_id": world.territory_id,
            "provider_id": provider_id,
            "latitude": lat, "longitude": lon, "hourly_cents": 4200, "email": email_of(name),
            "travel_cents_per_hour": 3000, "currency": "EUR",
            "skills": [{"skill": s, "level": n} for s, n in skills.items()]}  # fmt: skip
    made = world.technicians[name] = world.post("/api/technicians", body)
    role = "freelancer" if employment == "freelance" else "technician"
    world.post("/api/accounts", {"name": name, "roles": [role], "email": email_of(name),
                                 "password": PASSWORD, "subject_id": made["id"]})  # fmt: skip
    for day in range(4):
        noon = local("12:00", day)
        pause = {"earliest": noon.isoformat(), "minutes": 30,
                 "latest": (noon + timedelta(minutes=90)).isoformat()}  # fmt: skip
        world.post(f"/api/technicians/{made['id']}/shifts", {
            "starts_at": local("07:30" if employment == "in_house" else "09:00", day).isoformat(),
            "ends_at": local("16:30" if employment == "in_house" else "18:00", day).isoformat(),
            "breaks": [pause]})  # fmt: skip


def _welcome(
    world: World,
    name: str,
    phone: str,
    address: str,
    lat: float,
    lon: float,
    email: str = "",
    kind: str = "person",
) -> None:
    person = {"name": name, "phone": phone, "email": email or f"{uuid4().hex}@mail.example"}
    customer = world.post("/api/customers", {**person, "kind": kind})
    world.customers[name] = customer
    site = {"address": address, "latitude": lat, "longitude": lon,
            "access_notes": "Side entrance, second bell.", "time_zone": "Europe/Berlin",
            "territory_id": world.territory_id}  # fmt: skip
    world.sites[name] = world.post(f"/api/customers/{customer['id']}/sites", site)
    asset = {
        "site_id": world.sites[name]["id"],
        "name": "Boiler",
        "model": "Therma 24",
        "serial": f"TH24-{len(world.customers):04d}",
        "warranty_until": "2027-06-30",
    }
    world.assets[name] = world.post("/api/assets", asset)


def work_the_morning(world: World) -> None:
    """Jobs done, under way, planned, waiting and at risk."""
    people = itertools.cycle(CUSTOMERS)
    plan = [
        ("Burner does not start", "boiler-repair", "Aylin Demir", "08:00"),
        ("No heating on two floors", "boiler-repair", "Aylin Demir", "10:30"),
        ("Pressure keeps falling", "boiler-repair", "Aylin Demir", "14:00"),
        ("Charger trips the fuse", "charger-fault", "Bastian Krüger", "08:15"),
        ("Router offline since night", "router-swap", "Bastian Krüger", "10:15"),
        ("Second charger dead", "charger-fault", "Bastian Krüger", "13:45"),
        ("Boiler leaks", "boiler-repair", "Chiara Lombardi", "09:00"),
        ("Thermostat without power", "boiler-repair", "Chiara Lombardi", "11:00"),
        ("New router for the café", "router-swap", "Daniel Osei", "09:30"),
        ("Charger does not answer", "charger-fault", "Daniel Osei", "11:15"),
        ("Annual boiler check", "boiler-repair", "Emil Nowak", "09:45"),
        ("Cold radiators", "boiler-repair", "Farah Haddad", "10:45"),
    ]
    for title, work_type, technician, at in plan:
        window = {
            "start": local(at).isoformat(),
            "end": (local(at) + timedelta(hours=2)).isoformat(),
        }
        world.open(title, next(people)[0], work_type, window=window)
        world.assign(title, technician, at)
    waiting: list[tuple[str, str, str, Json]] = [
        ("Smell of burning at the charger", "Selin Kaya", "charger-fault",
         {"priority": 5, "due_at": local("11:20").isoformat()}),
        ("No warm water, newborn in the flat", "Lena Fischer", "boiler-repair",
         {"priority": 4, "due_at": local("13:00").isoformat()}),
        ("Heating rattles", "Oskar Blum", "boiler-repair",
         {"due_at": local("12:00", 1).isoformat()}),
        ("Wi-Fi drops in the shop", "Bäckerei Sommer", "router-swap",
         {"due_at": local("17:00", 1).isoformat()}),
    ]  # fmt: skip
    for title, customer, work_type, more in waiting:
        world.open(title, customer, work_type, **more)
    world.move(
        "Burner does not start", "dispatched", "en_route", "on_site", "in_progress", "completed"
    )
    world.move(
        "Charger trips the fuse", "dispatched", "en_route", "on_site", "in_progress", "completed"
    )
    world.move("Boiler leaks", "dispatched", "en_route", "on_site", "in_progress")
    world.move("New router for the café", "dispatched", "en_route")
    world.move("No heating on two floors", "dispatched")
    world.move("Annual boiler check", "dispatched")
