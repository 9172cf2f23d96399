"""Finding the operation that a request is for."""

from fastapi import FastAPI
from fastapi.testclient import TestClient

from kernel.http import Router


def make_client() -> TestClient:
    whole, part = Router(prefix="/api/pets"), Router(prefix="/api")
    inner = Router(prefix="/api/pets/{name}/food")

    @whole.get("")
    def pets() -> str:
        return "pets"

    @part.get("/owners/{name}")
    def owner(name: str) -> str:
        return name

    @inner.get("")
    def food(name: str) -> str:
        return f"{name}'s food"

    app = FastAPI()
    for router in (whole, inner, part):
        app.include_router(router)
    return TestClient(app)


class TestMatches:
    def test_finds_operations_behind_prefixes_that_begin_alike(self) -> None:
        client = make_client()
        assert client.get("/api/pets").json() == "pets"
        assert client.get("/api/owners/ada").json() == "ada"

    def test_finds_operations_behind_a_prefix_that_has_a_name_in_it(self) -> None:
        assert make_client().get("/api/pets/rex/food").json() == "rex's food"

    def test_knows_no_path_beside_its_prefix(self) -> None:
        client = make_client()
        assert client.get("/apis/pets").status_code == 404
        assert client.get("/pets").status_code == 404

    def test_tells_a_wrong_method_from_a_wrong_path(self) -> None:
        assert make_client().delete("/api/pets").status_code == 405
