"""Offers made by hand in the console: to a talent pool, withdrawn, and as a route."""

from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.e2e.browser.conftest import Open, sign_in
from tests.e2e.browser.world import World, email_of


def offer(page: Page, whom: str = "", beside: str = "") -> None:
    """From the panel of the job that is open."""
    page.get_by_role("button", name="Offer to freelancers").click()
    form = page.get_by_role("dialog")
    if whom:
        form.get_by_label("Who is asked").select_option(label=whom)
    if beside:
        form.get_by_label(beside).check()
    form.get_by_role("button", name="Offer to freelancers").click()
    expect(form).to_have_count(0)


class TestOffering:
    def test_to_a_pool_and_as_a_route(self, open_page: Open, world: World) -> None:
        city = world.branch()
        regular, other = (city.hire("freelance", heating=3) for _ in range(2))
        pool = f"Regulars {uuid4().hex[:6]}"
        page = open_page(f"/console/?territory={city.territory_id}&page=crowd&tab=pools")
        sign_in(page, city.new_dispatcher())

        page.get_by_role("button", name="New talent pool").click()
        form = page.get_by_role("dialog")
        form.get_by_label("Name", exact=True).fill(pool)
        form.get_by_role("button", name="Keep").click()
        expect(page.locator("article", has_text=pool)).to_contain_text("Only those who are named")
        page.get_by_role("button", name=f"People of {pool}").click()
        form.get_by_label(regular).select_option(label="always")
        form.get_by_role("button", name="Keep").click()
        card = page.locator("article", has_text=pool)
        expect(card).to_contain_text("One person belongs to it now")

        alone = city.open("Alone", "Oskar Blum", "boiler-repair")
        page.goto(f"/console/?territory={city.territory_id}&visit={alone}")
        offer(page, whom=f"Talent pool: {pool}")
        expect(page.locator(".toasts")).to_contain_text("Asked one person.")
        asked = page.locator(".panel li", has_text=regular)
        expect(asked).to_contain_text("from a talent pool")
        expect(page.locator(".panel li", has_text=other)).to_have_count(0)
        page.get_by_role("button", name=f"Withdraw the offer to {regular}").click()
        expect(asked).to_contain_text("Withdrawn")

        city.open("Beside", "Oskar Blum", "boiler-repair")
        page.reload()
        offer(page, whom=f"Talent pool: {pool}", beside="Beside · 0.0 km away")
        expect(page.locator(".toasts")).to_contain_text("Asked one person.")
        route = page.locator(".panel li", has_text="as part of a route")
        expect(route).to_have_count(1)
        expect(route).to_contain_text(regular)


class TestWishes:
    def test_of_both_sides(self, open_page: Open, world: World) -> None:
        city = world.branch()
        name = city.hire(heating=3)
        visit = city.open("Wished for", "Oskar Blum", "boiler-repair")
        city.assign("Wished for", name, "13:00")
        city.post(f"/api/visits/{visit}/dispatch")
        phone = open_page("/technician/", phone=True)
        sign_in(phone, email_of(name))
        phone.get_by_role("link", name="Wished for").first.click()
        phone.get_by_role("button", name="More").last.click()
        phone.get_by_role("menuitem", name="About this customer").click()
        form = phone.get_by_role("dialog")
        form.get_by_label("Your wish").select_option(label="I like to come here")
        form.get_by_label("Why?").fill("Good coffee")
        form.get_by_role("button", name="Keep").click()
        expect(form).to_have_count(0)

        page = open_page(f"/console/?territory={city.territory_id}&visit={visit}")
        sign_in(page, city.new_dispatcher())
        page.get_by_text("Whom the customer wants").click()
        wishes = page.locator("details", has_text="Whom the customer wants")
        expect(wishes).to_contain_text("likes to come")
        expect(wishes).to_contain_text("Good coffee")
        page.get_by_role("button", name="Add a wish").click()
        added = page.get_by_role("dialog")
        added.get_by_label("What is wished").select_option(label="Never again")
        added.get_by_role("button", name="Keep").click()
        expect(wishes).to_contain_text("not wanted by the customer")
        expect(page.locator(".panel")).to_contain_text("Nobody yet")
