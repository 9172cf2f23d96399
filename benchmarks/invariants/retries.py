"""I5: a write whose reply was lost is safe to repeat: one effect, the same answer."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text

from benchmarks.invariants.cutting import cutting, serving
from benchmarks.invariants.jobs import Outcome
from benchmarks.invariants.servers import count
from dispatch.accounts.roles import ADMIN
from dispatch.parts.service import create_part
from kernel import db
from kernel.credentials import issue_access
from kernel.principal import Principal

TRIES = 60
PARTS = 8
CUT_SHARE = 0.4
AGAIN = frozenset({429, 503})


@dataclass
class Told:
    """What one write was answered, over all its tries."""

    bodies: set[bytes] = field(default_factory=set)
    statuses: set[int] = field(default_factory=set)
    unknown: int = 0
    in_flight: int = 0


@dataclass
class Caller:
    """Repeats a write under its key until it is answered, and then once more."""

    url: str
    token: str
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=5))

    def write(self, path: str, body: dict[str, object]) -> Told:
        told, key = Told(), uuid4().hex
        answers = 0
        for _ in range(TRIES):
            try:
                reply = self.send(path, body, key)
            except httpx.HTTPError:
                told.unknown += 1
                continue
            if reply.status_code == 409 and reply.json()["code"] == "request_in_flight":
                told.in_flight += 1
                time.sleep(0.01)
                continue
            if reply.status_code in AGAIN:
                time.sleep(0.05)
                continue
            told.bodies.add(reply.content)
            told.statuses.add(reply.status_code)
            answers += 1
            if answers == 2:
                break
        return told

    def send(self, path: str, body: dict[str, object], key: str) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Idempotency-Key": key,
            "Connection": "close",
        }
        return self.client.post(f"{self.url}{path}", json=body, headers=headers)


def attack(*, writes: int, threads: int = 8, seed: int = 1) -> Outcome:
    """Deliver parts one by one through a proxy that cuts two of five connections."""
    principal = Principal(account_id=uuid4(), roles=frozenset({ADMIN}), name="retries")
    outcome = Outcome(operations=writes)
    parts = _make_parts()
    with serving() as port, cutting(port, CUT_SHARE, seed) as proxy:
        caller = Caller(f"http://127.0.0.1:{proxy.port}", issue_access(principal))
        with ThreadPoolExecutor(threads) as pool:
            told = list(pool.map(_deliver(caller, parts), range(writes)))
        _other_payload(Caller(f"http://127.0.0.1:{port}", caller.token), parts[0], outcome)
        outcome.faults = proxy.cuts.total()
    _judge(told, parts, writes, outcome)
    return outcome


def _make_parts() -> list[UUID]:
    with db.transaction("retries") as session:
        return [
            create_part(
                session,
                number=f"retry-{number}-{uuid4().hex[:6]}",
                name="A part",
                price_cents=100,
                currency="EUR",
                lead_days=1,
            ).id
            for number in range(PARTS)
        ]


def _deliver(caller: Caller, parts: list[UUID]) -> Callable[[int], Told]:
    def deliver(number: int) -> Told:
        return caller.write(f"/api/parts/{parts[number % PARTS]}/arrivals", {"quantity": 1})

    return deliver


def _other_payload(caller: Caller, part: UUID, outcome: Outcome) -> None:
    """The same key for something else is refused, and nothing happens."""
    key, path = uuid4().hex, f"/api/parts/{part}/stock"
    first = caller.send(path, {"quantity": 0, "technician_id": None}, key)
    other = caller.send(path, {"quantity": 999_999, "technician_id": None}, key)
    if (first.status_code, other.status_code) != (200, 422):
        outcome.violations.append(
            f"I5: a key used again answered {first.status_code}, {other.status_code}"
        )
    outcome.operations += 2


def _judge(told: list[Told], parts: list[UUID], writes: int, outcome: Outcome) -> None:
    # the count of the first part's stock was set to nothing at the end
    wanted = sum(number % PARTS != 0 for number in range(writes))
    stock = count(
        "SELECT coalesce(sum(quantity), 0) FROM stocks WHERE part_id = ANY(:parts)", parts=parts
    )
    if stock != wanted:
        outcome.violations.append(f"I5: {stock} parts arrived instead of {wanted}")
    differing = sum(len(one.bodies) > 1 for one in told)
    if differing:
        outcome.violations.append(f"I5: {differing} repeats were answered with another body")
    unanswered = sum(one.statuses != {200} for one in told)
    if unanswered:
        outcome.violations.append(f"I5: {unanswered} writes were not answered with 200 alone")
    outcome.figures["unknown"] = sum(one.unknown for one in told)
    outcome.figures["in_flight"] = sum(one.in_flight for one in told)
    if not outcome.figures["unknown"]:
        outcome.violations.append("I5: no fault bit, the attack proved nothing")
    with db.new_session() as session:
        kept = session.scalar(text("SELECT count(*) FROM idempotent_reply"))
    outcome.figures["replies_kept"] = float(kept or 0)
