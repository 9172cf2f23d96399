"""Devices in the console: registered, with certificates, shut out."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.conftest import Open, sign_in
from tests.e2e.browser.world import World
from tests.factories.certificates import make_request


@pytest.fixture
def branch(world: World) -> World:
    return world.branch()


@pytest.fixture
def customer(branch: World) -> str:
    """Of that branch; the name."""
    name = branch.welcome()
    branch.open("Looked after", name, "boiler-repair")
    return name


def console(open_page: Open, branch: World, query: str, *, phone: bool = False) -> Page:
    page = open_page(f"/console/?territory={branch.territory_id}{query}", phone=phone)
    sign_in(page, branch.new_dispatcher())
    return page


class TestDevices:
    def test_is_registered_with_a_certificate_that_is_revoked_later(
        self, open_page: Open, branch: World, customer: str
    ) -> None:
        page = console(open_page, branch, "&page=devices")
        page.get_by_role("button", name="Register a device…").click()
        form = page.get_by_role("dialog")
        form.get_by_label("Whose machine? Find the customer").fill(customer)
        form.get_by_label("Equipment", exact=True).select_option(index=1)
        form.get_by_label("Name of the device").fill("Cellar sensor")
        form.get_by_label("It comes in with").select_option(label="a certificate")
        form.get_by_label("Signing request (PEM)").fill("no request")
        form.get_by_role("button", name="Register", exact=True).click()
        expect(form.get_by_role("alert")).to_be_visible()
        form.get_by_label("Signing request (PEM)").fill(make_request())
        form.get_by_role("button", name="Register", exact=True).click()
        expect(page.get_by_text("With both it comes in without a token.")).to_be_visible()
        page.get_by_role("dialog").get_by_role("button", name="Close").last.click()
        expect(page.locator(".badge", has_text="in force")).to_be_visible()
        page.get_by_role("button", name="Revoke…").click()
        page.get_by_role("dialog").get_by_role("button", name="Revoke", exact=True).click()
        expect(page.locator(".badge", has_text="revoked")).to_be_visible()
        assert page.locator(".pick", has_text="Cellar sensor").count() == 1

    def test_is_shut_out_for_good(self, open_page: Open, branch: World, customer: str) -> None:
        asset = branch.assets[customer]["id"]
        branch.post("/api/devices", {"asset_id": asset, "name": "Attic sensor"})
        page = console(open_page, branch, "&page=devices", phone=True)
        page.get_by_label("Find by name or equipment").fill("Attic")
        page.locator(".pick", has_text="Attic sensor").click()
        page.get_by_role("button", name="Shut out…").click()
        page.get_by_role("dialog").get_by_role("button", name="Shut out", exact=True).click()
        expect(page.locator(".badge", has_text="shut out").last).to_be_visible()
        expect(page.get_by_role("button", name="Tell it to do something…")).to_have_count(0)
