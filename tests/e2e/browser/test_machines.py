"""Watched machines in the console: alerts, rules, and the phone's menu."""

from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.conftest import Open, sign_in
from tests.e2e.browser.machines import PRESSURE, watch
from tests.e2e.browser.world import World


@pytest.fixture
def plant(world: World) -> World:
    """A branch with one boiler that has lost pressure; its alert is open."""
    branch = world.branch()
    branch.open("Looked after", "Paul Hartmann", "boiler-repair")
    if PRESSURE["name"] not in [rule["name"] for rule in branch.get("/api/rules")["items"]]:
        branch.post("/api/rules", PRESSURE)
    now = datetime.fromisoformat(branch.get("/api/clock")["now"])
    watch(branch, "Paul Hartmann", "Sensor", {"pressure": lambda at: 0.4}, now)
    return branch


def console(open_page: Open, plant: World, query: str, *, phone: bool = False) -> Page:
    page = open_page(f"/console/?territory={plant.territory_id}{query}", phone=phone)
    sign_in(page, plant.new_dispatcher())
    return page


class TestAlerts:
    def test_says_why_and_what_is_done_and_is_closed_with_a_verdict(
        self, open_page: Open, plant: World
    ) -> None:
        page = console(open_page, plant, "&page=alerts")
        page.locator(".pick", has_text="Pressure keeps falling").click()
        expect(page.get_by_text("Pressure was 0.4, below 0.8")).to_be_visible()
        expect(page.get_by_role("img", name="pressure")).to_be_visible()
        page.get_by_role("button", name="Take it on").click()
        expect(page.locator(".badge", has_text="Taken on")).to_be_visible()
        page.get_by_role("button", name="Dismiss…").click()
        page.get_by_role("dialog").get_by_role("button", name="Close it").click()
        expect(page.get_by_text("It is over since")).to_be_visible()
        expect(page.get_by_text("Outcome: False alarm.")).to_be_visible()


class TestPhone:
    def test_a_menu_leads_everywhere(self, open_page: Open, plant: World) -> None:
        page = console(open_page, plant, "", phone=True)
        page.get_by_role("button", name="Menu").click()
        pages = page.get_by_role("navigation", name="More")
        pages.get_by_role("button", name="Incidents").click()
        expect(pages).to_be_hidden()
        expect(page.get_by_role("heading", name="Incidents", level=1)).to_be_visible()
        header = page.locator(".head").bounding_box()
        assert header
        assert header["height"] < 110


class TestRules:
    def test_a_new_rule_is_tried_on_history_before_it_is_kept(
        self, open_page: Open, plant: World
    ) -> None:
        page = console(open_page, plant, "&page=watch")
        page.get_by_role("button", name="New rule").click()
        form = page.get_by_role("dialog")
        form.get_by_label("Name", exact=True).fill("Nearly empty")
        form.get_by_label("Metric", exact=True).fill("pressure")
        form.get_by_label("It fires when it is").select_option("lt")
        form.get_by_label("Limit", exact=True).fill("0.3")
        form.get_by_label("Quiet again at", exact=True).fill("0.2")
        form.get_by_label("Kind of fault", exact=True).fill("nearly_empty")
        form.get_by_label("Kind of work", exact=True).select_option("boiler-repair")
        form.get_by_label("it lasts").check()
        form.get_by_role("button", name="Try on history").click()
        expect(form.get_by_role("alert")).to_be_visible()  # quiet above the limit alone
        form.get_by_label("Quiet again at", exact=True).fill("0.5")
        form.get_by_role("button", name="Try on history").click()
        expect(form.get_by_text("Would have fired")).to_be_visible()
        form.get_by_role("button", name="Cancel").click()
        expect(page.locator(".pick", has_text="Nearly empty")).to_have_count(0)


class TestTerms:
    def test_an_admin_changes_what_follows_no_answer_and_what_remedies_cost(
        self, open_page: Open, world: World
    ) -> None:
        [before] = [
            one for one in world.get("/api/answer-ladders") if one["danger"] == "electrical"
        ]
        page = open_page("/console/?page=watch")
        sign_in(page, world.new_colleague("admin"))
        page.get_by_role("button", name="No answer").click()
        page.get_by_role("button", name="Change what follows: Electrical danger").click()
        form = page.get_by_role("dialog")
        steps = form.get_by_role("group")
        expect(
            steps.filter(has_text="Ask the office to phone").get_by_role("checkbox")
        ).to_be_disabled()
        steps.filter(has_text="Remind another way").get_by_role("checkbox").uncheck()
        form.get_by_role("button", name="Keep").click()
        expect(page.get_by_text("Kept, for customers asked from now on.")).to_be_visible()
        [after] = [one for one in world.get("/api/answer-ladders") if one["danger"] == "electrical"]
        assert [step["kind"] for step in after["steps"]] == ["remind", "call", "default"]
        world.post("/api/answer-ladders", before)

        [credit] = [one for one in world.get("/api/remedy-terms") if one["kind"] == "credit"]
        page.get_by_role("button", name="Remedies").click()
        page.get_by_role("button", name="Change the terms: Credit").click()
        form.get_by_label("Cost").fill("35.50")
        form.get_by_label("Dispatcher").fill("20")
        form.get_by_role("button", name="Keep").click()
        row = page.get_by_role("row", name="Credit")
        expect(row).to_contain_text("35.50")
        expect(row).to_contain_text("20.00")
        world.post(
            "/api/remedy-terms", {key: credit[key] for key in ("kind", "cost_cents", "limits")}
        )

    def test_a_dispatcher_sees_them_only(self, open_page: Open, plant: World) -> None:
        page = console(open_page, plant, "&page=watch")
        page.get_by_role("button", name="No answer").click()
        expect(page.get_by_role("heading", name="Electrical danger")).to_be_visible()
        expect(page.get_by_role("button", name="Change what follows")).to_have_count(0)
