"""The technician's app on a phone: the day, the network gone and back, offers and a lost race."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.conftest import Open, sign_in
from tests.e2e.browser.tunnel import Tunnel
from tests.e2e.browser.world import World, email_of


@pytest.fixture
def tunnel(world: World) -> Iterator[Tunnel]:
    made = Tunnel(world.url)
    yield made
    made.close()


def keep_for_offline(page: Page, words: str) -> None:
    """Wait until the service worker has the app and the day that shows these words."""
    expect(page.get_by_text(words).first).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    expect(page.get_by_text(words).first).to_be_visible()


class TestOffline:
    def test_a_job_is_done_in_the_cellar_and_sent_afterwards(
        self, open_page: Open, world: World, tunnel: Tunnel
    ) -> None:
        world.open("Cellar job", "Lena Fischer", "boiler-repair")
        emil = world.hire(heating=3)
        world.assign("Cellar job", emil, "11:30")
        world.post(f"/api/visits/{world.visits['Cellar job']}/dispatch")
        page = open_page(f"{tunnel.url}/technician/", phone=True)
        sign_in(page, email_of(emil))
        page.get_by_text("Cellar job").click()
        keep_for_offline(page, "Start travel")
        tunnel.cut()
        page.reload()
        page.get_by_role("button", name="Start travel").click()
        page.get_by_role("button", name="I have arrived").click()
        page.get_by_role("button", name="Start work").click()
        expect(page.get_by_text("3 unsent")).to_be_visible()
        page.reload()
        expect(page.get_by_text("Working")).to_be_visible()
        page.get_by_role("button", name="Finish job").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("The fault that was reported").check()
        dialog.get_by_label("Pressure read").check()
        dialog.get_by_label("Note for the office").fill("Valve replaced")
        dialog.get_by_role("button", name="Finish job").click()
        expect(page.get_by_text("4 unsent")).to_be_visible()
        assert world.visit("Cellar job")["status"] == "dispatched"
        tunnel.mend()
        page.goto(f"{tunnel.url}/technician/unsent")  # what waits is sent when the app opens
        expect(page.get_by_text("Everything is sent")).to_be_visible()
        assert world.visit("Cellar job")["status"] == "completed"

    def test_a_refused_action_is_explained_and_holds_up_nothing(
        self, open_page: Open, world: World, tunnel: Tunnel
    ) -> None:
        daniel = world.hire(network=3)
        for name, at in (("Called off meanwhile", "12:00"), ("Still wanted", "14:30")):
            world.open(name, "Johanna Weiß", "router-swap")
            world.assign(name, daniel, at)
            world.post(f"/api/visits/{world.visits[name]}/dispatch")
        page = open_page(f"{tunnel.url}/technician/", phone=True)
        sign_in(page, email_of(daniel))
        keep_for_offline(page, "Still wanted")
        tunnel.cut()
        for name in ("Called off meanwhile", "Still wanted"):
            page.get_by_text(name).click()
            page.get_by_role("button", name="Start travel").click()
            page.get_by_role("link", name="Today").last.click()
        reason = {"reason": "The customer found a friend"}
        world.post(f"/api/work-orders/{world.orders['Called off meanwhile']}/cancel", reason)
        tunnel.mend()
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(page.locator(".toasts")).to_contain_text("not accepted")
        page.goto(f"{tunnel.url}/technician/unsent")
        expect(page.get_by_text("Not accepted by the office")).to_be_visible()
        expect(page.locator("main")).to_contain_text("Called off meanwhile")
        page.get_by_role("button", name="Understood").click()
        expect(page.get_by_text("Everything is sent")).to_be_visible()
        assert world.visit("Still wanted")["status"] == "en_route"


class TestOffers:
    def test_one_wins_and_the_other_is_told(self, open_page: Open, world: World) -> None:
        world.open("Who takes it", "Bäckerei Sommer", "charger-fault")
        freelancers = [world.hire("freelance", electrical=3) for _ in range(2)]
        both = [world.technicians[name]["id"] for name in freelancers]
        offer = {
            "visit_id": world.visits["Who takes it"],
            "technician_ids": both,
            "pay_cents": 9000,
        }
        world.post("/api/offers", offer)
        phones = []
        for name in freelancers:
            # without a service worker, so that a route below can hold back the news
            phone = open_page("/technician/offers", phone=True, service_workers="block")
            sign_in(phone, email_of(name))
            expect(phone.get_by_role("button", name="Accept for €90.00")).to_be_visible()
            expect(phone.locator("main")).to_contain_text("2 people are asked")
            phones.append(phone)
        winner, loser = phones
        loser.route("**/api/technician/offers", lambda route: route.abort())  # has not heard yet
        winner.get_by_role("button", name="Accept for €90.00").click()
        expect(winner.locator(".toasts")).to_contain_text("The job is yours")
        expect(winner.get_by_role("button", name="Start travel")).to_be_visible()
        loser.get_by_role("button", name="Accept for €90.00").click()
        expect(loser.locator(".toasts")).to_contain_text("Taken by someone else")


class TestDuty:
    def test_the_switch_tells_the_office_where_the_phone_is(
        self, open_page: Open, world: World
    ) -> None:
        page = open_page("/technician/", phone=True)
        sign_in(page, email_of(world.hire(network=1)))
        with page.expect_response("**/api/technician/position"):
            page.get_by_role("switch").click()
        expect(page.get_by_role("switch")).to_have_text("On duty")
        page.get_by_role("switch").click()
        expect(page.get_by_role("switch")).to_have_text("Off duty")


class TestLanguage:
    def test_speaks_german_to_a_german_phone(self, open_page: Open) -> None:
        page = open_page("/technician/", phone=True, language="de-DE")
        expect(page.get_by_role("heading", name="Anmelden")).to_be_visible()
        page.get_by_role("button", name="EN", exact=True).click()
        expect(page.get_by_role("heading", name="Sign in to your day")).to_be_visible()
