"""Planning rules about freelancers in the console, and what they change in a call."""

from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.e2e.browser.conftest import Open, sign_in
from tests.e2e.browser.world import PASSWORD, World


def new_supervisor(city: World) -> str:
    email = f"supervisor-{uuid4().hex[:8]}@firstfix.example"
    city.post("/api/accounts", {"name": "Jutta Adler", "roles": ["supervisor"], "email": email,
                                "password": PASSWORD})  # fmt: skip
    return email


def make_policy(city: World, **rules: object) -> str:
    """In force in this territory; the name."""
    name = f"Rules {uuid4().hex[:6]}"
    body = {"name": name, "territory_id": city.territory_id, "rules": rules}
    policy = city.post("/api/policies", body)
    city.post(f"/api/policies/{policy['id']}/activate")
    return name


def take_a_call(page: Page, city: World, caller: str) -> None:
    page.get_by_role("button", name="Take a call").click()
    side = page.locator("aside.panel")
    side.get_by_label("Who is calling?").fill(caller.split()[0])
    side.get_by_role("button", name=caller).click()
    side.get_by_label("Which equipment?").select_option(city.assets[caller]["id"])
    side.get_by_role("button", name="Continue").click()
    side.get_by_label("Kind of work").select_option("boiler-repair")
    side.get_by_role("button", name="Open work order and find times").click()


class TestShares:
    def test_a_supervisor_bounds_what_freelancers_get(self, open_page: Open, world: World) -> None:
        city = world.branch()
        make_policy(city)
        page = open_page(f"/console/?territory={city.territory_id}&page=rules")
        sign_in(page, new_supervisor(city))
        page.get_by_role("button", name="Make a new version").click()
        form = page.get_by_role("dialog")
        form.get_by_label("Freelancers beside our own people").select_option("in_house_first")
        form.get_by_text("Freelancers", exact=True).click()
        form.get_by_label("Freelancers' share of all visits at most (%)").fill("25")
        form.get_by_label("Boiler repair (%)").fill("10")
        form.get_by_role("button", name="Make the version").click()
        table = page.get_by_role("table", name="What would change")
        expect(table.get_by_role("row", name="Freelancers' share of all")).to_contain_text("25 %")
        expect(table.get_by_role("row", name="share of boiler-repair")).to_contain_text("10 %")
        expect(table).to_contain_text("Our own people first")
        page.get_by_role("button", name="Put in force").click()
        expect(page.get_by_text("In force: the next plan follows it.")).to_be_visible()


class TestTakeACall:
    def test_promises_a_date_to_be_confirmed(self, open_page: Open, world: World) -> None:
        city = world.branch()
        make_policy(city, confirm_pct=1)
        city.hire("freelance", heating=3)
        caller = city.welcome()
        page = open_page(f"/console/?territory={city.territory_id}")
        sign_in(page, city.new_dispatcher())
        take_a_call(page, city, caller)
        side = page.locator("aside.panel")
        expect(side.get_by_text("To be confirmed by freelancers")).to_be_visible()
        side.locator(".windows .pick", has_text="known by").first.click()
        expect(side).to_contain_text("to be confirmed by")
