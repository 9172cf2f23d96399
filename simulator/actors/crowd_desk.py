"""The office's crowd desk: bargains, and asks freelancers by hand for what only they can do."""

import math
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from simulator.api import RefusedError
from simulator.catalog import CROWD_ONLY, STAND_BY
from simulator.city import CustomerIntent, TechnicianIntent
from simulator.setup import DISPATCHER, PASSWORD
from simulator.world import World

OPENS_AT = 40
LOOK_MINUTES = 5
ASKS_AT = (60, 120, 180, 240, 300)
"""Minutes of the day; each time once by each way of asking."""
DONE_WITHIN = timedelta(hours=30)
ROUTE_JOBS = 3
REGULARS = 6
NAMED_IN_TURN = 4
FAIR, GENEROUS = 1.15, 0.5
"""Up to how much more than offered is agreed to, and how often at once: else half of it is proposed
first."""


class CrowdDesk:
    """Talent pools in the morning, then requests by hand; counter-offers all day."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.api = world.api()
        self.rng = random.Random(f"{world.city.seed}:crowd desk")
        crowd = [one for one in world.city.technicians if one.employment == "freelance"]
        self.regulars = [one for one in crowd if one.answers][:REGULARS]
        self.able = [one for one in crowd if CROWD_ONLY["skill"] in one.skills and one.answers]
        [self.haggler] = [o for o in crowd if o.external_id == world.city.haggler]
        self.pools: dict[str, str] = {}

    async def sign_in(self) -> None:
        await self.api.sign_in(DISPATCHER, PASSWORD)

    async def live(self) -> None:
        world = self.world
        await world.clock.sleep_until(world.at(OPENS_AT))
        await self._make_pools()
        await self._look_for_stand_bys()
        waiting = list(ASKS_AT)
        ways: tuple[Callable[[], Awaitable[bool]], ...] = (
            self._ask_for_a_route,
            self._ask_somebody,
            self._ask_the_regulars,
            self._ask_the_market,
        )
        while True:
            await world.clock.sleep(minutes=LOOK_MINUTES)
            await self._bargain()
            if waiting and world.minute() >= waiting[0]:
                waiting.pop(0)
                for way in ways:
                    await self._try(way)

    async def _try(self, way: Callable[[], Awaitable[bool]]) -> None:
        try:
            done = await way()
            self.world.tally.add("asked by hand" if done else "nobody to ask by hand")
        except RefusedError as refusal:
            self.world.tally.add(f"request refused {refusal.code}")

    async def _make_pools(self) -> None:
        """One by rule, one of people who were named."""
        rule = [{"kind": "skill", "skill": CROWD_ONLY["skill"], "level": 1}]
        self.pools["able"] = await self._pool("Solar", rule)
        self.pools["regulars"] = await self._pool("Regulars", [])
        for person in self.regulars:
            key = self.world.company.technicians[person.external_id]
            path = f"/api/talent-pools/{self.pools['regulars']}/members/{key}"
            await self.api.put(path, {"kept_out": False})

    async def _pool(self, name: str, rule: list[dict[str, Any]]) -> str:
        pool = await self.api.post("/api/talent-pools", {"name": name, "rule": rule})
        return str(pool["id"])

    async def _look_for_stand_bys(self) -> None:
        """The afternoon's duty in each territory: our own people's turn, unless a freelancer
        wants it."""
        for territory in await self.api.get("/api/territories"):
            own = [
                self.world.company.technicians[one.external_id]
                for one in self.world.city.technicians
                if one.employment == "in_house" and one.territory == territory["name"]
            ]
            day = self.world.company.opens_at.date().isoformat()
            rota = {"name": f"Duty {territory['name']}", "territory_id": territory["id"],
                    "member_ids": own, "starts_on": day}  # fmt: skip
            starts_at, ends_at, answer_by = (
                self.world.at(STAND_BY[key]).isoformat() for key in ("from", "until", "answer_by")
            )
            try:
                made = await self.api.post("/api/rotas", rota)
                wanted = {"rota_id": made["id"], "starts_at": starts_at, "ends_at": ends_at,
                          "answer_by": answer_by, "pay_cents": STAND_BY["pay_cents"]}  # fmt: skip
                await self.api.post("/api/stand-bys", wanted)
                self.world.tally.add("stand-bys offered")
            except RefusedError as refusal:
                self.world.tally.add(f"stand-by refused {refusal.code}")

    async def _ask_for_a_route(self) -> bool:
        visits = await self._open_orders(ROUTE_JOBS)
        wanted = {"visit_ids": visits, "pool_id": self.pools["able"]}
        return bool(await self.api.post("/api/bundles", wanted))

    async def _ask_somebody(self) -> bool:
        """One after the other, the haggler first, until somebody can."""
        [visit] = await self._open_orders(1)
        for person in [self.haggler, *self.rng.sample(self.able, NAMED_IN_TURN)]:
            if await self._can_be_asked(visit, person):
                return True
        return False

    async def _can_be_asked(self, visit: str, person: TechnicianIntent) -> bool:
        named = [self.world.company.technicians[person.external_id]]
        try:
            return bool(
                await self.api.post("/api/offers", {"visit_id": visit, "technician_ids": named})
            )
        except RefusedError as refusal:
            if refusal.code != "technician_not_eligible":
                raise
            return False

    async def _ask_the_regulars(self) -> bool:
        [visit] = await self._open_orders(1)
        wanted = {"visit_id": visit, "pool_id": self.pools["regulars"]}
        return bool(await self.api.post("/api/offers", wanted))

    async def _ask_the_market(self) -> bool:
        [visit] = await self._open_orders(1)
        return bool(await self.api.post("/api/offers", {"visit_id": visit, "market": True}))

    async def _open_orders(self, count: int) -> list[str]:
        """Of customers next door to each other: the visits."""
        centre = self.rng.choice(self.world.city.customers).place

        def apart(customer: CustomerIntent) -> float:
            east = 0.6 * (customer.place.longitude - centre.longitude)
            return math.hypot(customer.place.latitude - centre.latitude, east)

        near = sorted(self.world.city.customers, key=apart)[:count]
        return [await self._open_order(customer) for customer in near]

    async def _open_order(self, customer: CustomerIntent) -> str:
        company = self.world.company
        order = {
            "customer_id": company.customers[customer.external_id],
            "site_id": company.sites[customer.external_id],
            "work_type_code": CROWD_ONLY["work_type"],
            "title": "Solar panels bring little",
            "due_at": (self.world.clock.now() + DONE_WITHIN).isoformat(),
        }
        made = await self.api.post("/api/work-orders", order)
        whole = await self.api.get(f"/api/work-orders/{made['id']}")
        return str(whole["visits"][0]["id"])

    async def _bargain(self) -> None:
        waiting = await self.api.get("/api/counter-offers", status="open")
        for counter in waiting["items"]:
            if "accept" in counter["moves"]:
                await self._answer(counter)

    async def _answer(self, counter: dict[str, Any]) -> None:
        """Agree to a little more, now and then only to half of it."""
        asked, offered = counter["pay_cents"], counter["offered_cents"]
        path = f"/api/counter-offers/{counter['id']}"
        try:
            if asked > offered * FAIR:
                await self.api.post(f"{path}/decline", {"answer": "too dear"})
                self.world.tally.add("other terms refused")
            elif "counter" in counter["moves"] and self.rng.random() > GENEROUS:
                half = {"pay_cents": (asked + offered) // 2, "note": "Shall we meet half-way?"}
                await self.api.post(f"/api/offers/{counter['offer_id']}/counter", half)
                self.world.tally.add("other terms proposed")
            else:
                await self.api.post(f"{path}/accept")
                self.world.tally.add("other terms agreed")
        except RefusedError as refusal:
            self.world.tally.add(f"terms refused {refusal.code}")
