"""I6 and I7: each event takes effect once, each tick fires once, whatever is killed."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text

from benchmarks.invariants.probe import HARMLESS, HURRIED, KILLS, RAISES, TABLES, Probed
from benchmarks.invariants.servers import count, fresh
from kernel import db, jobs
from kernel.embedded import Embedded
from kernel.events import publish

FAILPOINTS = (
    "relay.after_take",
    "relay.after_send",
    "worker.after_receive",
    "worker.after_claim",
    "worker.after_effect",
    "worker.after_outside",
    "probe.after_call",
)
PROGRAM = "from benchmarks.invariants.probe import main; main({!r})"
BATCH = 50
POISON_EVERY = 200
WAIT_SECONDS = 600.0
CRASH_SECONDS = 60.0


@dataclass
class Outcome:
    """What an attack did and what it found broken."""

    operations: int = 0
    faults: int = 0
    violations: list[str] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)


@dataclass
class Crew:
    """Relays and workers of the probe; killed ones are replaced."""

    folder: Path
    children: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    failpoint: str = ""
    hurried: bool = False
    program: str = PROGRAM

    def launch(self, name: str) -> None:
        environment = {**os.environ, "FIRSTFIX_FAILPOINTS": self.failpoint}
        environment[HURRIED] = "yes" if self.hurried else ""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.children[name] = subprocess.Popen(
                [sys.executable, "-c", self.program.format(name.rstrip("0123456789"))],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        os.killpg(self.children[name].pid, signal.SIGKILL)
        self.children[name].wait()

    def revive(self) -> int:
        dead = [name for name, child in self.children.items() if child.poll() is not None]
        for name in dead:
            self.kill_group(name)
            self.launch(name)
        return len(dead)

    def kill_group(self, name: str) -> None:
        try:
            os.killpg(self.children[name].pid, signal.SIGKILL)
        except ProcessLookupError:
            return


@contextmanager
def crew(folder: Path) -> Iterator[Crew]:
    made = Crew(folder)
    try:
        yield made
    finally:
        for name in made.children:
            made.kill_group(name)
            made.children[name].wait()


def attack(folder: Path, *, events: int, seed: int = 1, hurried: bool = False) -> Outcome:
    """Publish while relays, workers and the broker are killed, stopped and crash at failpoints.

    Hurried, leases and gaps between sends are short and all failpoints bite in one go.
    """
    rng = random.Random(seed)
    outcome = Outcome(operations=events)
    jobs.seal()
    with fresh(folder, broker=True) as embedded, crew(folder) as team:
        with db.transaction() as session:
            for statement in TABLES:
                session.execute(text(statement))
        tempers = _publish_all(events)
        team.hurried = hurried
        for name in ("relay1", "relay2", "worker1", "worker2"):
            team.launch(name)
        for points in [FAILPOINTS] if hurried else [(point,) for point in FAILPOINTS]:
            _crash_at(team, points, outcome)
            _hurt(rng, team, embedded, outcome)
        started = time.monotonic()
        _await_end(team, outcome)
        outcome.figures["drain_seconds"] = round(time.monotonic() - started, 1)
        _judge(tempers, outcome)
    return outcome


def _publish_all(events: int) -> dict[int, str]:
    tempers = {}
    for number in range(events):
        kind = number % POISON_EVERY
        tempers[number] = RAISES if kind == 7 else KILLS if kind == 19 else HARMLESS
    for first in range(0, events, BATCH):
        with db.transaction() as session:
            for number in range(first, min(first + BATCH, events)):
                publish(session, Probed(number=number, temper=tempers[number]))
    return tempers


def _crash_at(team: Crew, points: Sequence[str], outcome: Outcome) -> None:
    """Restart the processes so that the first to come past each of these points dies there."""
    tokens = {point: team.folder / f"token {point}" for point in points}
    team.failpoint = ",".join(f"{point}=kill@{token}" for point, token in tokens.items())
    kinds = {point.partition(".")[0].replace("probe", "worker") for point in points}
    for name in [n for n in team.children if n.rstrip("0123456789") in kinds]:
        team.kill_group(name)
        team.children[name].wait()
        team.launch(name)
    deadline = time.monotonic() + CRASH_SECONDS
    while not all(token.exists() for token in tokens.values()) and time.monotonic() < deadline:
        if _left() == 0:
            break
        team.revive()
        time.sleep(0.1)
    for point, token in tokens.items():
        outcome.faults += int(token.exists())
        outcome.figures[f"bit {point}"] = float(token.exists())
    team.failpoint = ""
    team.revive()


def _hurt(rng: random.Random, team: Crew, embedded: Embedded, outcome: Outcome) -> None:
    victim = rng.choice([*team.children, "broker", "broker_stopped", "stopped"])
    if victim == "broker":
        os.kill(embedded.pids["valkey"], signal.SIGKILL)
        time.sleep(0.5)
        embedded.revive()
    elif victim == "broker_stopped":
        pid = embedded.pids["valkey"]
        os.kill(pid, signal.SIGSTOP)
        time.sleep(3)
        os.kill(pid, signal.SIGCONT)
    elif victim == "stopped":
        pid = team.children[rng.choice(list(team.children))].pid
        os.killpg(pid, signal.SIGSTOP)
        time.sleep(3)
        os.killpg(pid, signal.SIGCONT)
    else:
        team.kill(victim)
        team.launch(victim)
    outcome.faults += 1


def _left() -> int:
    return count(
        "SELECT count(*) FROM job WHERE status IN ('waiting', 'running')"
        " AND handler IN ('probe.effect', 'probe.outside')"
    )


def _await_end(team: Crew, outcome: Outcome) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while _left() and time.monotonic() < deadline:
        team.revive()
        time.sleep(0.25)
    if _left():
        outcome.violations.append(f"I6: {_left()} jobs never ended")


def _judge(tempers: dict[int, str], outcome: Outcome) -> None:
    harmless = sum(temper == HARMLESS for temper in tempers.values())
    poison = len(tempers) - harmless
    expected = {
        "I6: effects of harmless events": ("SELECT count(*) FROM probe_effect", harmless),
        "I6: different effects": ("SELECT count(DISTINCT number) FROM probe_effect", harmless),
        "I6: effects of outside work": ("SELECT count(*) FROM probe_outside", len(tempers)),
        "I6: dead letters": ("SELECT count(*) FROM job WHERE status = 'dead'", poison),
        "I7: ticks fired twice": (
            "SELECT count(*) - count(DISTINCT due_at) FROM probe_tick", 0),
        "I7: ticks done without effect": (
            "SELECT count(*) FROM job WHERE handler = 'probe.tick' AND status = 'done'"
            " AND tick_at NOT IN (SELECT due_at FROM probe_tick)", 0),
    }  # fmt: skip
    for what, (statement, wanted) in expected.items():
        found = count(statement)
        if found != wanted:
            outcome.violations.append(f"{what}: {found} instead of {wanted}")
    outcome.figures["ticks"] = count("SELECT count(*) FROM probe_tick")
    outcome.figures["repeated_calls"] = count(
        "SELECT count(*) - count(DISTINCT key) FROM probe_call"
    )
    outcome.figures["redelivered"] = count("SELECT count(*) FROM job WHERE attempts > 1")
    if outcome.figures["redelivered"] == 0:
        outcome.violations.append("I6: no fault bit, the attack proved nothing")
