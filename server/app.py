"""The HTTP application: every slice's router, live stream, health, pages, and the web apps."""

import gc
import importlib
import pkgutil
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio.to_thread
from fastapi import APIRouter, FastAPI

from dispatch.scheduling.snapshots import keeper
from kernel.http import install_problems
from kernel.settings import settings
from server import operations, pages, registry, wiring
from server.middleware import RequestContext

# A wheel carries the apps beside this file; a checkout builds them in web/dist.
IN_WHEEL = Path(__file__).parent / "web_dist"
WEB = IN_WHEEL if IN_WHEEL.exists() else Path(__file__).parent.parent / "web" / "dist"
APPS = ("console", "technician", "customer")
GARBAGE = (10_000, 20, 100)
"""Whoever reads a schedule makes 300,000 objects that stay; Python's own (700, 10, 10) would look
through all of them once or twice meanwhile, 0.2 s each time."""


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    # A thread without a connection would only wait: as many threads as connections.
    limiter = anyio.to_thread.current_default_thread_limiter()
    limiter.total_tokens = settings().pool_size
    yield


def create_app() -> FastAPI:
    registry.load()
    wiring.connect()
    app = FastAPI(
        title="Firstfix",
        version="0.1.0",
        summary="Plans and runs field service.",
        openapi_url="/api/openapi.json",
        docs_url=None,  # ours needs no internet
        redoc_url=None,
        lifespan=lifespan,
    )
    app.add_middleware(RequestContext)
    install_problems(app)
    for router in routers():
        app.include_router(router)
    app.include_router(operations.router)
    app.include_router(pages.router)
    pages.add_api_page(app)
    for name in APPS:
        if (WEB / name / "index.html").exists():
            app.frontend(f"/{name}", directory=WEB / name, fallback="index.html")
    return app


def create_serving_app() -> FastAPI:
    """The application of a process that is there to answer: it reads schedules at once."""
    app = create_app()
    # What is loaded now stays: to look through it again took 0.2 to 0.3 s of an unlucky request.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    threading.Thread(target=keeper.prefill, daemon=True).start()
    return app


def routers() -> list[APIRouter]:
    """The routers of every api module, in the order of their names."""
    found: list[APIRouter] = []
    for package in registry.PACKAGES:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.rpartition(".")[2] == "api":
                found.append(importlib.import_module(module.name).router)
    return found
