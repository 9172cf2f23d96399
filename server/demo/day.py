"""Runs the city beside the stack, and keeps the clock at a pace that the jobs can follow."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from kernel import clock, db
from kernel.errors import StartError
from kernel.log import get_logger
from server.bootstrap import OWNER, PASSWORD, ensure_owner
from server.stack import Stack

BEFORE_OPENING = timedelta(minutes=30)
MOST_LAG = timedelta(minutes=1)
SLOWEST_RATE = 10.0
DRAIN_SECONDS = 90.0

LAG = text(
    """
    SELECT coalesce(max(CASE WHEN due_at IS NULL THEN (clock_timestamp() - created_at) * :rate
                             ELSE app_now() - greatest(due_at, :since) END), interval '0')
      FROM job WHERE status = 'waiting' AND attempts = 0 AND queue IN ('critical', 'default')
       AND (due_at IS NULL OR due_at <= (SELECT app_now()))
    """
)
logger = get_logger(__name__)


class CityError(StartError):
    """The city does not live any more."""


@dataclass
class Day:
    """A day in the city; `latest` is the last line the city printed, `report` its closing one.

    The clock runs at `rate` where it can, and not below `slowest_rate`.
    """

    stack: Stack
    opens_at: datetime
    hours: float
    rate: float
    seed: int
    journal: Path
    slowest_rate: float = SLOWEST_RATE
    latest: dict[str, Any] = field(default_factory=dict)
    report: dict[str, Any] | None = None
    present_rate: float = 0.0
    slowed: int = 0
    revived: list[str] = field(default_factory=list)
    _city: "subprocess.Popen[str] | None" = None
    _ready: threading.Event = field(default_factory=threading.Event)

    def prepare(self) -> None:
        """Set the clock, and have the city move in; gives up when the city does."""
        with db.transaction() as session:
            ensure_owner(session)
            clock.set_clock(session, self.opens_at - timedelta(hours=1), rate=0)
        self.journal.unlink(missing_ok=True)
        command = [
            *("setpriv", "--pdeathsig", "KILL", "--", sys.executable, "-P", "-m", "simulator"),
            *("--url", self.stack.url, "--mqtt", self.stack.embedded.mqtt_url),
            *("--opens-at", self.opens_at.isoformat(), "--hours", str(self.hours)),
            *("--admin", OWNER, "--password", PASSWORD, "--seed", str(self.seed)),
            *("--journal", str(self.journal)),
        ]
        log = (self.stack.logs / "city.log").open("w")
        self._city = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def is_ready(self) -> bool:
        if self._city is not None and self._city.poll() not in (None, 0):
            raise self._ended_early()
        return self._ready.is_set()

    def begin(self) -> None:
        """Let time run, and the actors with it."""
        assert self._city is not None
        assert self._city.stdin is not None
        with db.transaction() as session:
            clock.set_clock(session, self.opens_at - BEFORE_OPENING, rate=self.rate)
        self._city.stdin.write("\n")
        self._city.stdin.flush()

    def watch(self, show: Callable[["Day"], None], stop: Callable[[], bool]) -> None:
        """Once a second until the city reports: revive the dead, follow the lag, show."""
        self.present_rate = self.rate
        while self.report is None and not stop():
            time.sleep(1)
            assert self._city is not None
            if self._city.poll() is not None and self.report is None:
                raise self._ended_early()
            self.revived += self.stack.revive()
            self.present_rate = self._pace(self.present_rate)
            show(self)

    @property
    def progress(self) -> float:
        """The share of the day that has passed, as the city tells it."""
        return max(0.0, float(self.latest.get("progress", 0.0)))  # it begins before the opening

    @property
    def is_slowed(self) -> bool:
        return self.present_rate < self.rate

    def _ended_early(self) -> CityError:
        return CityError(f"The city ended early; see {self.stack.logs / 'city.log'}")

    def _pace(self, present: float) -> float:
        """Slow down while jobs lag more than a minute of business time; speed up again after."""
        since = self.opens_at - BEFORE_OPENING
        with db.transaction() as session:
            lag = session.execute(LAG, {"rate": present, "since": since}).scalar_one()
            wanted = present * 0.75 if lag > MOST_LAG else min(self.rate, present * 1.25)
            wanted = max(min(self.rate, self.slowest_rate), wanted)
            if abs(wanted - present) > 0.01:
                clock.set_rate(session, wanted)
                self.slowed += wanted < present
        return wanted

    def settle(self) -> None:
        """Stop the clock and let the jobs that are due come to an end."""
        with db.transaction() as session:
            clock.set_rate(session, 0)
        deadline = time.monotonic() + DRAIN_SECONDS
        while time.monotonic() < deadline and self._due():
            time.sleep(0.5)

    def _due(self) -> int:
        with db.transaction() as session:
            return int(
                session.execute(
                    text(
                        "SELECT count(*) FROM job WHERE status IN ('waiting', 'running')"
                        " AND (due_at IS NULL OR due_at <= (SELECT app_now()))"
                        " AND handler <> 'kernel.seal_audit'"
                    )
                ).scalar_one()
            )

    def _listen(self) -> None:
        assert self._city is not None
        assert self._city.stdout is not None
        for line in self._city.stdout:
            said = json.loads(line)
            if said.get("step") == "ready":
                self._ready.set()
                continue
            self.latest.update(said)
            if "report" in said:
                self.report = said["report"]
