"""Customers to be phoned in the console: a ladder asks for the call, and what came of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.conftest import Open, sign_in
from tests.e2e.browser.machines import PRESSURE, Course, watch
from tests.e2e.browser.world import Json, World

RULE: Json = {
    "name": "Carbon monoxide in the flue room", "metric": "carbon_monoxide", "op": "gt",
    "threshold": 30, "clear_threshold": 10, "severity": "critical", "fault_class": "flue",
    "danger": "co", "work_type_code": "boiler-repair", "response_hours": 2,
}  # fmt: skip
STILL = {**PRESSURE, "name": "Fan stands still", "metric": "vibration", "fault_class": "fan"}
"""Of a metric that no other rule watches, so that one call is due."""
CALLED_FIRST = [{"kind": "call", "wait_percent": 0}, {"kind": "default", "wait_percent": 100}]


@pytest.fixture
def endangered(world: World) -> World:
    """A branch with one customer in danger, to be phoned at once."""
    branch = world.branch()
    branch.post("/api/answer-ladders", {"danger": "co", "steps": CALLED_FIRST})
    if RULE["name"] not in [rule["name"] for rule in branch.get("/api/rules")["items"]]:
        branch.post("/api/rules", RULE)
    now = datetime.fromisoformat(branch.get("/api/clock")["now"])
    rises = now - timedelta(minutes=5)
    courses: dict[str, Course] = {"carbon_monoxide": lambda at: 80 if at > rises else 2}
    watch(branch, branch.welcome(), "Air sensor", courses, now)
    return branch


@pytest.fixture
def waiting(world: World) -> Iterator[World]:
    """A branch with one customer to be phoned: the ladder calls before it reminds."""
    branch = world.branch()
    ladders = {one["danger"]: one["steps"] for one in branch.get("/api/answer-ladders")}
    branch.post("/api/answer-ladders", {"danger": "none", "steps": CALLED_FIRST})
    branch.post("/api/rules", STILL)
    now = datetime.fromisoformat(branch.get("/api/clock")["now"])
    watch(branch, branch.welcome(), "Sensor", {"vibration": lambda at: 0.4}, now)
    yield branch
    branch.post("/api/answer-ladders", {"danger": "none", "steps": ladders["none"]})


def look_whom_to_phone(open_page: Open, world: World) -> Page:
    page = open_page(f"/console/?territory={world.territory_id}&page=alerts")
    sign_in(page, world.new_dispatcher())
    page.get_by_role("button", name="To phone").click()
    return page


class TestCalls:
    def test_in_danger_a_customer_is_phoned_until_reached(
        self, open_page: Open, endangered: World
    ) -> None:
        [customer] = endangered.customers
        page = look_whom_to_phone(open_page, endangered)
        call = page.locator("main .card", has_text=customer)
        expect(call).to_contain_text("Carbon monoxide")
        expect(call).to_contain_text(f"No answer to: {RULE['name']}")
        call.get_by_role("button", name="I phone now").click()
        expect(call).to_contain_text("Deniz Kurt phones since")

        call.get_by_role("button", name="Phoned…").click()
        form = page.get_by_role("dialog", name=f"Phoned {customer}")
        outcomes = form.get_by_label("What came of it")
        expect(outcomes.get_by_role("option")).to_have_text(
            ["Wants a visit", "Knows about it, nothing else", "Not reached"]
        )
        outcomes.select_option("not_reached")
        form.get_by_role("button", name="Done").click()
        expect(call.get_by_role("button", name="I phone now")).to_be_visible()

        call.get_by_role("button", name="Phoned…").click()
        form.get_by_label("What came of it").select_option("wants_visit")
        form.get_by_role("button", name="Done").click()
        expect(page.get_by_text("Nobody has to be phoned")).to_be_visible()
        expect(page.locator(".badge", has_text="Taken on")).to_be_visible()
        expect(page.get_by_text("Office asked to phone")).to_be_visible()

    def test_one_person_phones_and_says_what_came_of_it(
        self, open_page: Open, waiting: World
    ) -> None:
        [customer] = waiting.customers
        page = look_whom_to_phone(open_page, waiting)
        card = page.locator(".card", has_text=customer)
        expect(card.get_by_role("link", name="+4930555077")).to_be_visible()
        card.get_by_role("button", name="I phone now").click()
        expect(card.get_by_text("phones since")).to_be_visible()
        card.get_by_role("button", name="Phoned…").click()
        form = page.get_by_role("dialog")
        form.get_by_label("What came of it").select_option(label="Wants a visit")
        form.get_by_label("Note").fill("The key is with the neighbour.")
        form.get_by_role("button", name="Done").click()
        made = page.get_by_role("region", name="Calls that were made")
        expect(made).to_contain_text("The key is with the neighbour.")
        expect(page.get_by_text("The work order is open: give it a time.")).to_be_visible()
        expect(page.get_by_text("Nobody has to be phoned")).to_be_visible()
