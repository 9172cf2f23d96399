"""Standing by: offered in the console, taken and given back on a phone, and seen by both."""

from uuid import uuid4

from playwright.sync_api import expect

from tests.e2e.browser.conftest import Open, sign_in
from tests.e2e.browser.world import DISPATCHER, World, email_of


class TestStandBy:
    def test_is_offered_taken_and_given_back(self, open_page: Open, world: World) -> None:
        city = world.branch()
        taker, other = (city.hire("freelance", heating=3) for _ in range(2))
        staff = city.technicians[city.hire(heating=3)]["id"]
        rota = {"name": f"Night {uuid4().hex[:6]}", "territory_id": city.territory_id,
                "member_ids": [staff], "starts_on": "2026-01-05", "weekday": 0}  # fmt: skip
        city.post("/api/rotas", rota)
        office = open_page(f"/console/?territory={city.territory_id}&page=on_call")
        sign_in(office, DISPATCHER)
        office.get_by_role("button", name="Offer a stand-by").click()
        form = office.get_by_role("dialog")
        form.get_by_label("Pay for standing by").fill("60")
        form.get_by_role("button", name="Ask them").click()
        expect(office.locator(".toasts")).to_contain_text("2 people are asked.")

        phone = open_page("/technician/offers", phone=True)
        sign_in(phone, email_of(taker))
        phone.get_by_role("button", name="Accept for €60.00").click()
        expect(phone.get_by_text("You have it")).to_be_visible()
        office.reload()
        duty = office.locator("article", has_text=rota["name"])
        expect(duty).to_contain_text("Taken")
        expect(duty).to_contain_text(taker)
        phone.get_by_role("button", name="Give the stand-by back").click()
        dialog = phone.get_by_role("dialog")
        expect(dialog).to_contain_text("costs you nothing")
        dialog.get_by_label("Reason").fill("My child is ill")
        dialog.get_by_role("button", name="Give the stand-by back").click()
        expect(phone.locator(".toasts")).to_contain_text("Given back.")
        expect(phone.get_by_text("You have it")).to_have_count(0)
        office.reload()
        expect(office.get_by_text(f"{taker} gave it back")).to_be_visible()
        expect(office.get_by_text("1 asked")).to_be_visible()

        second = open_page("/technician/offers", phone=True)
        sign_in(second, email_of(other))
        expect(second.get_by_role("button", name="Accept for €60.00")).to_be_visible()
