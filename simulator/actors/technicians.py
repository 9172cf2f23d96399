"""Technicians on the road: they look at their day, drive, work, and tell the phone each step."""

import random
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from simulator.api import Api, RefusedError
from simulator.city import TechnicianIntent
from simulator.setup import PASSWORD
from simulator.wear import progress, wear_of
from simulator.world import World

LOOK_MINUTES = 12
OFFLINE_MINUTES = 45
SEEN_FROM = 0.1
"""A technician sees wear from this share of it on."""
OPEN = ("dispatched", "accepted", "en_route", "on_site", "in_progress")


class Technician:
    """One technician with one phone; offline, commands wait in the phone and go as one batch."""

    def __init__(self, world: World, person: TechnicianIntent, absent_sites: set[str]) -> None:
        self.world = world
        self.person = person
        self.absent_sites = absent_sites
        self.api: Api = world.api()
        self.rng = random.Random(f"{world.city.seed}:{person.external_id}")
        self.phone = str(uuid4())
        self.seq = 0
        self.waiting: list[dict[str, Any]] = []
        self.offline_until: datetime | None = None

    async def sign_in(self) -> None:
        await self.api.sign_in(self.person.email, PASSWORD)

    async def live(self) -> None:
        world, clock = self.world, self.world.clock
        await clock.sleep_until(world.company.opens_at)
        await self.api.post("/api/technician/duty", {"on_duty": True})
        await clock.sleep(minutes=self.rng.uniform(0, LOOK_MINUTES))
        while True:
            if self.person.external_id in world.ill:
                return
            self._lose_network()
            visit = await self._next_visit()
            if visit is None:
                await clock.sleep(minutes=LOOK_MINUTES)
                continue
            try:
                await self._do(visit)
            except RefusedError as refusal:
                world.tally.add(f"technician refused {refusal.code}")
                await self._flush()
                await clock.sleep(minutes=LOOK_MINUTES / 2)

    def _lose_network(self) -> None:
        lost = self.person.offline_from
        if lost is None or self.offline_until is not None:
            return
        if self.world.clock.now() >= self.world.at(lost):
            self.offline_until = self.world.clock.now() + timedelta(minutes=OFFLINE_MINUTES)
            self.world.tally.add("phones offline")

    @property
    def is_offline(self) -> bool:
        return self.offline_until is not None and self.world.clock.now() < self.offline_until

    async def _next_visit(self) -> dict[str, Any] | None:
        if self.is_offline:
            return None
        await self._flush()
        day = await self.api.get("/api/technician/day")
        for visit in sorted(day["visits"], key=lambda v: str(v["starts_at"])):
            if visit["status"] in OPEN:
                return dict(visit)
        return None

    async def _do(self, visit: dict[str, Any]) -> None:
        clock = self.world.clock
        leaves_at = datetime.fromisoformat(visit["starts_at"]) - timedelta(
            seconds=visit["travel_seconds"]
        )
        if visit["status"] == "dispatched" and self._must_accept(visit):
            await self._move(visit, "accepted")
            visit["status"] = "accepted"
        if visit["status"] in ("dispatched", "accepted"):
            if leaves_at > clock.now() + timedelta(minutes=LOOK_MINUTES):
                await clock.sleep(minutes=LOOK_MINUTES)
                return
            await clock.sleep_until(leaves_at)
            await self._move(visit, "en_route")
            await self._drive(visit)
            visit["status"] = "en_route"
        if visit["status"] == "en_route":
            await self._move(visit, "on_site")
            visit["status"] = "on_site"
        if visit["status"] == "on_site":
            if visit["site"]["id"] in self.absent_sites:
                await self._nobody_home(visit)
                return
            await self._move(visit, "in_progress")
        await self._work(visit)

    def _must_accept(self, visit: dict[str, Any]) -> bool:
        return any(move["to"] == "accepted" for move in visit["next_moves"])

    async def _drive(self, visit: dict[str, Any]) -> None:
        seconds = visit["travel_seconds"] * self.rng.uniform(0.7, 1.35)
        for _ in range(2):
            await self.world.clock.sleep(seconds=seconds / 2)
            if not self.is_offline:
                site = visit["site"]
                body = {"latitude": site["latitude"] + self.rng.uniform(-0.005, 0.005),
                        "longitude": site["longitude"], "accuracy_m": 12}  # fmt: skip
                await self.api.post("/api/technician/position", body)

    async def _work(self, visit: dict[str, Any]) -> None:
        minutes = visit["duration_minutes"] * self.person.pace * self.rng.lognormvariate(0, 0.2)
        await self.world.clock.sleep(minutes=max(5.0, minutes))
        unfinished = self.rng.random() < 0.03
        if unfinished:
            await self._move(visit, "incomplete", reason="parts_missing")
            self.world.tally.add("parts missing")
            return
        verdict = None
        if visit["source"] == "iot":
            verdict = self._verdict(visit)
        checks = {str(item.get("key", n)): True for n, item in enumerate(visit["checklist"])}
        await self._move(visit, "completed", report={"checklist": checks}, verdict=verdict)
        self.world.tally.add("visits completed")

    def _verdict(self, visit: dict[str, Any]) -> str:
        """What is there to be seen: a machine that wears, or a sensor that is wrong; either works
        again afterwards."""
        is_true = False
        for device in self.world.devices_of((visit["asset"] or {}).get("id", "")):
            wear = wear_of(self.world.city, device)
            worn = wear is not None and progress(wear, self.world.minute()) > SEEN_FROM
            if wear is not None and worn:
                self.world.mended.add(device.external_id)
                is_true = is_true or not wear.is_false
        verdict = "true_fault" if is_true else "false_alarm"
        self.world.tally.add(f"verdict {verdict}")
        return verdict

    async def _nobody_home(self, visit: dict[str, Any]) -> None:
        await self.world.clock.sleep(minutes=12)
        await self._move(visit, "incomplete", reason="customer_absent")
        self.world.tally.add("no-shows")
        self.absent_sites.discard(visit["site"]["id"])  # the customer has heard of it and stays in

    async def _move(
        self,
        visit: dict[str, Any],
        to: str,
        *,
        reason: str | None = None,
        report: dict[str, Any] | None = None,
        verdict: str | None = None,
    ) -> None:
        wish = {"to": to, "reason": reason, "report": report, "verdict": verdict}
        body = {name: value for name, value in wish.items() if value is not None}
        if self.is_offline or self.waiting:
            self.seq += 1
            self.waiting.append(
                {"seq": self.seq, "id": str(uuid4()), "kind": "move", "visit_id": visit["id"],
                 "at": self.world.clock.now().isoformat(), "payload": body}
            )  # fmt: skip
            await self._flush()
            return
        await self.api.post(f"/api/technician/visits/{visit['id']}/move", body, kind="move")

    async def _flush(self) -> None:
        """Send what waited; each command is answered by itself, none blocks the next."""
        if self.is_offline or not self.waiting:
            return
        batch = {"device_id": self.phone, "commands": self.waiting}
        reply = await self.api.post("/api/technician/commands", batch)
        self.world.journal.commands_done(self.phone, reply["results"])
        for result in reply["results"]:
            self.world.tally.add(f"offline command {result['status']}")
        self.waiting = []
