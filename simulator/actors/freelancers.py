"""Freelancers: some answer offers at once and race, some bargain, give back, or never answer."""

import base64
import random
from typing import Any

from simulator.api import Api, RefusedError
from simulator.city import TechnicianIntent
from simulator.world import World

EAGER_EVERY_MINUTES = 6
LOOK_MINUTES = 8
BARGAINS, GIVES_BACK = 0.1, 0.05
PAPER = base64.b64encode(b"%PDF-1.4 certificate").decode()
PARKING = {"kind": "expense", "amount_cents": 850, "reason": "Parking"}


class Freelancer:
    """Watches the offers on the technician's phone; the work itself is a Technician's."""

    def __init__(self, world: World, person: TechnicianIntent, api: Api) -> None:
        self.world = world
        self.person = person
        self.api = api
        self.rng = random.Random(f"{world.city.seed}:{person.external_id}:offers")
        self.has_complained = False

    async def live(self) -> None:
        clock = self.world.clock
        await clock.sleep_until(self.world.company.opens_at)
        while True:
            await self._pause()
            if not self.person.answers:
                continue
            seen = set[str]()
            for offer in await self.api.get("/api/technician/offers"):
                if offer["bundle_id"] not in seen:
                    await self._look_at(offer)
                seen |= {offer["bundle_id"]} - {None}
            await self._stand_by()
            if self.person.external_id == self.world.city.haggler and not self.has_complained:
                await self._complain()
            for asked in await self.api.get("/api/technician/confirmations"):
                await self._try(f"confirmations/{asked['id']}/confirm", None, "visits confirmed")

    async def _complain(self) -> None:
        """Doubts the first pay, and wants the parking back."""
        earned = await self.api.get("/api/technician/earnings")
        pays = [
            one for one in earned["payouts"] if one["kind"] == "pay" and one["status"] == "earned"
        ]
        if not pays:
            return
        doubt = {"reason": "I waited for half an hour."}
        await self._try(f"payouts/{pays[-1]['id']}/dispute", doubt, "pay doubted")
        self.has_complained = self.world.tally.counts["pay doubted"] > 0
        if not self.has_complained:
            return
        receipt = {"name": "parking.pdf", "content": PAPER}
        paper = await self.api.post("/api/technician/documents", receipt)
        wanted = {**PARKING, "visit_id": pays[-1]["visit_id"], "document_id": paper["id"]}
        await self._try("pay-changes", wanted, "expenses asked for")

    async def _stand_by(self) -> None:
        """Takes every duty, and goes when it calls."""
        duties = await self.api.get("/api/technician/stand-bys")
        for duty in duties:
            if duty["can_answer"]:
                await self._try(f"stand-bys/{duty['id']}/accept", None, "stand-bys taken")
        if any(duty["status"] == "accepted" for duty in duties):
            for call in (await self.api.get("/api/technician/on-call"))["call_outs"]:
                answer = {"call_out_id": call["id"], "accepted": True}
                await self._try("on-call/call-outs", answer, "call-outs answered")

    async def _look_at(self, offer: dict[str, Any]) -> None:
        counter = offer["counter"]
        if counter and "accept" in counter["moves"]:
            await self._try(f"counter-offers/{counter['id']}/accept", None, "office's terms taken")
        elif offer["bundle_id"] and "accept" in offer["moves"]:
            await self._try(f"bundles/{offer['bundle_id']}/accept", None, "bundles accepted")
        elif "accept" in offer["moves"]:
            await self._answer(offer)

    async def _pause(self) -> None:
        """The eager look at the same minutes, which is why they race."""
        clock = self.world.clock
        if not self.person.eager:
            await clock.sleep(minutes=self.rng.uniform(LOOK_MINUTES, 3 * LOOK_MINUTES))
            return
        passed = (clock.now() - self.world.company.opens_at).total_seconds() / 60
        rounds = int(passed // EAGER_EVERY_MINUTES) + 1
        await clock.sleep_until(self.world.at(rounds * EAGER_EVERY_MINUTES))

    async def _answer(self, offer: dict[str, Any]) -> None:
        tally, offer_id, visit_id = self.world.tally, offer["id"], offer["visit_id"]
        try:
            await self.api.post(f"/api/technician/offers/{offer_id}/viewed")
            if self.rng.random() < 0.2:
                decline = f"/api/technician/offers/{offer_id}/decline"
                await self.api.post(decline, {"reason": "busy"})
                tally.add("offers declined")
                return
            if "counter" in offer["moves"] and self.rng.random() < self._bargains(offer):
                more = {"pay_cents": offer["pay_cents"] * 11 // 10, "note": "Far for that pay."}
                await self.api.post(f"/api/technician/offers/{offer_id}/counter", more)
                tally.add("other terms asked for")
                return
            tally.press(visit_id)
            await self.api.post(f"/api/technician/offers/{offer_id}/accept", kind="accept")
            tally.add("offers accepted")
            if self.rng.random() < GIVES_BACK:
                await self.api.post(
                    f"/api/technician/visits/{visit_id}/back-out", {"reason": "car"}
                )
                tally.add("visits given back")
        except RefusedError as refusal:
            tally.add(f"offer refused {refusal.code}")

    def _bargains(self, offer: dict[str, Any]) -> float:
        haggles = self.person.external_id == self.world.city.haggler
        return 1.0 if haggles and offer["asked_count"] == 1 else BARGAINS

    async def _try(self, path: str, body: Any, done: str) -> None:
        try:
            await self.api.post(f"/api/technician/{path}", body)
            self.world.tally.add(done)
        except RefusedError as refusal:
            self.world.tally.add(f"offer refused {refusal.code}")
