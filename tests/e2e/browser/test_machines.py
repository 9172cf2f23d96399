"""Watched machines in the console: alerts, rules, and the phone's menu."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.conftest import Open, sign_in
from tests.e2e.browser.machines import PRESSURE, record, watch
from tests.e2e.browser.world import PASSWORD, World
from tests.e2e.browser.world import sign_in as get_token
from tests.waiting import eventually


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
        form.get_by_label("Limit", exact=True).fill("0.5")
        form.get_by_label("Quiet again at", exact=True).fill("0.2")
        form.get_by_label("Kind of fault", exact=True).fill("nearly_empty")
        form.get_by_label("Kind of work", exact=True).select_option("boiler-repair")
        form.get_by_label("it lasts").check()
        form.get_by_role("button", name="Try on history").click()
        expect(form.get_by_role("alert")).to_be_visible()  # quiet above the limit alone
        form.get_by_label("Quiet again at", exact=True).fill("0.6")
        form.get_by_role("button", name="Try on history").click()
        expect(form.get_by_text("Would have fired")).to_be_visible()
        expect(form.get_by_role("img", name="pressure")).to_be_visible()
        expect(form.locator(".chart-span")).to_have_count(1)
        form.get_by_role("button", name="Cancel").click()
        expect(page.locator(".pick", has_text="Nearly empty")).to_have_count(0)


def stand_still(world: World) -> str:
    """A business whose two lines stand still; a dispatcher proposed a loan device for each. Its
    name."""
    now = datetime.fromisoformat(world.get("/api/clock")["now"])
    name, fault = world.welcome(kind="business"), f"standstill_{uuid4().hex[:8]}"
    world.post("/api/rules", {**PRESSURE, "name": fault, "fault_class": fault, "metric": fault})

    def fall(at: datetime) -> float:
        return 0.4 if now - at < timedelta(hours=1) else 1.5

    for line in ("Line 1", "Line 2"):
        asset = {"site_id": world.sites[name]["id"], "name": line, "criticality": 5,
                 "parent_id": world.assets[name]["id"]}  # fmt: skip
        record(world, world.post("/api/assets", asset)["id"], line, {fault: fall}, now)

    def grouped() -> list[str]:
        found = world.get("/api/incidents?limit=200")["items"]
        return [one["id"] for one in found if (one["fault_class"], one["alerts"]) == (fault, 2)]

    [incident_id] = eventually(grouped)
    token = get_token(world.url, world.new_dispatcher(), PASSWORD)
    world.post(f"/api/incidents/{incident_id}/remedies", None, token)
    return name


class TestRemedies:
    def test_who_may_decide_is_written_to_and_says_yes_or_no(
        self, open_page: Open, world: World
    ) -> None:
        boss = world.new_colleague("supervisor")
        name = stand_still(world)
        link = world.wait_for_message("tab=waiting", boss)["link"]
        page = open_page(link[link.index("/console/") :], phone=True)
        sign_in(page, boss)
        waiting = page.locator(".picks .card", has_text=name)
        expect(waiting).to_have_count(2)
        expect(waiting.first).to_contain_text("Loan device, €60.00")
        waiting.first.get_by_role("button", name=f"Decline: {name}").click()
        form = page.get_by_role("dialog")
        form.get_by_label("Why not?").fill("They have a spare one.")
        form.get_by_role("button", name="Decline").click()
        expect(waiting).to_have_count(1)
        waiting.get_by_role("button", name="Look at the incident").click()
        expect(page.get_by_text("Because: They have a spare one.")).to_be_visible()
        page.get_by_role("button", name="Back to the list").click()
        waiting.get_by_role("button", name=f"Grant: {name}").click()
        expect(page.locator(".toasts")).to_contain_text("names no work type that brings a loan")
        expect(waiting).to_have_count(0)


class TestRecipes:
    def test_is_written_changed_trained_and_switched_off(
        self, open_page: Open, world: World
    ) -> None:
        page = open_page("/console/?page=watch&tab=models", phone=True)
        sign_in(page, world.new_colleague("supervisor"))
        name = f"wear-{uuid4().hex[:8]}"
        page.get_by_role("button", name="New recipe").click()
        form = page.get_by_role("dialog")
        form.get_by_label("Name of the model").fill(f"{name}@3")
        form.get_by_label("What it foretells").select_option("repairs")
        form.get_by_label("Learns from machines").fill("Therma 24, Therma 18")
        form.get_by_role("button", name="Keep").click()
        expect(form.get_by_role("alert")).to_contain_text("Leave the number out of the name")
        form.get_by_label("Name of the model").fill(name)
        form.get_by_role("button", name="Keep").click()
        card = page.get_by_role("article").filter(has_text=name)
        expect(card).to_contain_text("Therma 24, Therma 18")
        card.get_by_role("button", name="Change the recipe").click()
        form.get_by_label("Every so many days").fill("30")
        form.get_by_role("button", name="Keep").click()
        expect(card).to_contain_text("every 30 days")
        card.get_by_role("button", name="Train now").click()
        expect(card).to_contain_text("No model:")
        card.get_by_role("button", name="Switch off").click()
        expect(card).to_contain_text("paused")


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
