"""Customers: they book from the phone, change their minds, answer alerts or do not, and rate."""

import random
import re
from datetime import datetime, timedelta
from typing import Any

from simulator.api import Api, RefusedError
from simulator.city import CustomerIntent
from simulator.world import World

LOOK_MINUTES = 40
WINDOW_TRIES = 4


class Inbox:
    """The phone's messages, read from the development inbox."""

    def __init__(self, admin: Api) -> None:
        self._admin = admin

    async def newest(self, address: str, template: str | None = None) -> dict[str, Any] | None:
        page = await self._admin.get("/api/inbox", address=address, limit=20)
        for message in page["items"]:
            if template is None or str(message["template"]).startswith(template):
                return dict(message)
        return None


class Customer:
    """One customer with a phone and no password."""

    def __init__(self, world: World, person: CustomerIntent, inbox: Inbox) -> None:
        self.world = world
        self.person = person
        self.inbox = inbox
        self.api = world.api()
        self.rng = random.Random(f"{world.city.seed}:{person.external_id}")

    async def book(self) -> None:
        """The life of somebody who wants something today."""
        assert self.person.books_at is not None
        clock = self.world.clock
        await clock.sleep_until(self.world.at(self.person.books_at))
        await self._prove()
        request = {
            "site_id": self.world.company.sites[self.person.external_id],
            "work_type_code": self.person.books,
            "description": "It does not work as it should.",
            "answers": {},
        }
        visit_id = (await self.api.post("/api/customer/requests", request))["visit_id"]
        if not await self._take_window(visit_id):
            self.world.tally.add("bookings without a window")
            return
        self.world.tally.add("bookings confirmed")
        await clock.sleep(minutes=self.rng.uniform(10, 40))
        await self._second_thoughts(visit_id)
        await self._follow(visit_id)

    async def watch_alerts(self) -> None:
        """Look at messages about the own devices and answer them, or never do."""
        failing = [
            device.fails_at if device.life_minutes is None else 0  # told before it fails
            for device in self.person.devices
            if device.fails_at is not None
        ]
        await self.world.clock.sleep_until(self.world.at(min(failing)))
        answered: set[str] = set()
        while True:
            await self.world.clock.sleep(minutes=LOOK_MINUTES)
            for address in (self.person.phone, self.person.email):
                message = await self.inbox.newest(address, "alert")
                if message is None or message["alert_id"] in answered:
                    continue
                if not self.person.answers_alerts:
                    self.world.tally.add("alerts never answered")
                    return
                answered.add(message["alert_id"])
                await self._answer(message["alert_id"])

    async def _prove(self) -> None:
        if self.api.tokens:
            return
        await self.api.post("/api/auth/code", {"address": self.person.email})
        tried: set[str] = set()
        for _ in range(40):
            await self.world.clock.sleep(seconds=60)
            message = await self.inbox.newest(self.person.email, "sign_in_code")
            code = re.search(r"\b\d{6}\b", message["text"]) if message else None
            if code is None or code.group() in tried:
                continue
            tried.add(code.group())
            try:
                await self.api.prove(self.person.email, code.group())
                return
            except RefusedError:
                continue
        raise RefusedError(504, {"code": "no_code", "detail": "the code never came"})

    async def _take_window(self, visit_id: str) -> bool:
        for _ in range(WINDOW_TRIES):
            day = self.world.clock.now().date().isoformat()
            path = f"/api/customer/visits/{visit_id}"
            windows = await self.api.get(f"{path}/windows", **{"from": day, "days": 2})
            if not windows:
                return False
            chosen = windows[min(int(self.rng.expovariate(0.7)), len(windows) - 1)]
            wanted = {"window_start": chosen["start"], "window_end": chosen["end"]}
            try:
                if chosen["confirm_by"]:
                    await self.api.post(f"{path}/ask-for-date", wanted, kind="booking")
                    self.world.tally.add("dates to be confirmed")
                    return True
                await self.api.post(f"{path}/hold", wanted, kind="hold")
                await self.world.clock.sleep(minutes=self.rng.uniform(0.5, 3))
                await self.api.post(f"{path}/confirm", kind="booking")
                return True
            except RefusedError as refusal:
                self.world.tally.add(f"booking refused {refusal.code}")
        return False

    async def _second_thoughts(self, visit_id: str) -> None:
        path = f"/api/customer/visits/{visit_id}"
        try:
            if self.person.second_thoughts == "cancel":
                await self.api.post(f"{path}/cancel", {"reason": "It works again."})
                self.world.tally.add("bookings cancelled")
            if self.person.second_thoughts == "reschedule":
                day = (self.world.clock.now() + timedelta(days=1)).date().isoformat()
                windows = await self.api.get(f"{path}/windows", **{"from": day, "days": 1})
                sure = [window for window in windows if not window["confirm_by"]]
                if sure:
                    wanted = {"window_start": sure[0]["start"], "window_end": sure[0]["end"]}
                    await self.api.post(f"{path}/reschedule", wanted)
                    self.world.tally.add("bookings rescheduled")
        except RefusedError as refusal:
            self.world.tally.add(f"change refused {refusal.code}")

    async def _follow(self, visit_id: str) -> None:
        """Track the visit and rate it when it is over."""
        path = f"/api/customer/visits/{visit_id}"
        while True:
            seen = await self.api.get(path)
            if seen["status"] in ("cancelled", "incomplete"):
                return
            if seen["moves"]["can_rate"]:
                stars = self.rng.choices((5, 4, 3, 2), (60, 25, 10, 5))[0]
                rating = {"csat": stars, "effort": 2, "solved_first_time": stars > 2}
                await self.api.post(f"{path}/rate", rating)
                self.world.tally.add("ratings")
                return
            arrival = seen["arrival_start"]
            far = arrival is not None and datetime.fromisoformat(
                arrival
            ) > self.world.clock.now() + timedelta(minutes=90)
            await self.world.clock.sleep(minutes=60 if far else LOOK_MINUTES)

    async def _answer(self, alert_id: str) -> None:
        await self._prove()
        page = await self.api.get(f"/api/customer/alerts/{alert_id}")
        choice: dict[str, Any] = {"choice": "ignore"}
        if "remote_fix" in page["choices"] and self.rng.random() < 0.5:
            choice = {"choice": "remote_fix"}
        elif page["windows"] and self.rng.random() < 0.9:
            first = page["windows"][0]
            choice = {"choice": "slot", "window_start": first["start"], "window_end": first["end"]}
        if choice["choice"] not in page["choices"]:
            return
        try:
            answered = await self.api.post(f"/api/customer/alerts/{alert_id}/answer", choice)
            self.world.tally.add(f"alerts answered {choice['choice']}")
            if answered["visit_id"]:
                await self._follow(answered["visit_id"])
        except RefusedError as refusal:
            self.world.tally.add(f"alert answer refused {refusal.code}")
