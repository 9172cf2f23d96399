"""The running application with objects in it, and somebody at the door for each operation."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from schemathesis import openapi
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance
from sqlalchemy.orm import Session

from dispatch.technicians.models import Technician
from kernel import db
from kernel.credentials import issue_access
from kernel.principal import Principal
from kernel.stream import Hub
from marketplace.documents.service import hand_in
from marketplace.onboarding.lifecycle import Invited
from marketplace.onboarding.service import invite
from marketplace.rate_cards.service import propose_card
from marketplace.skill_claims.service import claim_skill
from server import registry, wiring
from tests.authorization.world import World, make_world
from tests.client import app

OPENING = "/api/openapi.json"
PROBLEM = "application/problem+json"


@dataclass
class Ground:
    """Asks what schemathesis thinks of, half of the time about things that exist."""

    world: World
    papers: dict[str, UUID]
    """What the freelancer of the world handed in, by the name of its id."""
    schema: Any = field(init=False)
    tokens: dict[str, str] = field(init=False)
    ids: dict[str, UUID] = field(init=False)
    asked: int = 0
    tried: set[str] = field(default_factory=set)
    """The operations that were asked at all."""
    answered: set[str] = field(default_factory=set)
    """The operations that did what they were asked at least once."""

    def __post_init__(self) -> None:
        self.schema = openapi.from_asgi(OPENING, app())
        mine = self.world.mine
        self.tokens = {
            "/api/technician/": _token("freelancer", mine.freelancer.id),
            "/api/customer/": _token("customer", mine.customer.id),
            "/api/provider/": _token("provider_manager", mine.provider_manager.id),
            "/api/ingest/": self.world.device_token,
            "": _token("admin", uuid4()),
        }
        self.ids = {
            "customer_id": mine.customer.id,
            "site_id": mine.site.id,
            "asset_id": mine.asset.id,
            "technician_id": mine.technician.id,
            "visit_id": mine.waiting.id,
            "work_order_id": mine.waiting.work_order_id,
            "work_type_id": self.world.work_type.id,
            "offer_id": mine.offers["freelancer"].id,
            "counter_id": mine.counters["freelancer"].id,
            "confirmation_id": mine.confirmations["freelancer"].id,
            "stand_by_offer_id": mine.stand_bys["freelancer"].id,
            "stand_by_id": mine.stand_bys["technician"].stand_by_id,
            "bundle_id": mine.bundles["freelancer"].id,
            "alert_id": mine.alert.id,
            "device_id": self.world.device.id,
            "rule_id": mine.alert.rule_id,
            "territory_id": mine.technician.territory_id,
            "record_id": mine.waiting.id,
            "payout_id": mine.payouts["freelancer"].id,
            "change_id": mine.pay_changes["freelancer"].id,
            "payee_id": mine.freelancer.id,
            "provider_id": mine.provider_manager.id,
            "suspension_id": mine.suspensions["freelancer"].id,
            "absence_id": mine.absences["freelancer"].id,
            **self.papers,
        }

    def check(self, case: Any) -> None:
        """The answer is no failure, and has the shape that the schema tells."""
        self.asked += 1
        self.tried.add(f"{case.method} {case.path}")
        if self.asked % 2:
            for part in (case.path_parameters, case.query, case.body):
                self._make_real(part)
        token = next(t for start, t in self.tokens.items() if case.path.startswith(start))
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex}
        if case.method == "PATCH":
            headers["If-Match"] = '"1"'
        response = case.call(headers=headers)
        case.validate_response(response, checks=[not_a_server_error])
        if response.status_code >= 400:
            assert response.headers["content-type"] == [PROBLEM], response.headers
            assert response.json()["code"]
            return
        self.answered.add(f"{case.method} {case.path}")
        shapes = [content_type_conformance, response_schema_conformance]
        case.validate_response(response, checks=shapes)
        if case.method == "POST" and response.status_code == 201:
            self._remember(case.path, response.json())

    def _remember(self, path: str, made: Any) -> None:
        """What was made can be named from now on."""
        for other in self.schema:
            name = re.match(re.escape(path) + r"/{(\w+)}", other)
            if name and "id" in made:
                self.ids.setdefault(name[1], made["id"])

    def _make_real(self, part: Any) -> None:
        """Name what exists where something is named."""
        for name in part if isinstance(part, dict) else ():
            if name in self.ids:
                part[name] = str(self.ids[name])
            if name == "technician_ids":
                part[name] = [str(self.ids["technician_id"])]
            if name == "work_type_code":
                part[name] = self.world.work_type.code


def _token(role: str, subject_id: UUID) -> str:
    return issue_access(
        Principal(account_id=uuid4(), subject_id=subject_id, roles=frozenset({role}), name=role)
    )


def _papers(session: Session, person: Technician) -> dict[str, UUID]:
    paper = hand_in(session, person.id, "boiler.pdf", b"%PDF-1.4 proof")
    claim = claim_skill(session, person.id, skill="boiler", level=3, document_id=paper.id)
    card = propose_card(session, person.id, hourly_cents=5000, travel_cents_per_hour=2000)
    invitation = invite(
        session,
        invited_as=Invited.FREELANCER,
        name="Mara",
        email="mara@example.com",
        territory_id=person.territory_id,
        latitude=person.latitude,
        longitude=person.longitude,
    )
    return {
        "document_id": paper.id,
        "claim_id": claim.id,
        "card_id": card.id,
        "onboarding_id": invitation.id,
    }


@contextmanager
def standing() -> Iterator[Ground]:
    """On one connection whose writes are undone at the end."""
    registry.load()
    wiring.connect()
    start, Hub._start = Hub._start, lambda _: None  # type: ignore[method-assign, assignment]  # silenced
    try:
        with db.engine().connect() as connection:
            outer = connection.begin()
            with (
                db.bound_to(connection),
                Session(connection, join_transaction_mode="create_savepoint") as session,
            ):
                db.act_as(session, "test")
                world = make_world(session)
                yield Ground(world, _papers(session, world.mine.freelancer))
            outer.rollback()
    finally:
        Hub._start = start  # type: ignore[method-assign]  # restored
