"""Takes the screenshots of this folder from a running demo: `./dev screens [--url URL]`."""

import argparse
import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
from playwright.sync_api import Browser, sync_playwright

from kernel.embedded_servers import free_port

HERE = Path(__file__).resolve().parent
ZONE = ZoneInfo("Europe/Berlin")
PASSWORD = "firstfix-demo"
DISPATCHER = "dispatcher@firstfix.example"
TECHNICIANS = [f"t{number:03}@technicians.example" for number in range(25)]
CUSTOMERS = [f"c{number:04}@customers.example" for number in range(400)]
PATIENCE_SECONDS = 900.0
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

Json = dict[str, Any]


class Visitor:
    """One person who is signed in, by HTTP and in the browser."""

    def __init__(self, url: str, tokens: Json, device: str) -> None:
        self.tokens, self.device = tokens, device
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        self.http = httpx.Client(base_url=url, headers=headers, timeout=30)

    def get(self, path: str, **parameters: str) -> Any:
        return self.http.get(path, params=parameters).raise_for_status().json()

    def storage(self, app: str) -> str:
        """The script that signs this person in to one of the web apps."""
        session = {
            "access": self.tokens["access_token"],
            "refresh": self.tokens["refresh_token"],
            "until": 9_000_000_000_000,  # in milliseconds: never, for a browser
            "principal": self.tokens["principal"],
        }
        return (
            f"localStorage.setItem('firstfix.device', {json.dumps(self.device)});"
            f"localStorage.setItem('firstfix.{app}.session', {json.dumps(json.dumps(session))});"
        )


def post(url: str, path: str, body: Json) -> httpx.Response:
    return httpx.post(f"{url}{path}", json=body, headers={"Idempotency-Key": str(uuid4())})


def sign_in(url: str, email: str) -> Visitor | None:
    device = str(uuid4())
    body = {"email": email, "password": PASSWORD, "device": device}
    answer = post(url, "/api/auth/sign-in", body)
    return Visitor(url, answer.json(), device) if answer.is_success else None


def sign_in_by_code(url: str, office: Visitor, address: str) -> Visitor:
    """Reads the code in the development inbox, as a person reads it on the phone."""
    post(url, "/api/auth/code", {"address": address}).raise_for_status()
    device, deadline = str(uuid4()), time.monotonic() + 60
    while time.monotonic() < deadline:
        for message in office.get("/api/inbox", address=address)["items"]:
            found = re.search(r"\b\d{6}\b", message["text"])
            if found:
                body = {"address": address, "code": found.group(), "device": device}
                answer = post(url, "/api/auth/code/verify", body)
                if answer.is_success:
                    return Visitor(url, answer.json(), device)
        time.sleep(1)
    raise SystemExit(f"no code arrived for {address}")


@contextmanager
def city(url: str | None) -> Iterator[str]:
    """The address of a demo: the given one, or one that runs as long as this takes."""
    if url is not None:
        yield url.rstrip("/")
        return
    port = free_port()
    firstfix = str(Path(sys.executable).with_name("firstfix"))
    with tempfile.TemporaryDirectory() as folder:
        words = ["demo", "--port", str(port), "--data-dir", folder, "--rate", "120"]
        # The demo dies with this process, whatever ends it.
        prefix = ["setpriv", "--pdeathsig", "INT", "--"]
        child = subprocess.Popen([*prefix, firstfix, *words], stdout=subprocess.DEVNULL)
        url = f"http://127.0.0.1:{port}"
        try:
            while not answers(url):
                if child.poll() is not None:
                    raise SystemExit("the demo does not start; try ./dev demo")
                time.sleep(1)
            yield url
        finally:
            child.send_signal(signal.SIGINT)
            child.wait()


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/ready", timeout=5).is_success
    except httpx.HTTPError:
        return False


def wait_for_noon(url: str) -> Visitor:
    """The dispatcher, once the city's day is in full swing."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            office = sign_in(url, DISPATCHER)
            if office is not None:
                now = datetime.fromisoformat(office.get("/api/clock")["now"])
                if now.astimezone(ZONE).hour >= 11:
                    return office
        except httpx.HTTPError:
            pass
        time.sleep(5)
    raise SystemExit("the city did not get to noon")


def technician_at_work(url: str) -> Visitor:
    """The first technician with a visit under way."""
    for email in TECHNICIANS:
        visitor = sign_in(url, email)
        if visitor is not None:
            visits = visitor.get("/api/technician/day")["visits"]
            if any(visit["status"] in ("on_site", "in_progress", "en_route") for visit in visits):
                return visitor
    raise SystemExit("nobody is at work")


def expecting_customer(url: str, office: Visitor) -> tuple[Visitor, str]:
    """A customer who waits for a visit, and that visit."""
    for address in CUSTOMERS[:60]:
        visitor = sign_in_by_code(url, office, address)
        for visit in visitor.get("/api/customer/visits"):
            if visit["status"] in ("scheduled", "dispatched", "accepted", "en_route"):
                return visitor, visit["id"]
    raise SystemExit("nobody waits for a visit")


def shoot(browser: Browser, address: str, script: str, size: Any, name: str) -> None:
    context = browser.new_context(
        viewport=size, device_scale_factor=2 if size is PHONE else 1, locale="en-GB"
    )
    context.add_init_script(script)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("main").first.wait_for()
    page.wait_for_timeout(4000)  # the live stream is open, so the network is never idle
    page.screenshot(path=HERE / f"{name}.png")
    context.close()
    print(f"docs/screens/{name}.png")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a demo that runs already")
    arguments = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Screenshots need Chromium on this machine.")
    with city(arguments.url) as url, sync_playwright() as playwright:
        office = wait_for_noon(url)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        shoot(browser, f"{url}/console", office.storage("console"), DESK, "console")
        technician = technician_at_work(url)
        shoot(browser, f"{url}/technician", technician.storage("technician"), PHONE, "technician")
        customer, visit = expecting_customer(url, office)
        page = f"{url}/customer/visits/{visit}"
        shoot(browser, page, customer.storage("customer"), PHONE, "customer")
        shoot(browser, f"{url}/customer", "", PHONE, "booking")
        browser.close()


if __name__ == "__main__":
    main()
