"""`python -m tests.e2e.browser.screens [FOLDER]`: pictures of the three apps for the docs."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.browser import machines as watched
from tests.e2e.browser.conftest import DESKTOP, FLAGS, PHONE, ROOT, sign_in
from tests.e2e.browser.test_customer import prove_identity
from tests.e2e.browser.world import DISPATCHER, World, email_of
from tests.needs import find_program

SETTLE_MS = 1500


class Studio:
    """Opens pages and saves what they show."""

    def __init__(self, browser: Browser, world: World, folder: Path) -> None:
        self.browser, self.world, self.folder = browser, world, folder

    @contextmanager
    def page(self, path: str, *, phone: bool = False, **options: str) -> Iterator[Page]:
        size = {"width": PHONE["width"], "height": PHONE["height"]} if phone else DESKTOP
        context = self.browser.new_context(
            base_url=self.world.url,
            viewport=size,  # type: ignore[arg-type]  # a literal size
            locale=options.get("locale", "en-GB"),
            color_scheme="dark" if options.get("theme") == "dark" else "light",
            device_scale_factor=2 if phone else 1,
            geolocation={"latitude": 52.4890, "longitude": 13.3890},
            permissions=["geolocation"],
        )
        page = context.new_page()
        page.goto(path)
        yield page
        context.close()

    def take(self, page: Page, name: str) -> None:
        page.wait_for_timeout(SETTLE_MS)
        page.screenshot(path=self.folder / f"{name}.png")
        print(name, flush=True)


def console(studio: Studio) -> None:
    for theme in ("light", "dark"):
        with studio.page("/console/", theme=theme) as page:
            sign_in(page, DISPATCHER)
            page.locator(".lane").first.wait_for()
            page.locator(f'.block[data-visit="{studio.world.visits["Boiler leaks"]}"]').click()
            studio.take(page, f"console-{theme}")
            if theme == "dark":
                continue
            card = page.locator(".work-card", has_text="Smell of burning")
            start = card.bounding_box()
            row = page.locator(".lane", has_text="Emil Nowak").bounding_box()
            assert start
            assert row
            page.mouse.move(start["x"] + 20, start["y"] + 12)
            page.mouse.down()
            page.mouse.move(row["x"] + 420, row["y"] + 25, steps=5)
            page.get_by_test_id("drag-verdict").get_by_text("problem").wait_for()
            studio.take(page, "console-drag")
            page.keyboard.press("Escape")
            page.mouse.up()
            intake(studio, page)


def machines(studio: Studio) -> None:
    watched.install(studio.world)
    pages = {"alerts": "Leakage current", "incidents": "pressure loss"}
    for phone in (False, True):
        size = "-phone" if phone else ""
        with studio.page("/console/", phone=phone) as page:
            sign_in(page, DISPATCHER)
            page.locator(".lane").first.wait_for()
            if phone:
                page.get_by_role("button", name="Menu").click()
                studio.take(page, "console-phone-menu")
            for name, chosen in pages.items():
                page.goto(f"/console/?page={name}")
                page.locator(".pick", has_text=chosen).first.click()
                studio.take(page, f"console-{name}{size}")
            if phone:
                continue
            page.goto("/console/?page=stock")
            page.get_by_role("heading", name="Depot West").wait_for()
            studio.take(page, "console-stock")


def intake(studio: Studio, page: Page) -> None:
    page.get_by_role("button", name="Take a call").click()
    panel = page.locator("aside.panel")
    panel.get_by_label("Who is calling?").fill("Fischer")
    panel.get_by_role("button", name="Lena Fischer").click()
    panel.get_by_label("Which equipment?").select_option(studio.world.assets["Lena Fischer"]["id"])
    panel.get_by_role("button", name="Continue").click()
    panel.get_by_label("Kind of work").select_option("boiler-repair")
    panel.get_by_label("In the caller's words").fill("Cold since this morning, error F28")
    panel.get_by_role("button", name="Open work order").click()
    panel.locator(".windows .pick").first.click()
    panel.get_by_role("timer").wait_for()
    studio.take(page, "console-call")


def technician(studio: Studio) -> None:
    world = studio.world
    with studio.page("/technician/", phone=True) as page:
        sign_in(page, email_of("Daniel Osei"))
        page.get_by_role("switch").click()
        studio.take(page, "technician-today")
        page.get_by_text("New router for the café").first.click()
        studio.take(page, "technician-job")
    with studio.page("/technician/", phone=True, theme="dark", locale="de-DE") as page:
        page.get_by_label("E-Mail").fill(email_of("Aylin Demir"))
        page.get_by_label("Passwort").fill("a-long-password-42")
        page.get_by_role("button", name="Anmelden").click()
        page.get_by_text("No heating on two floors").first.wait_for()
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.context.set_offline(True)
        page.get_by_role("button", name="Losfahren").click()
        studio.take(page, "technician-offline-dark-de")
    freelancer = world.hire("freelance", heating=3)
    asked = [world.technicians[freelancer]["id"]]
    visit_id = world.visits["Heating rattles"]
    offer = {"visit_id": visit_id, "pay_cents": 9500, "technician_ids": asked}
    world.post("/api/offers", offer)
    with studio.page("/technician/offers", phone=True) as page:
        sign_in(page, email_of(freelancer))
        page.get_by_role("button", name="Accept").first.wait_for()
        studio.take(page, "technician-offer")


def customer(studio: Studio) -> None:
    world = studio.world
    with studio.page("/customer/", phone=True) as page:
        page.get_by_role("link", name="Boiler repair").wait_for()
        studio.take(page, "customer-start")
        page.get_by_role("link", name="Boiler repair").click()
        page.get_by_label("No", exact=True).check()
        page.get_by_role("button", name="Continue").click()
        prove_identity(page, world, "customer5@mail.example", "")
        page.get_by_role("button", name="Continue").click()
        page.locator(".window").first.click()
        page.get_by_role("timer").wait_for()
        studio.take(page, "customer-windows")
        page.get_by_role("button", name="Confirm this time").click()
        page.get_by_role("heading", name="Your visit is booked").wait_for()
    with studio.page("/customer/sign-in", phone=True) as page:
        prove_identity(page, world, "customer8@mail.example", "")
        world.share_position(world.technicians["Daniel Osei"]["id"])
        page.get_by_role("link", name="New router for the café").click()
        page.get_by_text("km away").wait_for()
        studio.take(page, "customer-track")
        world.move("New router for the café", "on_site", "in_progress", "completed")
        page.get_by_role("heading", name="All done").wait_for()
        studio.take(page, "customer-rate")
    with studio.page(world.raise_alert("Paul Hartmann"), phone=True, theme="dark") as page:
        page.locator(".window").first.wait_for()
        studio.take(page, "customer-alert-dark")


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screens"
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        command = [sys.executable, "-m", "tests.e2e.browser.stack", data]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as product:
            assert product.stdin is not None
            assert product.stdout is not None
            world = World(**json.loads(product.stdout.readline()))
            path = find_program("browser")
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            studio = Studio(browser, world, folder)
            for part in (console, machines, technician, customer):
                part(studio)
            browser.close()
            product.stdin.close()


if __name__ == "__main__":
    main()
