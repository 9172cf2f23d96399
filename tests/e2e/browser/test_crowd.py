"""Freelancers from the link to work, and the home of a provider's manager."""

from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

from tests.e2e.browser.conftest import Open, sign_in
from tests.e2e.browser.world import PASSWORD, PATIENCE_SECONDS, World, email_of
from tests.e2e.browser.world import sign_in as token_of
from tests.waiting import eventually

PAPER = {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 paper"}


def form(page: Page, button: str) -> Locator:
    page.get_by_role("button", name=button, exact=True).click()
    return page.get_by_role("dialog")


def send(dialog: Locator, button: str) -> None:
    dialog.get_by_role("button", name=button, exact=True).click()
    expect(dialog).to_have_count(0)


def fill_in_profile(phone: Page) -> None:
    rates = form(phone, "Rates: Change")
    rates.get_by_label("An hour of work").fill("48")
    rates.get_by_label("An hour of travel").fill("20")
    send(rates, "Change")
    bank = form(phone, "Bank account: Change")
    bank.get_by_label("IBAN").fill("DE89370400440532013000")
    send(bank, "Change")
    hours = form(phone, "Hours: Change")
    hours.get_by_label("Monday, from").fill("08:00")
    hours.get_by_label("until").first.fill("16:00")
    send(hours, "Change")
    skill = form(phone, "Skills: Add")
    skill.get_by_label("Skill").select_option("heating")
    skill.get_by_label("Photo or PDF").set_input_files(PAPER)  # type: ignore[arg-type]  # a file
    send(skill, "Add")
    proof = form(phone, "Proofs: Add")
    proof.get_by_label("What it proves").select_option(label="Insurance")
    proof.get_by_label("Photo or PDF").set_input_files(PAPER)  # type: ignore[arg-type]  # a file
    send(proof, "Add")


class TestOnboarding:
    def test_from_a_link_to_offers(self, open_page: Open, world: World) -> None:
        city, email = world.branch(), f"{uuid4().hex[:8]}@mail.example"
        kind = {"name": "Insurance", "required_of": [], "remind_days": [30]}
        city.call("PUT", "/api/credential-kinds/insurance", kind)
        office = open_page(f"/console/?territory={city.territory_id}&page=crowd")
        boss = {"name": "Jutta Adler", "roles": ["supervisor"], "password": PASSWORD,
                "email": f"supervisor-{email}"}  # fmt: skip
        city.post("/api/accounts", boss)
        sign_in(office, boss["email"])
        invitation = form(office, "Invite somebody")
        invitation.get_by_label("Name").fill("Ronja Falk")
        invitation.get_by_label("E-mail").fill(email)
        send(invitation, "Invite somebody")
        expect(office.get_by_text("Ronja Falk")).to_be_visible()

        link = city.wait_for_message("/technician/join", email)["link"]
        phone = open_page(link[link.index("/technician/") :], phone=True)
        phone.get_by_label("Choose a password").fill(PASSWORD)
        phone.get_by_role("button", name="Make my account").click()
        phone.get_by_role("button", name="Sign in").click()
        sign_in(phone, email)
        expect(phone.get_by_text("Where your pay goes")).to_be_visible()
        fill_in_profile(phone)
        phone.get_by_role("button", name="Hand it in").click()
        expect(phone.locator(".notice")).to_contain_text("The office looks at it")

        office.reload()
        person = office.locator("article", has_text="Waits to be let in")
        person.get_by_role("button", name="Verify").click()
        expect(person.get_by_text("verified")).to_be_visible()
        for waiting in ("heating, level 1", "€48.00 an hour of work"):
            row = office.locator("article", has_text=waiting)
            row.get_by_role("button", name="Approve").click()
            expect(row).to_have_count(0)
        person.get_by_role("button", name="Let in").click()
        expect(person).to_have_count(0)
        phone.reload()
        expect(phone.get_by_text("You can be given work.")).to_be_visible()
        expect(phone.get_by_text("€48.00 an hour of work")).to_be_visible()


class TestFreelancer:
    def test_is_away_appeals_and_asks_for_expenses(self, open_page: Open, world: World) -> None:
        name = world.hire("freelance", heating=3)
        key = world.technicians[name]["id"]
        office = open_page("/console/?page=crowd")
        sign_in(office, world.new_colleague("supervisor"))
        suspend = form(office, f"{name}: Suspend")
        suspend.get_by_label("Why?").fill("A complaint of a customer.")
        send(suspend, "Suspend")
        phone = open_page("/technician/profile", phone=True)
        sign_in(phone, email_of(name))
        away = form(phone, "Days away: Add")
        away.get_by_label("First day").fill("2026-12-24")
        away.get_by_label("Last day").fill("2026-12-26")
        send(away, "Add")
        days = phone.locator("section", has_text="Days away")
        expect(days).to_contain_text("Thu 24 Dec – Sat 26 Dec Holiday")
        days.get_by_role("button", name="Remove").click()
        expect(days).to_contain_text("None in the next weeks.")

        expect(phone.get_by_text("Reason: A complaint of a customer.")).to_be_visible()
        appeal = form(phone, "Ask for another look")
        appeal.get_by_label("What do you say to it?").fill("I was never there.")
        send(appeal, "Send")
        expect(phone.get_by_text("Being looked at")).to_be_visible()
        expect(phone.get_by_role("button", name="Ask for another look")).to_have_count(0)

        phone.goto("/technician/earnings")
        extra = form(phone, "Ask for something")
        extra.get_by_label("Amount").fill("7.50")
        extra.get_by_label("What for?").fill("Parking.")
        extra.get_by_label("Photo or PDF").set_input_files(PAPER)  # type: ignore[arg-type]  # a file
        send(extra, "Send")
        expect(phone.locator("section", has_text="Beside the pay")).to_contain_text(
            "€7.50Waits for an answerExpenses: Parking."
        )
        [asked] = world.get("/api/pay-changes?limit=1")["items"]
        assert (asked["amount_cents"], asked["technician_id"]) == (750, key)

        judge = open_page("/console/?page=crowd", phone=True)
        sign_in(judge, world.new_colleague("supervisor"))
        case = judge.locator("article", has_text="Asks for another look").filter(has_text=name)
        expect(case).to_contain_text("I was never there.")
        case.get_by_role("button", name="Agree and lift it").click()
        decision = judge.get_by_role("dialog")
        decision.get_by_label("Reason").fill("So it is.")
        send(decision, "Agree and lift it")
        expect(case).to_have_count(0)
        assert world.get(f"/api/technicians/{key}")["suspended_at"] is None


def company(world: World) -> tuple[str, str]:
    """A provider with one technician: the manager's e-mail and the technician's name."""
    made = world.post("/api/providers", {"name": f"Wärme {uuid4().hex[:6]}"})
    email = f"{uuid4().hex[:8]}@mail.example"
    account = {"name": "Ines Brandt", "roles": ["provider_manager"], "email": email,
               "password": PASSWORD, "subject_id": made["id"]}  # fmt: skip
    world.post("/api/accounts", account)
    return email, world.hire("partner", provider_id=made["id"], heating=3)


def offer(world: World, title: str, name: str) -> str:
    world.open(title, "Nadia Petrova", "boiler-repair")
    asked = [world.technicians[name]["id"]]
    body = {"visit_id": world.visits[title], "pay_cents": 9000, "technician_ids": asked}
    [made] = world.post("/api/offers", body)
    return str(made["id"])


class TestPapers:
    def test_a_kind_is_made_and_a_proof_of_it_revoked(self, open_page: Open, world: World) -> None:
        name = world.hire("freelance", heating=3)
        kind = f"Crane {uuid4().hex[:6]}"
        office = open_page("/console/?page=crowd&tab=papers")
        sign_in(office, world.new_colleague("supervisor"))
        made = form(office, "New kind of proof")
        made.get_by_label("What people call it").fill(kind)
        made.get_by_label("Days before the end").fill("14, x")
        expect(made.get_by_role("button", name="Keep")).to_be_disabled()
        made.get_by_label("Days before the end").fill("14, 2")
        send(made, "Keep")
        expect(office.locator("article", has_text=kind)).to_contain_text("reminded 14, 2 days")

        office.get_by_label("Who", exact=True).select_option(name)
        proof = form(office, "Add a proof")
        proof.get_by_label("What it proves").select_option(kind)
        send(proof, "Add a proof")
        office.get_by_role("button", name="Verify", exact=True).click()
        expect(office.get_by_text("Verified", exact=True)).to_be_visible()
        office.get_by_role("button", name="People", exact=True).click()
        revoked = form(office, f"Revoke {kind} of {name}?")
        revoked.get_by_label("Why?").fill("The school never gave it.")
        send(revoked, "Revoke")
        person = office.locator("article", has_text=name)
        expect(person).to_contain_text(f"{kind} revoked: The school never gave it.")

        phone = open_page("/technician/profile", phone=True)
        sign_in(phone, email_of(name))
        expect(phone.get_by_text("The school never gave it.")).to_be_visible()


class TestTerms:
    def test_say_what_is_in_force_and_what_the_next_means(
        self, open_page: Open, world: World
    ) -> None:
        """Published terms would bind everybody's freelancers: the form is only opened."""
        page = open_page("/console/?page=crowd&tab=terms")
        sign_in(page, world.new_colleague("admin"))
        expect(page.get_by_text("No terms yet")).to_be_visible()
        terms = form(page, "Publish a new version")
        expect(terms).to_contain_text("Everybody is asked again to agree.")
        expect(terms.get_by_role("button", name="Publish", exact=True)).to_be_disabled()
        terms.get_by_role("button", name="Cancel").click()

        page.goto("/console/?page=payouts&tab=rules")
        expect(page.get_by_role("row", name="Work is approved by itself after")).to_contain_text(
            "72 h"
        )
        rules = form(page, "Set new rules")
        fee = rules.get_by_label("Platform fee")
        fee.fill("101")
        expect(rules).to_contain_text("Write a number from 0 to 100.")
        expect(rules.get_by_role("button", name="In force from now on")).to_be_disabled()
        fee.fill("0,00")
        send(rules, "In force from now on")
        expect(page.locator(".toasts")).to_contain_text("The new rules are in force.")

        page.goto("/console/?page=fairness&tab=rules")
        promise = page.get_by_role("row", name="We promise to answer within")
        expect(promise).to_contain_text("24 h")


class TestTrust:
    def test_a_score_says_why_and_we_say_how_we_do(self, open_page: Open, world: World) -> None:
        name = world.hire("freelance", heating=3)
        offered = offer(world, "Counts for the score", name)
        token = token_of(world.url, email_of(name), PASSWORD)
        world.post(f"/api/technician/offers/{offered}/accept", token=token)
        world.move("Counts for the score", "en_route", "on_site", "in_progress", "completed")
        key = world.technicians[name]["id"]
        counted = eventually(lambda: world.get(f"/api/scores/{key}")["changes"], PATIENCE_SECONDS)
        assert [change["kind"] for change in counted] == ["on_time"]

        page = open_page("/console/?page=fairness&tab=scores", phone=True)
        sign_in(page, world.new_dispatcher())
        page.get_by_label("Find a person").fill(name)
        page.get_by_role("button", name=name).click()
        expect(page.get_by_text("83 of 100 points")).to_be_visible()
        change = page.locator("article")
        expect(change).to_contain_text("Came in time+3")
        expect(change).to_contain_text("score from 80 to 83")
        change.get_by_role("button", name="Open the visit").click()
        expect(page.get_by_role("heading", name="Counts for the score")).to_be_visible()

        page.goto("/console/?page=fairness&tab=buyer")
        taken_away = page.locator("article", has_text="Work that we took away")
        expect(taken_away).to_contain_text("Promised: at most 5 %.")


def status_of_transfer(world: World, payee_id: str) -> str:
    [transfer] = world.get(f"/api/transfers?payee_id={payee_id}")["items"]
    return str(transfer["status"])


class TestBooks:
    def test_agree_and_go_to_the_tax_office(self, open_page: Open, world: World) -> None:
        page = open_page("/console/?page=payouts&tab=books")
        sign_in(page, world.new_colleague("finance"))
        expect(page.get_by_text("The ledger agrees with payouts")).to_be_visible()
        page.get_by_label("Year").fill("2026")
        with page.expect_download() as saved:
            page.get_by_role("button", name="Tax export (CSV)").click()
        assert saved.value.suggested_filename == "tax-2026.csv"

    def test_follow_a_companys_money_to_the_bank_and_back(
        self, open_page: Open, world: World
    ) -> None:
        _, worker = company(world)
        [payee] = [
            one for one in world.get("/api/payees")
            if one["id"] == world.technicians[worker]["provider_id"]
        ]  # fmt: skip
        bonus = {"technician_id": world.technicians[worker]["id"], "kind": "bonus",
                 "amount_cents": 4321, "reason": "Good work."}  # fmt: skip
        world.post("/api/pay-changes", bonus)

        page = open_page("/console/?page=payouts")
        sign_in(page, world.new_colleague("finance"))
        asked = page.locator("article", has_text="Good work.").filter(has_text=worker)
        asked.get_by_role("button", name="Approve").click()
        bank = form(page, f"Bank details of {payee['name']}")
        bank.get_by_label("IBAN").fill("DE89370400440532013000")
        send(bank, "Hand to the payment provider")
        page.get_by_role("button", name="Pay what is approved now").click()
        sent = page.locator("li", has_text=payee["name"])
        expect(sent).to_contain_text("€43.21")
        assert eventually(
            lambda: status_of_transfer(world, payee["id"]) == "sent", PATIENCE_SECONDS
        )
        page.reload()
        returned = form(page, f"{payee['name']}: The bank sent it back")
        returned.get_by_label("What did the bank say?").fill("Account closed.")
        send(returned, "Mark as returned")
        expect(sent).to_contain_text("ReturnedAccount closed.")

        page.get_by_role("button", name="Ledger", exact=True).click()
        page.get_by_label("Payee").select_option(payee["name"])
        balances = page.locator("section", has_text="Balances")
        expect(balances).to_contain_text("To be paid€43.21")
        movements = page.locator("section", has_text="Movements").get_by_role("listitem")
        expect(movements.get_by_role("strong")).to_have_text(
            [
                "Taken back",
                "Taken back",
                "Reached the bank",
                "Sent to the bank",
                "Approved",
                "Earned",
            ]
        )
        page.get_by_role("button", name="Books", exact=True).click()
        page.get_by_label("Statement of").select_option(f"{payee['name']} (company)")
        with page.expect_download() as saved:
            page.get_by_role("button", name="Statement as PDF").click()
        assert saved.value.suggested_filename == "statement-2026-11.pdf"


class TestCompany:
    def test_looks_after_the_companys_people(self, open_page: Open, world: World) -> None:
        email, name = company(world)
        world.hire("freelance", heating=3)
        offer(world, "For the company", name)

        page = open_page("/technician/")
        sign_in(page, email)
        expect(page.locator(".cards > li")).to_have_count(1)
        expect(page.locator(".cards")).to_contain_text("Can be given work")
        page.get_by_role("link", name="Offers").click()
        page.get_by_role("button", name=f"Accept for {name}").click()
        expect(page.locator(".toasts")).to_contain_text(f"{name} has the job.")
        expect(page.get_by_role("heading", name="Accepted")).to_be_visible()
        page.get_by_role("link", name="Jobs").click()
        expect(page.locator(".cards")).to_contain_text("Boiler repair")
        page.get_by_role("link", name="Money").click()
        expect(page.get_by_text("Nothing earned yet")).to_be_visible()

    def test_says_when_its_people_work_and_are_away(self, open_page: Open, world: World) -> None:
        email, name = company(world)
        offer(world, "Given back by the company", name)
        page = open_page("/technician/", phone=True)
        sign_in(page, email)
        page.get_by_role("link", name="Offers").click()
        page.get_by_role("button", name=f"Accept for {name}").click()
        expect(page.get_by_role("heading", name="Accepted")).to_be_visible()

        page.get_by_role("link", name="People").click()
        page.get_by_role("link", name="Times").click()
        shifts = page.locator("section", has_text="Works").get_by_role("listitem")
        expect(shifts).to_have_count(4)
        change = form(page, "Wed 25 Nov, 09:00–18:00: Change")
        change.get_by_label("Until").fill("17:00")
        send(change, "Save")
        expect(shifts.nth(1)).to_contain_text("Wed 25 Nov, 09:00–17:00 30 min break")
        clash = form(page, "Add a shift")
        clash.get_by_role("button", name="Save").click()
        expect(clash.get_by_role("alert")).to_contain_text("There is a shift at that time already")
        clash.get_by_role("button", name="Cancel").click()
        remove = form(page, "Fri 27 Nov, 09:00–18:00: Remove")
        expect(remove).to_contain_text("No job lies in that time.")
        send(remove, "Remove")
        expect(shifts).to_have_count(3)

        away = form(page, "Add time away")
        away.get_by_label("Why").select_option("Illness")
        away.get_by_label("First day").fill("2026-11-24")
        away.get_by_label("Last day").fill("2026-11-26")
        expect(away).to_contain_text("Boiler repair")
        expect(away).to_contain_text("Is given back, others are asked.")
        send(away, "Save and give back: 1")
        expect(page.locator(".toasts")).to_contain_text("Jobs given back: 1")
        absences = page.locator("section", has_text="Away").get_by_role("listitem")
        expect(absences).to_contain_text("Illness")
        world.wait_for_status("Given back by the company", "unscheduled")
        withdraw = absences.get_by_role("button", name="Remove")
        withdraw.click()
        send(page.get_by_role("dialog"), "Remove")
        expect(absences).to_have_count(0)
        page.get_by_role("link", name="Jobs").click()
        expect(page.get_by_text("No jobs in the next two weeks")).to_be_visible()
