"""Freelancers: some answer offers at once and race, some take their time, some never answer."""

import random

from simulator.api import Api, RefusedError
from simulator.city import TechnicianIntent
from simulator.world import World

EAGER_EVERY_MINUTES = 6
LOOK_MINUTES = 8


class Freelancer:
    """Watches the offers on the technician's phone; the work itself is a Technician's."""

    def __init__(self, world: World, person: TechnicianIntent, api: Api) -> None:
        self.world = world
        self.person = person
        self.api = api
        self.rng = random.Random(f"{world.city.seed}:{person.external_id}:offers")

    async def live(self) -> None:
        clock = self.world.clock
        await clock.sleep_until(self.world.company.opens_at)
        while True:
            await self._pause()
            for offer in await self.api.get("/api/technician/offers"):
                if offer["status"] in ("sent", "viewed") and self.person.answers:
                    await self._answer(offer["id"], offer["visit_id"])

    async def _pause(self) -> None:
        """The eager look at the same minutes, which is why they race."""
        clock = self.world.clock
        if not self.person.eager:
            await clock.sleep(minutes=self.rng.uniform(LOOK_MINUTES, 3 * LOOK_MINUTES))
            return
        passed = (clock.now() - self.world.company.opens_at).total_seconds() / 60
        rounds = int(passed // EAGER_EVERY_MINUTES) + 1
        await clock.sleep_until(self.world.at(rounds * EAGER_EVERY_MINUTES))

    async def _answer(self, offer_id: str, visit_id: str) -> None:
        tally = self.world.tally
        try:
            await self.api.post(f"/api/technician/offers/{offer_id}/viewed")
            if self.rng.random() < 0.2:
                decline = f"/api/technician/offers/{offer_id}/decline"
                await self.api.post(decline, {"reason": "busy"})
                tally.add("offers declined")
                return
            tally.press(visit_id)
            await self.api.post(f"/api/technician/offers/{offer_id}/accept", kind="accept")
            tally.add("offers accepted")
        except RefusedError as refusal:
            tally.add(f"offer refused {refusal.code}")
