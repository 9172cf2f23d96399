"""`python -m benchmarks.crowd`: the marketplace's races and ledgers, at full counts in parts.

200 freelancers accept offers for one visit at once, 10,000 rounds, one winner each; 50,000 ledger
entries against a model, which add up to zero; 500 kills around the payment provider's call, paid
to the cent. Real transactions in a PostgreSQL of its own; every 50th round goes through the API,
the others straight to the service. That takes hours: a run ends after `--minutes`, and the next
one with the same `--json` goes on. Exit 1 when something was broken, 2 when the counts are not
reached yet.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any
from uuid import UUID, uuid4

from benchmarks.invariants import ledgers, payouts
from benchmarks.invariants.cutting import serving
from benchmarks.invariants.jobs import Outcome
from benchmarks.invariants.schedule import connections
from benchmarks.invariants.servers import fresh, load_product
from dispatch.accounts.roles import FREELANCER
from kernel import db
from kernel.credentials import issue_access
from kernel.principal import Principal
from tests.marketplace.races import WON, accept_here, prepare, race_accepts

RACERS = 200
CONNECTIONS = 16
"""So many meet in the database at a time, the others wait for their turn. With 64 on two busy cores
they wait for locks beyond the limit, and without turns for connections, and ask again and again."""
HTTP_EVERY = 50
"""Each such round goes through the API: a request costs ten times what the transaction does."""
COMPARED_EVERY = 500

ACCEPT = "/api/technician/offers/{}/accept"
BUSY = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})

Attack = Callable[[Path, int], Generator[Outcome]]


def races(folder: Path, seed: int) -> Generator[Outcome]:
    """Each round is a new visit; people and database stay."""
    turns = BoundedSemaphore(CONNECTIONS)
    with fresh(folder), connections(CONNECTIONS), serving() as port:
        known = prepare(db.transaction, RACERS)
        total, first = Outcome(), 0
        while True:
            is_http = first % HTTP_EVERY == 0
            found = race_accepts(
                db.transaction,
                rounds=1,
                threads=RACERS,
                known=known,
                first=first,
                accept=partial(accept_over_http, port)
                if is_http
                else partial(accept_in_turn, turns),
            )
            first += 1
            total.operations += 1
            total.faults += found.answers.total() - found.answers[WON]
            total.violations += found.violations
            total.figures["http"] = total.figures.get("http", 0) + is_http
            yield total


def transfers(folder: Path, seed: int) -> Generator[Outcome]:
    with fresh(folder):
        yield from ledgers.grow(seed, every=COMPARED_EVERY)


def kills(folder: Path, seed: int) -> Generator[Outcome]:
    """Counted in kills: `operations` and `faults` change places."""
    with fresh(folder):
        for found in payouts.pay_runs(seed):
            yield Outcome(found.faults, found.operations, found.violations, found.figures)


def accept_in_turn(turns: BoundedSemaphore, offer_id: UUID, technician_id: UUID) -> str:
    with turns:
        return accept_here(db.transaction, offer_id, technician_id)


def accept_over_http(port: int, offer_id: UUID, technician_id: UUID) -> str:
    """As a phone does: under one key, again where the server is busy or does not answer."""
    person = Principal(technician_id, technician_id, frozenset({FREELANCER}))
    headers = {
        "Authorization": f"Bearer {issue_access(person)}",
        "Idempotency-Key": uuid4().hex,
    }
    while True:
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as phone:
                phone.request("POST", ACCEPT.format(offer_id), headers=headers)
                reply = phone.getresponse()
                told = json.loads(reply.read())
        except (OSError, HTTPException):
            continue
        if reply.status == HTTPStatus.OK:
            return WON
        code = str(told.get("code"))
        if reply.status not in BUSY and code != "request_in_flight":
            return code
        time.sleep(0.1)


@dataclass(frozen=True)
class Part:
    """What is counted to `wanted`, and what the other count of its outcomes is."""

    wanted: int
    attack: Attack
    others: str


PARTS = {
    "rounds": Part(10_000, races, "refused"),
    "transfers": Part(50_000, transfers, "refused"),
    "kills": Part(500, kills, "paid_transfers"),
}


def main() -> None:
    options = _options()
    load_product()
    wanted = {"rounds": options.races, "transfers": options.transfers, "kills": options.kills}
    report = _read(options.json, wanted)
    names = [n for n in options.only or PARTS if report["summary"][n] < wanted[n]]
    seed = len(report["runs"]) + 1
    for left, name in zip(range(len(names), 0, -1), names, strict=True):
        began = time.monotonic()
        options.minutes -= _run(name, seed, 60 * options.minutes / left, report, options.json) / 60
        print(f"{name}: {time.monotonic() - began:.0f} s")
    summary = report["summary"]
    print(json.dumps(summary, indent=2))
    sys.exit(1 if summary["violations"] else 0 if summary["complete"] else 2)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.crowd", description=__doc__)
    parser.add_argument("--minutes", type=float, default=15, help="of this run, for all parts")
    parser.add_argument("--races", type=int, default=PARTS["rounds"].wanted)
    parser.add_argument("--transfers", type=int, default=PARTS["transfers"].wanted)
    parser.add_argument("--kills", type=int, default=PARTS["kills"].wanted)
    parser.add_argument("--only", nargs="*", choices=PARTS)
    parser.add_argument("--json", default="crowd.json", help="the result, and where to go on")
    return parser.parse_args()


def _run(name: str, seed: int, seconds: float, report: dict[str, Any], path: str) -> float:
    """Attack until the time is over or the count is reached; the seconds that were used.

    The result is written after each step, so a run that is killed has lost one step.
    """
    part, began = PARTS[name], time.monotonic()
    before, wanted = report["summary"][name], report["summary"][f"{name}_wanted"]
    run: dict[str, Any] = {"part": name, "seed": seed}
    report["runs"].append(run)
    with (
        tempfile.TemporaryDirectory(prefix="crowd") as folder,
        closing(part.attack(Path(folder), seed)) as attack,
    ):
        for found in attack:
            took = time.monotonic() - began
            run |= {"done": found.operations, part.others: found.faults}
            run |= {"violations": found.violations[:20], "seconds": round(took, 1)}
            if "http" in found.figures:
                run["through_http"] = int(found.figures["http"])
            _sum(report)
            _write(report, path)
            done = before + found.operations
            print(
                f"\r{name} {done:,} of {wanted:,}, {len(found.violations)} violations,"
                f" {took:.0f} s",
                end="",
                flush=True,
            )
            if done >= wanted or took >= seconds or found.violations:
                break
    print()
    return time.monotonic() - began


def _read(path: str, wanted: dict[str, int]) -> dict[str, Any]:
    machine = f"{platform.machine()} {platform.python_version()} {os.cpu_count()} cores"
    report: dict[str, Any] = {"machine": machine, "summary": {}, "runs": []}
    if Path(path).exists():
        report = json.loads(Path(path).read_text())
    report["summary"] |= {f"{name}_wanted": count for name, count in wanted.items()}
    _sum(report)
    return report


def _sum(report: dict[str, Any]) -> None:
    runs, summary = report["runs"], report["summary"]
    done = {name: sum(r.get("done", 0) for r in runs if r["part"] == name) for name in PARTS}
    summary |= {
        "racers": RACERS,
        **done,
        "rounds_through_http": sum(r.get("through_http", 0) for r in runs),
        "violations": sum(len(r.get("violations", ())) for r in runs),
        "complete": all(done[name] >= summary[f"{name}_wanted"] for name in PARTS),
    }


def _write(report: dict[str, Any], path: str) -> None:
    """Whole or not at all."""
    beside = Path(f"{path}.part")
    beside.write_text(json.dumps(report, indent=2) + "\n")
    beside.replace(path)


if __name__ == "__main__":
    main()
