"""A freelancer whom the office invites in the morning, lets in, and asks by noon."""

import asyncio
from dataclasses import replace
from typing import Any

from simulator.actors.customers import Inbox
from simulator.actors.freelancers import PAPER, Freelancer
from simulator.actors.technicians import Technician
from simulator.api import Api
from simulator.city import City, TechnicianIntent
from simulator.setup import IBAN, PASSWORD
from simulator.world import World

INVITED_AT = 20
"""Minute of the day."""
LOOK_MINUTES = 5
WORKDAY = {"opens": "07:00", "closes": "19:00"}


def newcomer(city: City) -> TechnicianIntent:
    """Lives next door to a freelancer of the city and has learned the same."""
    neighbour = next(one for one in city.technicians if one.employment == "freelance")
    return replace(
        neighbour,
        external_id="T-NEW",
        name="Nele Arendt",
        email="nele.arendt@mail.example",
        offline_from=None,
        eager=False,
        answers=True,
    )


class Newcomer:
    """The link, the profile, and then a day like every freelancer's; `office` lets people in."""

    def __init__(
        self, world: World, person: TechnicianIntent, office: Api, inbox: Inbox, absent: set[str]
    ) -> None:
        self.world = world
        self.person = person
        self.office = office
        self.inbox = inbox
        self.worker = Technician(world, person, absent)
        self.phone = self.worker.api

    async def live(self) -> None:
        await self.world.clock.sleep_until(self.world.at(INVITED_AT))
        await self._invite()
        await self._join()
        self.world.tally.add("freelancers joined")
        await self._hand_in()
        await self._look_at_it()
        self.world.tally.add("freelancers let in")
        bidder = Freelancer(self.world, self.person, self.phone)
        await asyncio.gather(self.worker.live(), bidder.live())

    async def _invite(self) -> None:
        person, found = self.person, await self.office.get("/api/territories")
        [territory] = [one for one in found if one["name"] == person.territory]
        invitation = {
            "name": person.name,
            "email": person.email,
            "territory_id": territory["id"],
            "latitude": person.place.latitude,
            "longitude": person.place.longitude,
            "locale": "de",
        }
        await self.office.post("/api/onboardings", invitation)

    async def _join(self) -> None:
        message = None
        while message is None:
            await self.world.clock.sleep(minutes=LOOK_MINUTES)
            message = await self.inbox.newest(self.person.email, "invitation")
        _, _, token = str(message["link"]).partition("token=")
        joining = {"token": token, "name": self.person.name, "password": PASSWORD, "locale": "de"}
        await self.phone.post("/api/join", joining)
        await self.worker.sign_in()

    async def _hand_in(self) -> None:
        person, phone, own = self.person, self.phone, "/api/technician"
        bank = {"holder": person.name, "iban": IBAN}
        await phone.put(f"{own}/bank-details", bank)
        rates = {"hourly_cents": 5500, "travel_cents_per_hour": 3000}
        await phone.put(f"{own}/rate-card", rates)
        week = [{"weekday": day, **WORKDAY} for day in range(7)]
        await phone.put(f"{own}/hours", {"hours": week})
        paper = await phone.post(f"{own}/documents", {"name": "certificate.pdf", "content": PAPER})
        for skill, level in person.skills.items():
            claim = {"skill": skill, "level": level, "document_id": paper["id"]}
            await phone.post(f"{own}/skill-claims", claim)
        proof = {"kind": "insurance", "document_id": paper["id"]}
        await phone.post(f"{own}/credentials", proof)
        await phone.post(f"{own}/file/submit")

    async def _look_at_it(self) -> None:
        """The office agrees to all of it."""
        office, own = self.office, {"technician_id": self.phone.subject_id}
        await self.world.clock.sleep(minutes=LOOK_MINUTES)
        for claim in await self._waiting("skill-claims", status="claimed", **own):
            await office.post(f"/api/skill-claims/{claim['id']}/approve")
        for proof in await office.get(f"/api/technicians/{self.phone.subject_id}/credentials"):
            await office.post(f"/api/credentials/{proof['id']}/verify")
        for card in await self._waiting("rate-cards", status="proposed", **own):
            await office.post(f"/api/rate-cards/{card['id']}/approve")
        for joining in await self._waiting("onboardings", status="submitted"):
            await office.post(f"/api/onboardings/{joining['id']}/approve")

    async def _waiting(self, kind: str, **which: Any) -> list[dict[str, Any]]:
        page = await self.office.get(f"/api/{kind}", **which)
        return list(page["items"])
