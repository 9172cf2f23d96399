"""I11: two consoles and a phone change one order at once, and nobody's words are lost."""

import threading
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import httpx

from benchmarks.invariants.cutting import serving
from benchmarks.invariants.jobs import Outcome
from benchmarks.invariants.servers import count
from dispatch.accounts.roles import DISPATCHER, TECHNICIAN
from dispatch.scheduling.moves.service import move
from dispatch.scheduling.staffing.service import assign
from dispatch.work_orders.lifecycle import VisitStatus
from kernel import db
from kernel.credentials import issue_access
from kernel.principal import Principal
from tests.factories.scheduling import MONDAY, make_town, make_waiting


@dataclass
class Fight:
    """The order and visit that all of them change, and what they were told."""

    url: str
    order_id: UUID
    visit_id: UUID
    technician_id: UUID
    each: int
    written: list[str] = field(default_factory=list)
    moved: int = 0
    stale: int = 0
    violations: list[str] = field(default_factory=list)

    def client(self, role: str, subject_id: UUID | None = None) -> httpx.Client:
        who = Principal(
            account_id=uuid4(), subject_id=subject_id, roles=frozenset({role}), name=role
        )
        headers = {"Authorization": f"Bearer {issue_access(who)}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30)


def attack(*, writes: int) -> Outcome:
    """So many changes of the description, from two consoles that each saw a version."""
    order_id, visit_id, technician_id = _make()
    with serving() as port:
        url = f"http://127.0.0.1:{port}"
        fight = Fight(url, order_id, visit_id, technician_id, each=writes // 2)
        over = threading.Event()
        phone = threading.Thread(target=_tap, args=(fight, over))
        consoles = [threading.Thread(target=_edit, args=(fight, name)) for name in ("a", "b")]
        for thread in (phone, *consoles):
            thread.start()
        for console in consoles:
            console.join()
        over.set()
        phone.join()
        _judge(fight)
    return Outcome(
        operations=len(fight.written) + fight.moved + fight.stale,
        faults=fight.stale,
        violations=fight.violations,
        figures={"written": len(fight.written), "moved": fight.moved},
    )


def _make() -> tuple[UUID, UUID, UUID]:
    with db.transaction("versions") as session:
        town = make_town(session, 1)
        visit = make_waiting(session, town)
        assign(session, visit.id, [town.first.id], MONDAY, source="dispatcher")
        move(session, visit.id, VisitStatus.DISPATCHED)
        return visit.work_order_id, visit.id, town.first.id


def _edit(fight: Fight, console: str) -> None:
    """Look, add a word, save; look again when somebody was faster."""
    path = f"/api/work-orders/{fight.order_id}"
    with fight.client(DISPATCHER) as client:
        for number in range(fight.each):
            word = f"{console}{number}"
            while True:
                seen = client.get(path)
                body = {"description": f"{seen.json()['description']} {word}".strip()}
                headers = {"If-Match": seen.headers["etag"], "Idempotency-Key": uuid4().hex}
                reply = client.patch(path, json=body, headers=headers)
                if reply.status_code == 200:
                    fight.written.append(word)
                    break
                if reply.status_code != 412:
                    fight.violations.append(f"I11: an edit was answered {reply.status_code}")
                    return
                fight.stale += 1


def _tap(fight: Fight, over: threading.Event) -> None:
    """The technician sets off and takes it back, which moves the order too."""
    path = f"/api/technician/visits/{fight.visit_id}/move"
    with fight.client(TECHNICIAN, fight.technician_id) as client:
        steps = (VisitStatus.EN_ROUTE, VisitStatus.DISPATCHED)
        while not over.is_set():
            to = steps[fight.moved % 2]
            reply = client.post(path, json={"to": to}, headers={"Idempotency-Key": uuid4().hex})
            if reply.status_code == 200:
                fight.moved += 1
            elif reply.status_code not in (409, 412, 503):
                fight.violations.append(f"I11: a move was answered {reply.status_code}")
                return
            over.wait(0.02)


def _judge(fight: Fight) -> None:
    with fight.client(DISPATCHER) as client:
        path = f"/api/work-orders/{fight.order_id}"
        words = client.get(path).json()["description"].split()
        blind = client.patch(
            path, json={"description": "?"}, headers={"Idempotency-Key": uuid4().hex}
        )
    lost = set(fight.written) - set(words)
    if lost or len(words) != len(set(words)):
        fight.violations.append(f"I11: {len(lost)} of {len(fight.written)} changes were lost")
    if blind.status_code != 428:
        fight.violations.append(f"I11: a change of nothing seen was answered {blind.status_code}")
    if not fight.stale:
        fight.violations.append("I11: nobody was too late, the attack proved nothing")
    for table, key in (("work_orders", fight.order_id), ("visits", fight.visit_id)):
        version = count(f"SELECT version FROM {table} WHERE id = :key", key=key)
        audited = count("SELECT count(*) FROM audit_entry WHERE record_id = :key", key=key)
        if version != audited:
            fight.violations.append(f"I11: {table} has version {version}, audited {audited}")
