"""A running product and a real browser, both started once for all stories of a test process."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.browser.world import PASSWORD, World
from tests.factories.certificates import make_authority
from tests.needs import find_program

ROOT = Path(__file__).resolve().parents[3]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)

Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The small company on a Tuesday morning; FIRSTFIX_WORLD names the JSON of a running one."""
    if kept := os.environ.get("FIRSTFIX_WORLD"):
        yield World(**json.loads(Path(kept).read_text()))
        return
    if not (ROOT / "web" / "dist" / "console" / "index.html").exists():
        pytest.fail("the web apps are not built: run `npm run build` in web/")
    folder = tmp_path_factory.mktemp("product")
    command = [sys.executable, "-m", "tests.e2e.browser.stack", str(folder)]
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment["FIRSTFIX_ENVIRONMENT"] = "development"
    key, certificate = make_authority().as_text()
    environment["FIRSTFIX_DEVICE_AUTHORITY_KEY"] = key
    environment["FIRSTFIX_DEVICE_AUTHORITY_CERTIFICATE"] = certificate
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as product:
        assert product.stdin is not None
        assert product.stdout is not None
        line = product.stdout.readline()
        if not line:
            pytest.fail("the product did not start; see its own output above")
        yield World(**json.loads(line))
        product.stdin.close()
        product.wait(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with each file: while it is open, no other test of the process can run a loop."""
    path = find_program("browser")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser, world: World) -> Iterator[Open]:
    """`open_page("/console/")`: a page in a context of its own; any script error fails the test."""
    errors: list[str] = []
    with ExitStack() as contexts:

        def make(
            path: str,
            *,
            phone: bool = False,
            language: str = "en-GB",
            service_workers: Literal["allow", "block"] = "allow",
        ) -> Page:
            context: BrowserContext = browser.new_context(
                base_url=world.url,
                viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]  # two literals
                locale=language,
                service_workers=service_workers,
                geolocation={"latitude": 52.4890, "longitude": 13.3890},
                permissions=["geolocation"],
            )
            contexts.callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            page = context.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto(path)
            return page

        yield make
    assert errors == []


def sign_in(page: Page, email: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
