"""Freelancers from the link to work, and the home of a provider's manager."""

from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

from tests.e2e.browser.conftest import Open, sign_in
from tests.e2e.browser.world import PASSWORD, World

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


class TestCompany:
    def test_looks_after_the_companys_people(self, open_page: Open, world: World) -> None:
        company = world.post("/api/providers", {"name": f"Wärme {uuid4().hex[:6]}"})
        email = f"{uuid4().hex[:8]}@mail.example"
        account = {"name": "Ines Brandt", "roles": ["provider_manager"], "email": email,
                   "password": PASSWORD, "subject_id": company["id"]}  # fmt: skip
        world.post("/api/accounts", account)
        name = world.hire("partner", provider_id=company["id"], heating=3)
        world.hire("freelance", heating=3)
        world.open("For the company", "Nadia Petrova", "boiler-repair")
        offer = {"visit_id": world.visits["For the company"], "pay_cents": 9000,
                 "technician_ids": [world.technicians[name]["id"]]}  # fmt: skip
        world.post("/api/offers", offer)

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
