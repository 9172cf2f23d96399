"""The dispatcher's console in a browser: the bad day, with the optimizer off."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.browser.conftest import Open, sign_in
from tests.e2e.browser.world import PASSWORD, World, email_of
from tests.e2e.browser.world import sign_in as sign_in_token


@pytest.fixture
def city(world: World) -> World:
    """A branch of its own, so that no story finds the people of another on its board."""
    return world.branch()


@pytest.fixture
def console(open_page: Open, city: World) -> Page:
    page = open_page(f"/console/?territory={city.territory_id}")
    sign_in(page, city.new_dispatcher())
    expect(page.get_by_text("No technicians in this territory")).to_be_visible()
    return page


def lane(page: Page, technician_id: str) -> Locator:
    return page.locator(f'.lane[data-technician="{technician_id}"]')


def block(page: Page, world: World, name: str) -> Locator:
    return page.locator(f'.block[data-visit="{world.visits[name]}"]')


def card(page: Page, world: World, name: str) -> Locator:
    return page.locator(f'.work-card[data-visit="{world.visits[name]}"]')


def panel(page: Page) -> Locator:
    return page.locator("aside.panel")


def drag(page: Page, world: World, what: Locator, technician: str, at: str) -> Locator:
    """Take a job over a technician's row at a time; gives the verdict shown there."""
    row = lane(page, world.technicians[technician]["id"])
    mark = page.locator(".hour", has_text=re.compile(f"^{at}$"))
    mark.scroll_into_view_if_needed()
    row.scroll_into_view_if_needed()
    hour = mark.bounding_box()
    box = row.bounding_box()
    start = what.bounding_box()
    assert hour
    assert box
    assert start
    page.mouse.move(start["x"] + 20, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(hour["x"] + 30, box["y"] + 40, steps=4)
    page.mouse.move(hour["x"] + 1, box["y"] + box["height"] / 2, steps=3)
    return page.get_by_test_id("drag-verdict")


def choose(page: Page, action: str) -> None:
    """An action of the open job, from its buttons or its menu."""
    button = panel(page).get_by_role("button", name=action, exact=True)
    if button.count() == 0:
        panel(page).get_by_role("button", name="More", exact=True).click()
        page.get_by_role("menuitem", name=action, exact=True).click()
    else:
        button.click()


def told(page: Page, words: str) -> None:
    expect(page.locator(".toasts")).to_contain_text(words)


class TestPlanNow:
    def test_says_that_the_planner_is_off_and_the_rest_goes_on(
        self, console: Page, city: World
    ) -> None:
        city.hire(heating=3)
        city.open("Something to plan", "Oskar Blum", "boiler-repair")
        expect(card(console, city, "Something to plan")).to_be_visible()
        console.get_by_role("button", name="Plan now").click()
        expect(console.locator(".plan-words[data-worry]")).to_contain_text("Plan by hand")


class TestDrafts:
    """What an explanation says could be done, without the optimizer; shown before it is done."""

    def why(self, console: Page, city: World, name: str) -> Locator:
        card(console, city, name).click()
        side = panel(console)
        expect(side.locator("a[href^='tel:']")).to_be_visible()  # nothing below it moves any more
        side.get_by_text("Why?", exact=True).click()
        expect(side.locator("details[open]").get_by_text("Why?", exact=True)).to_be_visible()
        return side

    def test_lets_a_job_in_by_the_smallest_change(self, console: Page, city: World) -> None:
        low = city.hire(heating=1)
        city.open("Only an expert may", "Oskar Blum", "boiler-repair")
        side = self.why(console, city, "Only an expert may")
        expect(side).to_contain_text("What would let it in")
        side.get_by_role("button", name="Try it as a draft: heating").click()
        expect(side).to_contain_text("Every promise is kept")
        expect(side.get_by_role("table", name="Money by term")).to_contain_text("left out")
        expect(console.locator(".strip")).to_contain_text("as if it were applied")
        row = lane(console, city.technicians[low]["id"])
        expect(row.locator(".block[data-change=assigned]")).to_be_visible()
        console.locator(".strip").get_by_role("button", name="Now").click()
        expect(card(console, city, "Only an expert may")).to_be_visible()
        side.get_by_role("button", name="Apply").click()
        expect(side).to_contain_text("It is in the schedule.")
        expect(block(console, city, "Only an expert may")).to_be_visible()

    def test_waits_in_the_queue_until_it_is_dropped(self, console: Page, city: World) -> None:
        city.hire(heating=3)
        city.open("Maybe later", "Oskar Blum", "boiler-repair")
        side = self.why(console, city, "Maybe later")
        side.get_by_role("button", name="Try it as a draft").first.click()
        side.get_by_role("button", name="Back to all").click()
        side.get_by_role("button", name="Draft: one job placed otherwise").click()
        side.get_by_role("button", name="Drop").click()
        told(console, "Dropped. The schedule is as it was.")
        expect(side).to_contain_text("No draft")
        expect(card(console, city, "Maybe later")).to_be_visible()

    def test_compares_two_people(self, console: Page, city: World) -> None:
        city.hire(heating=3)
        city.hire(heating=1)
        city.open("Whom to send", "Oskar Blum", "boiler-repair")
        side = self.why(console, city, "Whom to send")
        side.get_by_text("Compare two people").click()
        table = side.get_by_role("table", name="Compare two people")
        expect(table).to_contain_text("Rules broken")
        expect(table).to_contain_text("skill level too low")

    def test_says_what_to_do_when_nothing_waits(self, console: Page) -> None:
        console.get_by_role("button", name="Drafts").click()
        expect(panel(console)).to_contain_text("No re-plan waits")
        panel(console).get_by_role("button", name="Make a draft").click()
        expect(console.get_by_role("dialog")).to_contain_text("How many days")


class TestTakeACall:
    def test_books_while_the_caller_is_on_the_phone(self, console: Page, city: World) -> None:
        city.hire(heating=3)
        caller = city.welcome()
        city.open("Earlier work", caller, "boiler-repair")
        console.get_by_role("button", name="Take a call").click()
        side = panel(console)
        side.get_by_label("Who is calling?").fill(caller.split()[0])
        side.get_by_role("button", name=caller).click()
        side.get_by_label("Which equipment?").select_option(city.assets[caller]["id"])
        side.get_by_role("button", name="Continue").click()
        side.get_by_label("Kind of work").select_option("boiler-repair")
        expect(side.get_by_text("Cover", exact=True)).to_be_visible()
        side.get_by_label("In the caller's words").fill("Cold since this morning")
        side.get_by_role("button", name="Open work order and find times").click()
        side.locator(".windows .pick").first.click()
        expect(side.get_by_role("timer")).to_contain_text("Held for the caller")
        side.get_by_role("button", name="Confirm", exact=True).click()
        expect(side).to_contain_text("Booked:")
        side.get_by_role("button", name="Close").click()
        card(console, city, "Earlier work").click()  # of the same customer
        expect(side.locator(".thread .bubble").first).to_be_visible()

    def test_makes_a_new_customer_and_place(self, console: Page) -> None:
        console.get_by_role("button", name="Take a call").click()
        side = panel(console)
        side.get_by_label("Who is calling?").fill(f"Quirin {uuid4().hex[:6]}")
        expect(side.get_by_text("Nobody found")).to_be_visible()
        side.get_by_role("button", name="New customer").click()
        console.get_by_role("dialog").get_by_label("Phone").fill("+4930555099")
        console.get_by_role("dialog").get_by_role("button", name="Create").click()
        side.get_by_role("button", name="New address").click()
        console.get_by_role("dialog").get_by_label("Address").fill("Torstraße 1, 10119 Berlin")
        console.get_by_role("dialog").get_by_role("button", name="Create").click()
        side.get_by_role("button", name="Continue").click()
        expect(side).to_contain_text("Torstraße 1")


class TestDrag:
    def test_assigns_what_fits_and_takes_it_back(self, console: Page, city: World) -> None:
        emil = city.hire(heating=5)
        city.open("Fan is loud", "Paul Hartmann", "boiler-repair")
        expect(card(console, city, "Fan is loud")).to_be_visible()  # live, without a reload
        expect(lane(console, city.technicians[emil]["id"])).to_be_visible()
        verdict = drag(console, city, card(console, city, "Fan is loud"), emil, "14:00")
        expect(verdict).to_contain_text("Fits")
        console.mouse.up()
        told(console, f"Assigned to {emil}")
        expect(block(console, city, "Fan is loud")).to_be_visible()
        console.locator(".toasts").get_by_role("button", name="Undo").click()
        expect(card(console, city, "Fan is loud")).to_be_visible()

    def test_tells_what_is_wrong_before_the_drop_and_asks_after(
        self, console: Page, city: World
    ) -> None:
        daniel = city.hire(network=4)
        city.open("Needs a heating expert", "Oskar Blum", "boiler-repair")
        expect(card(console, city, "Needs a heating expert")).to_be_visible()
        expect(lane(console, city.technicians[daniel]["id"])).to_be_visible()
        verdict = drag(
            console, city, card(console, city, "Needs a heating expert"), daniel, "14:00"
        )
        expect(verdict).to_contain_text("does not have the skill heating")
        console.mouse.up()
        dialog = console.get_by_role("dialog")
        expect(dialog).to_contain_text("This breaks 1 rule")
        assign = dialog.get_by_role("button", name="Assign", exact=True)
        expect(assign).to_be_disabled()
        dialog.get_by_label("Assign anyway").check()
        assign.click()
        told(console, f"Assigned to {daniel}")
        expect(block(console, city, "Needs a heating expert")).to_be_visible()

    def test_moves_a_job_to_somebody_else(self, console: Page, city: World) -> None:
        emil, jonas = city.hire(heating=3), city.hire(heating=3)
        city.open("Taken over", "Oskar Blum", "boiler-repair")
        city.assign("Taken over", emil, "11:00")
        here = lane(console, city.technicians[emil]["id"])
        there = lane(console, city.technicians[jonas]["id"])
        expect(here.locator(".block")).to_be_visible()
        expect(there).to_be_visible()
        verdict = drag(console, city, block(console, city, "Taken over"), jonas, "14:00")
        expect(verdict).to_contain_text("Fits")
        console.mouse.up()
        told(console, f"Assigned to {jonas}")
        expect(there.locator(".block")).to_be_visible()
        expect(here.locator(".block")).to_have_count(0)

    def test_stops_at_escape(self, console: Page, city: World) -> None:
        emil = city.hire(heating=3)
        city.open("Not today", "Oskar Blum", "boiler-repair")
        expect(card(console, city, "Not today")).to_be_visible()
        drag(console, city, card(console, city, "Not today"), emil, "15:00")
        console.keyboard.press("Escape")
        console.mouse.up()
        expect(card(console, city, "Not today")).to_be_visible()
        assert city.visit("Not today")["status"] == "unscheduled"


class TestBadDay:
    """What goes wrong, one after the other, all by hand."""

    def test_holds_and_releases(self, console: Page, city: World) -> None:
        city.open("Waits for the landlord", "Lena Fischer", "boiler-repair")
        card(console, city, "Waits for the landlord").click()
        choose(console, "Put on hold")
        console.get_by_role("dialog").get_by_role("button", name="Put on hold").click()
        expect(panel(console)).to_contain_text("On hold: Customer asked to wait")
        choose(console, "Take off hold")
        told(console, "Off hold.")

    def test_overrides_a_priority_and_an_overlap_with_a_reason(
        self, console: Page, city: World
    ) -> None:
        aylin = city.hire(heating=3)
        city.open("Next door", "Lena Fischer", "boiler-repair")
        city.assign("Next door", aylin, "10:30")
        city.open("Freezing flat", "Lena Fischer", "boiler-repair")
        card(console, city, "Freezing flat").click()
        choose(console, "Change priority")
        dialog = console.get_by_role("dialog")
        dialog.get_by_label("Priority", exact=True).select_option("5")
        dialog.get_by_label("Why?").fill("An infant lives there")
        dialog.get_by_role("button", name="Change priority").click()
        expect(panel(console).get_by_text("Emergency")).to_be_visible()
        choose(console, "Assign…")
        dialog.get_by_label("Technician").select_option(label=aylin)
        dialog.get_by_label("Start").fill("10:45")
        expect(dialog).to_contain_text("has other work")
        dialog.get_by_label("Assign anyway").check()
        dialog.get_by_label("Why is the overlap all right?").fill("The other job is next door")
        dialog.get_by_role("button", name="Assign", exact=True).click()
        expect(panel(console)).to_contain_text("Overlap forced: The other job is next door")

    def test_sends_recalls_and_takes_off_the_plan(self, console: Page, city: World) -> None:
        city.open("Sent too early", "Oskar Blum", "router-swap")
        city.assign("Sent too early", city.hire(network=2), "14:00")
        block(console, city, "Sent too early").click()
        choose(console, "Send to technician")
        expect(panel(console).locator(".badge", has_text="Sent to technician")).to_be_visible()
        choose(console, "Recall")
        told(console, "Recalled")
        expect(panel(console).locator(".badge", has_text="Planned")).to_be_visible()
        choose(console, "Unassign")
        console.get_by_role("dialog").get_by_label("Why?").fill("The customer is away")
        console.get_by_role("dialog").get_by_role("button", name="Unassign").click()
        expect(card(console, city, "Sent too early")).to_be_visible()

    def test_records_no_access_and_tells_the_customer(self, console: Page, city: World) -> None:
        city.open("Nobody opens", "Tariq Rahman", "router-swap")
        city.assign("Nobody opens", city.hire(network=2), "11:30")
        city.move("Nobody opens", "dispatched", "en_route", "on_site")
        block(console, city, "Nobody opens").click()
        expect(panel(console).locator(".badge", has_text="On site")).to_be_visible()
        choose(console, "No access")
        dialog = console.get_by_role("dialog")
        dialog.get_by_label("Minutes waited").fill("20")
        dialog.get_by_label("What happened").fill("No answer, twice")
        dialog.get_by_role("button", name="No access").click()
        told(console, "No access recorded")
        expect(panel(console).get_by_text("Not finished", exact=True)).to_be_visible()
        message = panel(console).get_by_label("Message to the customer")
        message.fill("We missed you. Please choose a new time.")
        panel(console).get_by_role("button", name="Send", exact=True).click()
        expect(panel(console).locator(".thread")).to_contain_text("We missed you")

    def test_locks_a_job_and_shows_who_did_what(self, console: Page, city: World) -> None:
        city.open("Promised to a friend", "Paul Hartmann", "router-swap")
        city.assign("Promised to a friend", city.hire(network=2), "15:00")
        block(console, city, "Promised to a friend").click()
        choose(console, "Lock")
        console.get_by_role("dialog").get_by_role("button", name="Lock", exact=True).click()
        expect(panel(console).get_by_text("Locked", exact=True)).to_be_visible()
        panel(console).get_by_text("History", exact=True).click()
        expect(panel(console).locator(".history li").first).to_be_visible()

    def test_marks_a_technician_sick_and_prints_the_day(self, console: Page, city: World) -> None:
        city.open("Job of a sick person", "Selin Kaya", "boiler-repair")
        farah = city.hire(heating=3)
        city.assign("Job of a sick person", farah, "15:00")
        expect(block(console, city, "Job of a sick person")).to_be_visible()
        row = lane(console, city.technicians[farah]["id"])
        with console.context.expect_page() as opened:
            row.get_by_role("button", name=f"Actions for {farah}").click()
            console.get_by_role("menuitem", name="Day sheet (print)").click()
        expect(opened.value.locator("body")).to_contain_text("Job of a sick person")
        opened.value.close()
        row.get_by_role("button", name=f"Actions for {farah}").click()
        console.get_by_role("menuitem", name="Report sick").click()
        console.get_by_role("dialog").get_by_role("button", name="Report sick").click()
        told(console, f"{farah} is marked sick")
        expect(card(console, city, "Job of a sick person")).to_be_visible()
        expect(row).to_contain_text("Absent: ill")


class TestTwoDispatchers:
    def test_see_each_other_and_never_overwrite(
        self, console: Page, open_page: Callable[..., Page], city: World
    ) -> None:
        emil, aylin = city.hire(heating=3), city.hire(heating=3)
        city.open("Wanted by two", "Johanna Weiß", "boiler-repair")
        card(console, city, "Wanted by two").click()
        choose(console, "Assign…")
        dialog = console.get_by_role("dialog")
        dialog.get_by_label("Technician").select_option(label=emil)
        dialog.get_by_label("Start").fill("13:30")
        expect(dialog).to_contain_text("No problem found")
        console.context.set_offline(True)  # nothing live reaches the first dispatcher
        city.assign("Wanted by two", aylin, "14:30")
        console.context.set_offline(False)
        dialog.get_by_role("button", name="Assign", exact=True).click()
        expect(dialog).to_contain_text("Somebody changed this")
        dialog.get_by_role("button", name="Cancel").click()
        expect(panel(console)).to_contain_text(aylin)
        assert city.visit("Wanted by two")["seats"][0]["technician_name"] == aylin


class TestCounterOffer:
    def test_other_terms_are_bargained_over_until_both_agree(
        self, open_page: Open, console: Page, city: World
    ) -> None:
        name = city.hire(employment="freelance", heating=3)
        city.open("Boiler in the far wing", "Oskar Blum", "boiler-repair")
        [offer] = city.post("/api/offers", {
            "visit_id": city.visits["Boiler in the far wing"], "pay_cents": 8000,
            "technician_ids": [city.technicians[name]["id"]]})  # fmt: skip
        token = sign_in_token(city.url, email_of(name), PASSWORD)
        terms = {"pay_cents": 12000, "note": "It is an hour each way."}
        city.post(f"/api/technician/offers/{offer['id']}/counter", terms, token)
        console.get_by_role("button", name="1 freelancer waits for you").click()
        asked = console.locator("article", has_text=name)
        expect(asked).to_contain_text("Wants €120.00 instead of €80.00")
        expect(asked).to_contain_text("It is an hour each way.")
        asked.get_by_role("button", name="Other terms").click()
        console.get_by_label("Pay (EUR)").fill("100")
        console.get_by_role("button", name="Propose").click()
        expect(asked).to_contain_text("You proposed €100.00 instead of €80.00")
        expect(asked.get_by_role("button", name="Agree")).to_have_count(0)
        phone = open_page("/technician/offers", phone=True)
        sign_in(phone, email_of(name))
        expect(phone.locator("main")).to_contain_text("The office proposes")
        phone.get_by_role("button", name="Accept for €100.00").click()
        expect(phone.get_by_role("button", name="Start travel")).to_be_visible()
        expect(console.get_by_text("Nothing waits for you")).to_be_visible()
