"""Finding the operation that a request is for."""

import asyncio

import httpx
from fastapi import FastAPI

from kernel.http import Router


def answer(method: str, path: str) -> httpx.Response:
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

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, path)

    return asyncio.run(ask())


class TestMatches:
    def test_finds_operations_behind_prefixes_that_begin_alike(self) -> None:
        assert answer("GET", "/api/pets").json() == "pets"
        assert answer("GET", "/api/owners/ada").json() == "ada"

    def test_finds_operations_behind_a_prefix_that_has_a_name_in_it(self) -> None:
        assert answer("GET", "/api/pets/rex/food").json() == "rex's food"

    def test_knows_no_path_beside_its_prefix(self) -> None:
        assert answer("GET", "/apis/pets").status_code == 404
        assert answer("GET", "/pets").status_code == 404

    def test_tells_a_wrong_method_from_a_wrong_path(self) -> None:
        assert answer("DELETE", "/api/pets").status_code == 405
