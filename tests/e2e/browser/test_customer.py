"""The customer's pages on a phone: book with a code, follow, move, rate; answer an alert."""

import re
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.e2e.browser.conftest import Open
from tests.e2e.browser.world import World


def prove_identity(page: Page, world: World, address: str, name: str) -> None:
    page.get_by_label("Phone number or e-mail").fill(address)
    page.get_by_role("button", name="Send code").click()
    expect(page.get_by_label("Code", exact=True)).to_be_visible()
    message = world.wait_for_message(r"\b\d{6}\b", address)
    code = re.search(r"\b\d{6}\b", message["text"])
    assert code
    page.get_by_label("Code", exact=True).fill(code[0])
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Go on").click()


class TestBooking:
    def test_from_what_is_wrong_to_the_rating(self, open_page: Open, world: World) -> None:
        page = open_page("/customer/", phone=True)
        page.get_by_role("link", name="Boiler repair").click()
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("alert")).to_contain_text("Please fill this in")
        page.get_by_label("No", exact=True).check()
        page.get_by_label("Tell us more").fill("Ice cold since the night")
        page.get_by_role("button", name="Continue").click()
        prove_identity(page, world, f"{uuid4().hex[:8]}@mail.example", "Wanda Richter")
        page.get_by_label("Address", exact=True).fill("Gneisenaustraße 66, 10961 Berlin")
        page.get_by_role("button", name="I am there now").click()
        expect(page.get_by_text("Position known")).to_be_visible()
        page.get_by_role("button", name="Continue").click()
        page.locator(".window").first.click()
        expect(page.get_by_role("timer")).to_contain_text("Kept for you")
        page.get_by_role("button", name="Confirm this time").click()
        expect(page.get_by_role("heading", name="Your visit is booked")).to_be_visible()

        promised = page.locator("dd.strong").inner_text()
        page.get_by_role("button", name="Move").click()
        page.locator(".window").last.click()
        page.get_by_role("button", name="Move to this time").click()
        expect(page.locator("dd.strong")).not_to_have_text(promised)

        visit_id = page.url.split("/")[-1].partition("?")[0]
        world.visits["Booked"] = visit_id
        world.post(f"/api/visits/{visit_id}/dispatch")
        seat = world.visit("Booked")["seats"][0]
        world.share_position(seat["technician_id"])
        world.move("Booked", "en_route")
        expect(page.get_by_role("heading", name="is on the way")).to_be_visible()
        world.move("Booked", "on_site", "in_progress", "completed")
        expect(page.get_by_role("heading", name="All done")).to_be_visible()
        page.get_by_text("5 stars").check(force=True)
        page.get_by_text("Yes", exact=True).click()
        page.get_by_role("button", name="Send").click()
        expect(page.locator("main")).to_contain_text("You gave 5 stars")

    def test_a_wrong_code_says_so_and_another_can_be_asked_for(self, open_page: Open) -> None:
        page = open_page("/customer/sign-in", phone=True)
        page.get_by_label("Phone number or e-mail").fill("customer3@mail.example")
        page.get_by_role("button", name="Send code").click()
        page.get_by_label("Code", exact=True).fill("000000")
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("alert")).to_contain_text("wrong or too old")
        page.get_by_role("button", name="Send a new code").click()
        expect(page.locator(".toasts")).to_contain_text("A new code is on its way")

    def test_the_technician_is_on_the_map_only_on_the_way(
        self, open_page: Open, world: World
    ) -> None:
        daniel = world.hire(network=3)
        world.open("Line is dead", "Tariq Rahman", "router-swap")
        world.assign("Line is dead", daniel, "10:30")
        world.post(f"/api/visits/{world.visits['Line is dead']}/dispatch")
        world.share_position(world.technicians[daniel]["id"])
        page = open_page("/customer/sign-in", phone=True)
        prove_identity(page, world, "customer2@mail.example", "")
        page.get_by_role("link", name="Line is dead").click()
        expect(page.get_by_role("heading", name="Your visit is confirmed")).to_be_visible()
        expect(page.get_by_text("km away")).to_have_count(0)
        world.move("Line is dead", "en_route")
        expect(page.get_by_role("heading", name="is on the way")).to_be_visible()
        expect(page.get_by_text("km away")).to_have_count(0)  # where they were before is private
        world.share_position(world.technicians[daniel]["id"])
        expect(page.get_by_text("km away")).to_be_visible()
        world.move("Line is dead", "on_site")
        expect(page.get_by_role("heading", name="has arrived")).to_be_visible()
        expect(page.get_by_text("km away")).to_have_count(0)

    def test_calls_a_visit_off(self, open_page: Open, world: World) -> None:
        page = open_page("/customer/sign-in", phone=True)
        world.open("Not needed any more", "Selin Kaya", "router-swap")
        prove_identity(page, world, "customer9@mail.example", "")
        page.get_by_role("link", name="Not needed any more").click()
        page.get_by_role("button", name="Cancel visit").click()
        page.get_by_role("dialog").get_by_role("button", name="Cancel visit").click()
        expect(page.get_by_role("heading", name="This visit is cancelled")).to_be_visible()


class TestAlert:
    def test_a_link_opens_the_alert_and_a_time_is_chosen(
        self, open_page: Open, world: World
    ) -> None:
        link = world.raise_alert("Paul Hartmann")
        page = open_page(link, phone=True)
        expect(page.get_by_role("heading", name="Boiler needs attention")).to_be_visible()
        assert "token" not in page.url
        page.locator(".window").first.click()
        page.get_by_role("button", name="Confirm this time").click()
        expect(page.locator("main")).to_contain_text("A technician is coming")
        page.get_by_role("link", name="Follow the visit").click()
        expect(page.get_by_role("heading", name="Your visit is booked")).to_be_visible()
