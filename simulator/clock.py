"""Business time as the server has it; everybody in the city waits by it."""

import asyncio
import time
from datetime import datetime, timedelta

import httpx

SYNC_SECONDS = 1.0


class SimulationOverError(Exception):
    """The day has ended; actors go home."""


class CityClock:
    """Follows the server's clock, whose rate may change."""

    def __init__(self, http: httpx.AsyncClient, base: str) -> None:
        self._http = http
        self._base = base
        self._at: datetime | None = None
        self._seen = 0.0
        self._rate = 1.0
        self.ends_at: datetime | None = None

    async def sync(self) -> None:
        answer = (await self._http.get(f"{self._base}/api/clock")).json()
        self._at = datetime.fromisoformat(answer["now"])
        self._rate = float(answer["rate"])
        self._seen = time.monotonic()

    async def follow(self) -> None:
        """Keep in step until cancelled."""
        while True:
            await asyncio.sleep(SYNC_SECONDS)
            try:
                await self.sync()
            except (httpx.HTTPError, KeyError, ValueError):
                continue

    def now(self) -> datetime:
        assert self._at is not None, "sync first"
        return self._at + timedelta(seconds=(time.monotonic() - self._seen) * self._rate)

    async def sleep(self, **duration: float) -> None:
        """Wait for a span of business time, such as `minutes=5`."""
        await self.sleep_until(self.now() + timedelta(**duration))

    async def sleep_until(self, at: datetime) -> None:
        while True:
            now = self.now()
            if self.ends_at is not None and now >= self.ends_at:
                raise SimulationOverError
            if now >= at:
                return
            seconds = (at - now).total_seconds() / max(self._rate, 0.001)
            await asyncio.sleep(min(seconds, 1.0))
