"""I12: an offline command is applied once and in order, whatever the network does to batches."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.scheduling.moves import service as moves
from dispatch.scheduling.staffing import service as staffing
from dispatch.technicians.models import Technician
from dispatch.work_orders.lifecycle import CORRECTION_PERIOD, CORRECTIONS, VISIT, VisitStatus
from dispatch.work_orders.models import Visit
from kernel import clock
from kernel.errors import NotFound
from mobile_api.commands.models import DeviceCommand
from mobile_api.commands.service import Reply, apply_batch
from tests import principals
from tests.client import ApiClient
from tests.conftest import Database
from tests.factories.technicians import make_technician
from tests.factories.work_orders import make_visit

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
V = VisitStatus
STEPS = (V.EN_ROUTE, V.ON_SITE, V.IN_PROGRESS, V.PAUSED, V.COMPLETED)
REACHED = {V.EN_ROUTE: 1, V.ON_SITE: 2, V.IN_PROGRESS: 3, V.PAUSED: 3, V.COMPLETED: 4}

Raw = dict[str, Any]


@dataclass
class Phone:
    """A technician with two dispatched visits, and commands in the order of the phone."""

    session: Session
    technician: Technician
    visits: list[Visit]
    device_id: UUID = field(default_factory=uuid4)

    @classmethod
    def make(cls, session: Session) -> "Phone":
        clock.freeze(session, NOW)
        technician = make_technician(session, skills={"boiler": 3}, on_duty=False)
        visits = []
        for hours in (1, 4):
            visit = make_visit(session)
            starts_at = NOW + timedelta(hours=hours)
            staffing.assign(session, visit.id, [technician.id], starts_at, source="dispatcher")
            moves.move(session, visit.id, V.DISPATCHED)
            visits.append(visit)
        return cls(session, technician, visits)

    def command(self, seq: int, what: tuple[str, Any]) -> Raw:
        kind, value = what
        raw: Raw = {"seq": seq, "id": f"c{seq}", "kind": kind, "at": "2031-01-01T00:00:00Z"}
        if kind == "move":
            number, to = value
            return {**raw, "visit_id": str(self.visits[number].id), "payload": {"to": to}}
        return {**raw, "payload": {"on_duty": value}}

    def send(self, commands: Sequence[Raw]) -> Reply:
        return apply_batch(self.session, self.technician.id, self.device_id, commands)

    def state(self) -> tuple[list[V], bool]:
        self.session.expire_all()
        return [visit.status for visit in self.visits], self.technician.on_duty


@dataclass
class Model:
    """What should come of it: each command that arrives in order, once, if it is legal."""

    now: datetime = NOW
    highest: int = 0
    statuses: list[V] = field(default_factory=lambda: [V.DISPATCHED, V.DISPATCHED])
    stamps: list[list[datetime | None]] = field(default_factory=lambda: [[None] * 4, [None] * 4])
    on_duty: bool = False
    outcomes: dict[int, str] = field(default_factory=dict)

    def deliver(self, batch: Sequence[tuple[int, tuple[str, Any]]]) -> list[tuple[int, str]]:
        told = []
        for seq, what in sorted(batch, key=lambda entry: entry[0]):
            if seq in self.outcomes:
                told.append((seq, "duplicate"))
                continue
            in_order = seq > self.highest
            self.outcomes[seq] = "applied" if in_order and self.apply(*what) else "refused"
            self.highest = max(self.highest, seq)
            told.append((seq, self.outcomes[seq]))
        return told

    def apply(self, kind: str, value: Any) -> bool:
        if kind == "duty":
            self.on_duty = value
            return True
        number, to = value
        frm = self.statuses[number]
        if frm is to:
            return True
        if not VISIT.allows(frm, to) or not self.in_time(number, frm, to):
            return False
        stamps = self.stamps[number]
        stamps[REACHED[to] :] = [None] * (4 - REACHED[to])
        stamps[REACHED[to] - 1] = stamps[REACHED[to] - 1] or self.now
        self.statuses[number] = to
        return True

    def in_time(self, number: int, frm: V, to: V) -> bool:
        if (frm, to) not in CORRECTIONS:
            return True
        tapped_at = self.stamps[number][REACHED[frm] - 1]
        return tapped_at is not None and self.now - tapped_at <= CORRECTION_PERIOD


actions = st.one_of(
    st.tuples(st.just("duty"), st.booleans()),
    st.tuples(st.just("move"), st.tuples(st.integers(0, 1), st.sampled_from(STEPS))),
)
# How the network treats the queue: batches of any commands in any order, some never sent.
deliveries = st.lists(
    st.tuples(st.lists(st.integers(0, 11), max_size=8), st.integers(0, 20)), max_size=6
)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(queue=st.lists(actions, min_size=12, max_size=12), network=deliveries)
def test_the_state_is_the_models_after_drops_repeats_reordering_and_a_late_replay(
    session: Session, queue: list[tuple[str, Any]], network: list[tuple[list[int], int]]
) -> None:
    phone, model = Phone.make(session), Model()
    everything = list(range(12))
    for numbers, minutes in [*network, (everything, 1), (everything, 7 * 24 * 60)]:
        model.now += timedelta(minutes=minutes)
        clock.freeze(session, model.now)
        reply = phone.send([phone.command(n + 1, queue[n]) for n in numbers])
        expected = model.deliver([(n + 1, queue[n]) for n in numbers])
        assert [(r.seq, str(r.status)) for r in reply.results] == expected
        assert [r.outcome for r in reply.results] == [model.outcomes[seq] for seq, _ in expected]
        assert reply.highest_seq == model.highest
        assert phone.state() == (model.statuses, model.on_duty)


@pytest.fixture
def phone(session: Session) -> Phone:
    return Phone.make(session)


class TestApplyBatch:
    def test_reports_gaps_and_goes_on(self, phone: Phone) -> None:
        reply = phone.send([phone.command(3, ("duty", True)), phone.command(6, ("duty", False))])
        assert [(gap.first_seq, gap.last_seq) for gap in reply.gaps] == [(1, 2), (4, 5)]
        assert [str(result.status) for result in reply.results] == ["applied", "applied"]

    def test_a_command_that_was_overtaken_is_refused(self, phone: Phone) -> None:
        phone.send([phone.command(2, ("duty", False))])
        [late] = phone.send([phone.command(1, ("duty", True))]).results
        assert (late.code, phone.technician.on_duty) == ("overtaken", False)

    def test_another_command_in_a_used_place_is_refused(self, phone: Phone) -> None:
        phone.send([phone.command(1, ("duty", True))])
        [other] = phone.send([{**phone.command(1, ("duty", False)), "id": "another"}]).results
        assert (other.code, phone.technician.on_duty) == ("sequence_reused", True)

    def test_the_devices_own_time_is_kept_and_not_believed(
        self, session: Session, phone: Phone
    ) -> None:
        phone.send([phone.command(1, ("move", (0, V.EN_ROUTE)))])
        row = session.get(DeviceCommand, (phone.device_id, 1))
        assert row is not None
        assert (row.device_at, row.received_at) == (datetime(2031, 1, 1, tzinfo=UTC), NOW)
        assert phone.visits[0].en_route_at == NOW

    def test_a_device_of_another_technician_does_not_exist(
        self, session: Session, phone: Phone
    ) -> None:
        phone.send([])
        stranger = make_technician(session)
        with pytest.raises(NotFound):
            apply_batch(session, stranger.id, phone.device_id, [])

    def test_over_http(self, phone: Phone, client: Callable[..., ApiClient]) -> None:
        api = client(principals.technician_principal(phone.technician))
        body = {
            "device_id": str(phone.device_id),
            "commands": [phone.command(1, ("move", (0, V.EN_ROUTE)))],
        }
        first = api.post("/api/technician/commands", json=body).json()
        again = api.post("/api/technician/commands", json=body).json()
        assert (first["results"][0]["status"], first["highest_seq"]) == ("applied", 1)
        assert (again["results"][0]["status"], again["results"][0]["outcome"]) == (
            "duplicate",
            "applied",
        )

    def test_each_command_is_stored_once(self, session: Session, phone: Phone) -> None:
        commands = [phone.command(n, ("duty", n % 2 == 0)) for n in range(1, 6)]
        for _ in range(3):
            phone.send(commands)
        assert session.scalar(select(func.count()).select_from(DeviceCommand)) == 5


@pytest.mark.committed
def test_the_same_batch_sent_by_four_threads_at_once_is_applied_once(database: Database) -> None:
    device_id = uuid4()
    with database.transaction() as session:
        technician_id = make_technician(session).id
    commands = [
        {"seq": n, "id": f"c{n}", "kind": "duty", "payload": {"on_duty": n % 2 == 1}}
        for n in range(1, 6)
    ]

    def send(_: int) -> list[str]:
        with database.transaction() as session:
            reply = apply_batch(session, technician_id, device_id, commands)
            return [str(result.status) for result in reply.results]

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(send, range(4)))
    assert told == [["applied"] * 5, *[["duplicate"] * 5] * 3]
