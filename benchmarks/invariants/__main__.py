"""`python -m benchmarks.invariants`: attack every invariant and count what broke."""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from benchmarks.invariants import (
    access,
    brokers,
    checker,
    commands,
    crashes,
    history,
    jobs,
    ledgers,
    payouts,
    phones,
    pins,
    plans,
    recovery,
    retries,
    states,
    storms,
    trail,
    versions,
    winners,
)
from benchmarks.invariants.jobs import Outcome
from benchmarks.invariants.schedule import connections, make_arena
from benchmarks.invariants.servers import fresh, load_product
from kernel import db
from tests.marketplace.races import Tally, race_accepts, race_sweeper

CONNECTIONS = 64
"""As three API processes have; whoever finds none, or waits too long for a lock, asks again."""
SHORT = 0.05
"""The share of the full counts without --full."""


@dataclass(frozen=True)
class Run:
    """What an attack is told: where to work, which share of the full counts, and its seed."""

    folder: Path
    share: float
    seed: int

    def of(self, full: int, least: int = 1) -> int:
        return max(least, round(full * self.share))


Attack = Callable[[Run], Outcome]


@contextmanager
def undone(folder: Path) -> Iterator[Session]:
    """One session on a database of its own, rolled back at the end."""
    with fresh(folder), db.engine().connect() as connection:
        outer = connection.begin()
        with (
            db.bound_to(connection),
            Session(connection, join_transaction_mode="create_savepoint") as session,
        ):
            db.act_as(session, "invariants")
            yield session
        outer.rollback()


def storm(run: Run) -> Outcome:
    return storms.attack(run.folder, operations=run.of(100_000), threads=64, seed=run.seed)


def seats(run: Run) -> Outcome:
    return winners.attack_seats(run.folder, rounds=run.of(200), people=64)


def offers(run: Run) -> Outcome:
    """200 people accept one offer, 10,000 times; without --full a twentieth of a twentieth."""
    with fresh(run.folder), connections(CONNECTIONS):
        return _of_races(
            "I2", race_accepts(db.transaction, rounds=run.of(run.of(10_000)), threads=200)
        )


def expiry(run: Run) -> Outcome:
    return winners.attack_expiry(run.folder, rounds=run.of(200))


def offer_expiry(run: Run) -> Outcome:
    with fresh(run.folder), connections(20):
        return _of_races("I3", race_sweeper(db.transaction, rounds=run.of(2_000), threads=8))


def _of_races(name: str, *tallies: Tally) -> Outcome:
    answers = sum(tally.answers.total() for tally in tallies)
    won = sum(tally.answers["won"] for tally in tallies)
    wrong = [f"{name}: {what}" for tally in tallies for what in tally.violations]
    return Outcome(answers, answers - won, wrong, {"rounds": sum(t.rounds for t in tallies)})


def kills(run: Run) -> Outcome:
    return crashes.attack(run.folder, writes=run.of(80_000), kills=run.of(20, 3))


def cut_replies(run: Run) -> Outcome:
    with fresh(run.folder):
        return retries.attack(writes=run.of(20_000), seed=run.seed)


def job_system(run: Run) -> Outcome:
    return jobs.attack(run.folder, events=run.of(20_000), seed=run.seed)


def payments(run: Run) -> Outcome:
    return payouts.attack(run.folder, kills=run.of(500), seed=run.seed)


def ledger(run: Run) -> Outcome:
    return ledgers.attack(run.folder, transfers=run.of(50_000), seed=run.seed)


def triggers(run: Run) -> Outcome:
    with undone(run.folder) as session:
        return states.attack_triggers(session)


def every_command(run: Run) -> Outcome:
    with undone(run.folder) as session:
        return commands.attack_commands(session)


def lost_updates(run: Run) -> Outcome:
    with fresh(run.folder):
        return versions.attack(writes=run.of(5_000, 100))


def offline(run: Run) -> Outcome:
    with undone(run.folder) as session:
        return phones.attack_order(session, queues=run.of(1_000), seed=run.seed)


def poison(run: Run) -> Outcome:
    with undone(run.folder) as session:
        return phones.attack_poison(session, queues=run.of(20), seed=run.seed)


def matrix(run: Run) -> Outcome:
    with undone(run.folder) as session:
        return access.attack(session)


def mutants(run: Run) -> Outcome:
    return checker.outcome(instances=run.of(10_000), seed=run.seed)


def applied_plans(run: Run) -> Outcome:
    return plans.attack(run.folder, towns=run.of(200), seed=run.seed)


def locked_visits(run: Run) -> Outcome:
    return pins.attack_pins(run.folder, seconds=run.of(300, 10))


