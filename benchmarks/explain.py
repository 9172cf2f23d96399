"""`python -m benchmarks.explain`: how long one explanation takes, from the library and through HTTP
with a real PostgreSQL; exit 1 above the floor."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx

from benchmarks.city import fill
from benchmarks.instances import make_instance
from benchmarks.invariants.cutting import serving
from benchmarks.invariants.servers import fresh
from dispatch.scheduling.pins.models import PinKind
from dispatch.scheduling.pins.service import pin
from kernel import db
from kernel.credentials import issue_access
from optimizer.explain import explain
from optimizer.limits import Limits
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.solve import solve
from server.app import create_serving_app
from tests.factories.scheduling import MONDAY
from tests.principals import dispatcher

FLOOR_SECONDS = 1.0
Key = TypeVar("Key")


def main() -> None:
    options = _options()
    problem = make_instance(options.technicians, options.jobs, seed=options.seed)
    plan = solve(problem, Limits(iterations=0), options.seed)
    left = [item.job_id for item in plan.unassigned]
    planned = [stop.job_id for route in plan.routes for stop in route.stops]
    rows = [
        _row("assigned", problem, plan, _some(planned, options.asked)),
        _row("unassigned", problem, plan, _some(left, options.asked)),
    ]
    if not options.library_only:
        rows += _through_http(options)
    for row in rows:
        print("  ".join(f"{name} {value}" for name, value in row.items()))
    summary = _summary(options, rows)
    if options.json:
        machine = f"{platform.machine()} {platform.python_version()}"
        result = {"machine": machine, "rows": rows, "summary": summary}
        Path(options.json).write_text(json.dumps(result, indent=2) + "\n")
    sys.exit(1 if any(row["p95_s"] > FLOOR_SECONDS for row in rows) else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.explain", description=__doc__)
    parser.add_argument("--technicians", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--asked", type=int, default=20, help="explanations of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--library-only", action="store_true", help="without database and HTTP")
    parser.add_argument("--json", help="file for the result")
    return parser.parse_args()


def _some(job_ids: Sequence[Key], most: int) -> Sequence[Key]:
    """Spread evenly over the plan."""
    return job_ids[:: max(1, len(job_ids) // most)][:most]


def _row(kind: str, problem: Problem, plan: Plan, job_ids: Sequence[str]) -> dict[str, Any]:
    took: list[float] = []
    worked: list[float] = []
    candidates = relaxations = 0
    for job_id in job_ids:
        began, busy = time.perf_counter(), time.process_time()
        found = explain(problem, plan, job_id)
        took.append(time.perf_counter() - began)
        worked.append(time.process_time() - busy)
        candidates += sum(candidate.is_feasible for candidate in found.candidates)
        relaxations += len(found.relaxations)
    return _told(kind, took, worked, candidates, relaxations)


def _told(
    kind: str, took: list[float], worked: list[float], candidates: int, relaxations: int
) -> dict[str, Any]:
    took.sort()
    worked.sort()
    return {
        "what": kind,
        "asked": len(took),
        "p50_s": round(took[len(took) // 2], 3),
        "p95_s": round(took[int(len(took) * 0.95)], 3),
        "most_s": round(took[-1], 3),
        "p95_cpu_s": round(worked[int(len(worked) * 0.95)], 3),
        "feasible": candidates,
        "relaxations": relaxations,
    }


def _through_http(options: argparse.Namespace) -> list[dict[str, Any]]:
    """The same questions to the API, one at a time, of a city in a database of its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        fresh(Path(folder)),
        serving(create_serving_app) as port,
    ):
        planned, left = fill(options.technicians, options.jobs, options.seed)
        token = issue_access(dispatcher())
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
        ) as client:
            _ask(client, planned[0])  # loads what is loaded once
            return [
                _asked("assigned, http", client, _some(planned, options.asked)),
                _asked("unassigned, http", client, _some(left, options.asked)),
                _asked(
                    "assigned, after a change, http", client, _some(planned, options.asked), _lock
                ),
                _asked(
                    "unassigned, after a change, http", client, _some(left, options.asked), _lock
                ),
            ]


def _ask(client: httpx.Client, visit_id: object) -> dict[str, Any]:
    answer = client.get(f"/api/visits/{visit_id}/explanation")
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def _lock(visit_id: UUID) -> None:
    """A change that every explanation has to know: the visit's day is locked."""
    with db.transaction("benchmark") as session:
        pin(session, visit_id, PinKind.DAY, day=MONDAY.date())


def _asked(
    kind: str,
    client: httpx.Client,
    visit_ids: Sequence[UUID],
    change: Callable[[UUID], None] | None = None,
) -> dict[str, Any]:
    """With a `change`, one comes before each question."""
    took: list[float] = []
    worked: list[float] = []
    candidates = relaxations = 0
    for visit_id in visit_ids:
        if change is not None:
            change(visit_id)
        began, busy = time.perf_counter(), time.process_time()
        found = _ask(client, visit_id)
        took.append(time.perf_counter() - began)
        worked.append(time.process_time() - busy)
        candidates += sum(one["code"] != "forbidden" for one in found["candidates"])
        relaxations += len(found["relaxations"])
    return _told(kind, took, worked, candidates, relaxations)


def _summary(options: argparse.Namespace, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """`p50_ms` and `p95_ms` are the worse of both kinds, through HTTP; None without it."""
    http = [row for row in rows if row["what"].endswith("http")]
    library = [row for row in rows if row not in http]

    def worst(found: Sequence[dict[str, Any]], key: str) -> int | None:
        return max((round(1000 * row[key]) for row in found), default=None)

    return {
        "technicians": options.technicians,
        "visits": options.jobs,
        "seed": options.seed,
        "floor_s": FLOOR_SECONDS,
        "p50_ms": worst(http, "p50_s"),
        "p95_ms": worst(http, "p95_s"),
        "library_p95_ms": worst(library, "p95_s"),
    }


if __name__ == "__main__":
    main()
