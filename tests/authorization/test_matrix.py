"""I15: every operation as every role, own and foreign objects, and checks that were removed."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from dispatch.accounts.roles import EVERY_ROLE
from kernel.auth import declared_access
from kernel.credentials import issue_access
from kernel.http import Router, operations_of
from kernel.principal import Principal
from kernel.stream import Hub
from tests.authorization.attack import access_mutants, object_mutants, survivors
from tests.authorization.door import open_door
from tests.authorization.expected import ANYBODY, EXPECTED, PERSONS, PROVIDER
from tests.authorization.matrix import COLUMNS, DEVICE, NOBODY, Matrix, cells
from tests.authorization.objects import CUSTOMER, OWNED
from tests.authorization.world import make_world
from tests.client import app

TABLE = "tests/authorization/expected.py"


@pytest.fixture
def matrix(session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[Matrix]:
    # the stream's listener would use the connection of this test from another thread
    monkeypatch.setattr(Hub, "_start", lambda _: None)
    with open_door(app()) as door:
        yield Matrix(door, session, make_world(session))


class TestTable:
    def test_has_every_operation_and_no_other(self) -> None:
        found = {f"{method} {path}" for method, path, _ in operations_of(app())}
        assert found - EXPECTED.keys() == set(), f"{TABLE} does not say who may call these"
        assert EXPECTED.keys() - found == set(), f"{TABLE} has these, which do not exist any more"

    def test_has_what_the_schema_tells(self) -> None:
        told = {
            f"{method.upper()} {path}"
            for path, operations in app().openapi()["paths"].items()
            for method in operations
        }
        assert told == EXPECTED.keys()

    def test_names_each_shape_once(self) -> None:
        doubled = [name for name in app().openapi()["components"]["schemas"] if "__" in name]
        assert doubled == []

    def test_names_every_role(self) -> None:
        assert set(COLUMNS) == {*EVERY_ROLE, NOBODY}
        assert PERSONS | {DEVICE} == set(EVERY_ROLE)

    def test_declares_what_the_code_declares(self) -> None:
        assert undeclared(app()) == []
        assert wrongly_declared(app()) == []


class TestUndeclaredRoute:
    def test_is_noticed(self) -> None:
        router = Router(prefix="/api/forgotten")
        router.add_api_route("", lambda: None, methods=["GET"])
        outer = FastAPI()
        outer.include_router(router)
        assert undeclared(outer) == ["GET /api/forgotten"]


def undeclared(application: FastAPI) -> list[str]:
    return [
        f"{method} {path}"
        for method, path, route in operations_of(application)
        if declared_access(route) is None
    ]


def wrongly_declared(application: FastAPI) -> list[str]:
    wrong = []
    for method, path, route in operations_of(application):
        check, expected = declared_access(route), EXPECTED.get(f"{method} {path}")
        assert check is not None, f"{method} {path} does not declare who may call it"
        if expected is None:
            wrong.append(f"{method} {path}: {TABLE} does not say who may call it")
            continue
        marks = vars(check)
        declared = ANYBODY if marks["declared_public"] else marks["declared_roles"] or PERSONS
        if declared != expected:
            wrong.append(f"{method} {path}: {declared} instead of {expected}")
    return wrong


class TestRoles:
    def test_are_let_in_where_the_table_says_and_nowhere_else(self, matrix: Matrix) -> None:
        all_cells = cells(matrix.operations)
        assert len(all_cells) > 1900
        faults = [fault for cell in all_cells if (fault := matrix.fault(cell))]
        assert faults == []


class TestObjects:
    def test_of_all_operations_with_owners_are_here(self) -> None:
        owners = {"customer", "technician", "freelancer", "device"}
        wanted = {
            (operation, role)
            for operation, expected in EXPECTED.items()
            if "{" in operation and expected != ANYBODY
            # a provider's manager is also of the staff, for whom nothing is foreign
            for role in (owners | set(expected) if expected == PROVIDER else owners) & set(expected)
        }
        assert {(owned.operation, role) for owned in OWNED for role in owned.roles} == wanted

    def test_are_reached_by_their_owners_only(self, matrix: Matrix) -> None:
        faults = [
            fault
            for owned in OWNED
            for role in owned.roles
            for fault in (matrix.own_fault(owned, role), matrix.foreign_fault(owned, role))
            if fault
        ]
        assert faults == []

    def test_behind_a_link_are_that_one_record(self, matrix: Matrix) -> None:
        mine = matrix.world.mine
        faults = []
        for owned in OWNED:
            if owned.roles != CUSTOMER:
                continue
            key = owned.key(mine, "customer")
            for opened in (key, uuid4(), mine.customer.id):
                reaches = owned.opens_by_link and opened == key
                token = issue_access(
                    Principal(
                        subject_id=mine.customer.id,
                        roles=frozenset({"customer"}),
                        name="link",
                        only_record=opened,
                    )
                )
                answer = matrix.ask_object(owned, key, token)
                if (answer.status not in (401, 403, 404)) is not reaches:
                    faults.append(f"{owned.operation}: {answer.status}, reaches {reaches}")
        assert faults == []

    def test_named_in_a_body_are_own_too(self, matrix: Matrix) -> None:
        theirs, mine = matrix.world.theirs, matrix.world.mine
        token = matrix.tokens["customer"]
        code = matrix.world.work_type.code

        def wish(**places: object) -> int:
            named = {name: str(value) for name, value in places.items()}
            body = {"work_type_code": code, **named}
            return matrix.ask("POST", "/api/customer/requests", token, body).status

        assert wish(site_id=mine.site.id, asset_id=mine.asset.id) == 201
        assert wish(site_id=theirs.site.id) == 404
        assert wish(site_id=mine.site.id, asset_id=theirs.asset.id) == 404


class TestRemovedCheck:
    def test_of_a_role_is_noticed(self, matrix: Matrix) -> None:
        mutants = access_mutants(matrix, each=1)
        assert len(mutants) > 150
        survived = survivors(mutants)
        assert len(survived) <= 0.02 * len(mutants), survived

    def test_of_an_owner_is_noticed(self, matrix: Matrix) -> None:
        mutants = object_mutants(matrix)
        survived = survivors(mutants)
        assert len(mutants) >= 20
        assert survived == []
