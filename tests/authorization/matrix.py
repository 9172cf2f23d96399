"""The cells of the matrix: every operation as every role, and what is wrong with an answer."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from fastapi.routing import APIRoute
from sqlalchemy import text
from sqlalchemy.orm import Session

from iot_ingest.devices.models import Device
from kernel.auth import anybody, declared_access
from kernel.credentials import issue_access
from kernel.http import operations_of
from kernel.principal import Principal
from tests.authorization.door import Answer, Door
from tests.authorization.expected import ANYBODY, EXPECTED
from tests.authorization.objects import Dependency, Owned
from tests.authorization.world import World

NOBODY = "anonymous"
PERSONS = (
    "admin",
    "call_agent",
    "customer",
    "dispatcher",
    "finance",
    "freelancer",
    "parts",
    "provider_manager",
    "supervisor",
    "technician",
)
DEVICE = "device"
COLUMNS = (NOBODY, DEVICE, *PERSONS)


@dataclass(frozen=True)
class Cell:
    operation: str
    role: str

    @property
    def is_allowed(self) -> bool:
        expected = EXPECTED[self.operation]
        return expected == ANYBODY or self.role in expected

    def fault(self, answer: Answer) -> str | None:
        """What is wrong with the answer, or nothing."""
        if answer.status >= 500:
            wanted = "no failure"
        elif self.is_allowed:
            if answer.status not in (401, 403):
                return None
            wanted = "to be let in"
        else:
            # whoever does not prove to be somebody this operation knows is asked to sign in
            strange = NOBODY if self.role in (NOBODY, DEVICE) else self.role
            known = EXPECTED[self.operation] != frozenset({DEVICE})
            refusal = 403 if known and strange != NOBODY else 401
            if answer.status == refusal:
                return None
            wanted = str(refusal)
        return f"{self.operation} as {self.role}: {answer.status} {answer.code}, wanted {wanted}"


def cells(operations: dict[str, APIRoute]) -> list[Cell]:
    """A device shows its token to nobody but ingest, so it has no cell where anybody may call."""
    return [
        Cell(operation, role)
        for operation in operations
        if operation in EXPECTED
        for role in COLUMNS
        if not (role == DEVICE and EXPECTED[operation] == ANYBODY)
    ]


@dataclass
class Matrix:
    """The running application with somebody of every role at its door."""

    door: Door
    session: Session
    world: World
    operations: dict[str, APIRoute] = field(init=False)
    tokens: dict[str, str | None] = field(init=False)

    def __post_init__(self) -> None:
        self.operations = {
            f"{method} {path}": route for method, path, route in operations_of(self.door.app)
        }
        self.tokens = {role: issue_access(self._somebody(role)) for role in PERSONS}
        self.tokens |= {NOBODY: None, DEVICE: self.world.device_token}

    def _somebody(self, role: str) -> Principal:
        subject = getattr(self.world.mine, role, None)
        subject_id = subject.id if subject is not None else uuid4()
        return Principal(
            account_id=uuid4(), subject_id=subject_id, roles=frozenset({role}), name=role
        )

    def fault(self, cell: Cell) -> str | None:
        """Ask with ids that do not exist and nothing in the body."""
        method, path = cell.operation.split(" ")
        url = re.sub(r"{(\w+)}", lambda found: _value(found[1]), path)
        return cell.fault(self.ask(method, url, self.tokens[cell.role]))

    def ask(self, method: str, url: str, token: str | None, body: object = None) -> Answer:
        """One request whose effects are undone."""
        self.session.flush()
        connection = self.session.connection()
        connection.execute(text("SAVEPOINT cell"))
        try:
            return self.door.ask(method, url, token, body)
        finally:
            connection.execute(text("ROLLBACK TO SAVEPOINT cell"))
            connection.execute(text("RELEASE SAVEPOINT cell"))

    def ask_object(self, owned: Owned, key: UUID, token: str | None) -> Answer:
        method, path = owned.operation.split(" ")
        return self.ask(method, re.sub(r"{\w+}", str(key), path), token, owned.body)

    def own_fault(self, owned: Owned, role: str) -> str | None:
        """One's own object is there."""
        key = owned.key(self.world.mine, role)
        answer = self.ask_object(owned, key, self.tokens[role])
        if answer.status < 500 and answer.status not in (401, 403, 404):
            return None
        return f"{owned.operation} own as {role}: {answer.status} {answer.code}"

    def foreign_fault(self, owned: Owned, role: str) -> str | None:
        """The neighbour's object is answered like one that never was."""
        token = self.tokens[role]
        foreign, never = owned.key(self.world.theirs, role), uuid4()
        answer = self.ask_object(owned, foreign, token)
        if answer.status != 404:
            return f"{owned.operation} foreign as {role}: {answer.status} {answer.code}"
        if answer.facts_about(foreign) != self.ask_object(owned, never, token).facts_about(never):
            return f"{owned.operation} foreign as {role}: tells that it exists"
        return None

    @contextmanager
    def unchecked(self, operation: str) -> Iterator[None]:
        """The application as it would be if this operation had forgotten its check."""
        check = declared_access(self.operations[operation])
        assert check is not None
        for_devices = EXPECTED[operation] == frozenset({DEVICE})
        with self.replaced({check: self._any_device if for_devices else anybody()}):
            yield

    def _any_device(self) -> Device:
        return self.world.device

    @contextmanager
    def replaced(self, checks: Mapping[Dependency, Dependency]) -> Iterator[None]:
        overrides = self.door.app.dependency_overrides
        overrides.update(checks)
        try:
            yield
        finally:
            for check in checks:
                del overrides[check]


def _value(name: str) -> str:
    return "customers" if name == "kind" else str(uuid4())