def audited(run: Run) -> Outcome:
    """The trail of a storm: every version counted, every way to forge it tried."""
    with fresh(run.folder):
        from_storm = storms.storm(
            make_arena(), operations=run.of(20_000), threads=32, seed=run.seed
        )
        found = trail.attack()
        found.violations += from_storm.violations
        return found


def one_history(run: Run) -> Outcome:
    return history.attack(run.folder, operations=run.of(20_000, 400), seed=run.seed)


def broker(run: Run) -> Outcome:
    return brokers.attack(run.folder, bookings=run.of(600, 30))


def recoveries(run: Run) -> Outcome:
    return recovery.attack(run.folder)


ATTACKS: tuple[tuple[str, str, Attack], ...] = (
    ("I1", "64 threads book, move, swap, rotate, cancel", storm),
    ("I2", "everybody reaches for one seat", seats),
    ("I2", "200 accept one offer", offers),
    ("I3", "holds expire while confirmed and swept", expiry),
    ("I3", "offers expire while accepted and swept", offer_expiry),
    ("I4", "PostgreSQL killed under load", kills),
    ("I5", "replies cut, writes repeated", cut_replies),
    ("I6", "workers, relays and broker killed (with I7)", job_system),
    ("I8", "kills and cut replies around the payment call", payments),
    ("I9", "the ledger against a model, and forged", ledger),
    ("I10", "every move in the database", triggers),
    ("I10", "every command in every state", every_command),
    ("I11", "two consoles and a phone", lost_updates),
    ("I12", "drops, repeats, reordering, a late replay", offline),
    ("I13", "poison in a queue of 500", poison),
    ("I15", "every operation as every role, checks removed", matrix),
    ("I17", "plans broken on purpose", mutants),
    ("I17", "plans tampered with before they are applied", applied_plans),
    ("I18", "people lock visits while plans are solved", locked_visits),
    ("I19", "a storm's trail, compared and forged", audited),
    ("history", "a log of I1-I6 against the database", one_history),
    ("broker", "bookings while it is dead and hung", broker),
    ("recovery", "kill -9 of worker, PostgreSQL, broker", recoveries),
)


def main() -> None:
    options = _options()
    load_product()
    share = 1.0 if options.full else options.share
    summary: dict[str, Any] = {"operations": 0, "faults": 0, "violations": 0, "per_invariant": {}}
    for name, what, attack in ATTACKS:
        if options.only and name not in options.only:
            continue
        print(f"{name:9} {what:50} ", end="", flush=True)
        began = time.monotonic()
        outcome = _run(attack, share, options.seed)
        print(
            f"{outcome.operations:9} operations {outcome.faults:8} faults"
            f" {len(outcome.violations):3} violations {time.monotonic() - began:7.1f} s"
        )
        for violation in outcome.violations[:5]:
            print(f"          {violation}")
        _add(summary, name, what, outcome, round(time.monotonic() - began, 1))
    print(
        f"{'sum':60} {summary['operations']:9} operations {summary['faults']:8} faults"
        f" {summary['violations']:3} violations"
    )
    if options.json:
        Path(options.json).write_text(json.dumps(_report(summary, share, options.seed), indent=2))
    sys.exit(1 if summary["violations"] else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.invariants", description=__doc__)
    parser.add_argument("--full", action="store_true", help="the full counts (takes hours)")
    parser.add_argument("--share", type=float, default=SHORT, help="share of the full counts")
    parser.add_argument("--only", nargs="*", help="names of invariants, such as I4 I5")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", help="file for the result")
    return parser.parse_args()


def _run(attack: Attack, share: float, seed: int) -> Outcome:
    """The outcome; an attack that fails itself is a violation, not the end of the others."""
    with tempfile.TemporaryDirectory(prefix="invariants") as folder:
        try:
            return attack(Run(Path(folder), share, seed))
        except Exception:
            traceback.print_exc()
            return Outcome(violations=[f"the attack failed: {sys.exc_info()[1]!r}"])


def _add(summary: dict[str, Any], name: str, what: str, outcome: Outcome, took: float) -> None:
    found = {**asdict(outcome), "violations": len(outcome.violations)}
    entry = summary["per_invariant"].setdefault(
        name, {"operations": 0, "faults": 0, "violations": 0, "figures": {}, "attacks": []}
    )
    for key in ("operations", "faults", "violations"):
        entry[key] += found[key]
        summary[key] += found[key]
    entry["figures"] |= found["figures"]
    entry["attacks"].append({"what": what, "seconds": took, "broken": outcome.violations[:20]})


def _report(summary: dict[str, Any], share: float, seed: int) -> dict[str, Any]:
    return {
        "summary": summary,
        "machine": f"{platform.platform()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "share": share,
        "seeds": [seed],
    }


if __name__ == "__main__":
    main()
