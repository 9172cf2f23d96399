"""Finance: looks at what freelancers ask for, settles what they doubt, and sends the money."""

from collections.abc import Awaitable
from typing import Any

from simulator.api import RefusedError
from simulator.setup import FINANCE, PASSWORD
from simulator.world import World

BEGINS_AT, EVERY_MINUTES = 180, 60
GOODWILL_CENTS = 500


class Finance:
    """Once an hour from the late morning on."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.api = world.api()

    async def sign_in(self) -> None:
        await self.api.sign_in(FINANCE, PASSWORD)

    async def live(self) -> None:
        clock = self.world.clock
        await clock.sleep_until(self.world.at(BEGINS_AT))
        while True:
            await self._agree_to_expenses()
            await self._settle()
            await self._approve()
            await self._try(self.api.post("/api/payout-runs"), "payout runs")
            await clock.sleep(minutes=EVERY_MINUTES)

    async def _agree_to_expenses(self) -> None:
        for change in await self._waiting("pay-changes", "asked"):
            await self._try(self.api.post(f"/api/pay-changes/{change['id']}/approve"), "expenses")

    async def _settle(self) -> None:
        answer = {"answer": "You waited, and we had not said so.", "change_cents": GOODWILL_CENTS}
        for dispute in await self._waiting("disputes", "open"):
            settled = self.api.post(f"/api/disputes/{dispute['id']}/settle", answer)
            await self._try(settled, "disputes settled")

    async def _approve(self) -> None:
        for payout in await self._waiting("payouts", "earned"):
            approved = self.api.post(f"/api/payouts/{payout['id']}/approve")
            await self._try(approved, "payouts approved")

    async def _waiting(self, what: str, status: str) -> list[dict[str, Any]]:
        page = await self.api.get(f"/api/{what}", status=status, limit=100)
        return list(page["items"])

    async def _try(self, work: Awaitable[Any], done: str) -> None:
        try:
            await work
            self.world.tally.add(done)
        except RefusedError as refusal:
            self.world.tally.add(f"money refused {refusal.code}")
