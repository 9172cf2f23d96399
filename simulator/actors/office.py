"""The office: a dispatcher who plans and reacts, and an agent who takes calls."""

import random
from datetime import timedelta
from typing import Any

from simulator.api import RefusedError
from simulator.setup import AGENT, DISPATCHER, PASSWORD, SUPERVISOR
from simulator.world import World

LOOK_MINUTES = 20
PLAN_EVERY_LOOKS = 3
APPROVED = 0.3
"""The share of waiting alerts that the dispatcher trusts at a look."""


class Dispatcher:
    """Plans in the morning and now and then, sends the ill home, and helps what nobody serves."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.api = world.api()
        self.rng = random.Random(f"{world.city.seed}:dispatcher")

    async def sign_in(self) -> None:
        await self.api.sign_in(DISPATCHER, PASSWORD)

    async def live(self) -> None:
        world, clock = self.world, self.world.clock
        await self._plan()
        looks = 0
        while True:
            await clock.sleep(minutes=LOOK_MINUTES)
            if not world.ill and clock.now() >= world.at(world.city.ill_at):
                await self._send_home(world.city.ill)
            await self._review()
            looks += 1
            if looks % PLAN_EVERY_LOOKS == 0:
                await self._plan()

    async def _review(self) -> None:
        """Let alerts through that wait for somebody to look."""
        page = await self.api.get("/api/alerts", status="active", limit=200)
        for alert in page["items"]:
            if alert["triage_reason"] is not None and self.rng.random() < APPROVED:
                await self.api.post(f"/api/alerts/{alert['id']}/approve", {})
                self.world.tally.add("alerts approved")

    async def _plan(self) -> None:
        try:
            await self.api.post("/api/plans", {}, kind="plan")
            self.world.tally.add("plans asked for")
        except RefusedError as refusal:
            self.world.tally.add(f"plan refused {refusal.code}")

    async def _send_home(self, external_id: str) -> None:
        key = self.world.company.technicians[external_id]
        until = self.world.clock.now() + timedelta(hours=24)
        await self.api.post(
            f"/api/technicians/{key}/sick", {"until": until.isoformat(), "reason": "fever"}
        )
        self.world.ill.add(external_id)
        self.world.tally.add("illness")


class Supervisor:
    """Works on an outage as one: everybody told, orders waiting, a remedy for each, and calm."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.api = world.api()

    async def sign_in(self) -> None:
        await self.api.sign_in(SUPERVISOR, PASSWORD)

    async def live(self) -> None:
        world, outage = self.world, self.world.city.outage
        await world.clock.sleep_until(world.at(outage.begins_at + 30))
        incident_id = await self._find_outage()
        while incident_id is None:
            if world.minute() >= outage.ends_at:
                return
            await world.clock.sleep(minutes=10)
            incident_id = await self._find_outage()
        path = f"/api/incidents/{incident_id}"
        try:
            restored = {"restoration_at": world.at(outage.ends_at).isoformat(), "reserve_pct": 15}
            await self.api.post(f"{path}/storm", restored)
            world.tally.add("storms begun")
            remedies = await self.api.post(f"{path}/remedies", {})
            world.tally.counts["remedies"] += len(remedies)
            await world.clock.sleep_until(world.at(outage.ends_at + 10))
            await self.api.post(f"{path}/calm", {})
            world.tally.add("storms calmed")
        except RefusedError as refusal:
            world.tally.add(f"storm refused {refusal.code}")

    async def _find_outage(self) -> str | None:
        page = await self.api.get("/api/incidents", status="open")
        for incident in page["items"]:
            if incident["fault_class"] == "line_noise" and incident["territory_id"]:
                return str(incident["id"])
        return None


class Agent:
    """Takes emergency calls and books while the customer is on the line."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.api = world.api()
        self.rng = random.Random(f"{world.city.seed}:agent")

    async def sign_in(self) -> None:
        await self.api.sign_in(AGENT, PASSWORD)

    async def live(self) -> None:
        for minute in self.world.city.emergencies:
            await self.world.clock.sleep_until(self.world.at(minute))
            await self._take_call()

    async def _take_call(self) -> None:
        customer = self.rng.choice(self.world.city.customers)
        try:
            found = await self.api.get("/api/customers", q=customer.email)
            sites = await self.api.get(f"/api/customers/{found['items'][0]['id']}/sites")
            order: dict[str, Any] = {
                "customer_id": found["items"][0]["id"],
                "site_id": sites[0]["id"],
                "work_type_code": "boiler-repair",
                "title": "Water runs out of the boiler",
                "description": "Called in by phone.",
                "priority": 5,
                "due_at": (self.world.clock.now() + timedelta(hours=3)).isoformat(),
            }
            await self.api.post("/api/work-orders", order)
            self.world.tally.add("emergencies")
        except RefusedError as refusal:
            self.world.tally.add(f"call refused {refusal.code}")
