"""Waves under a policy that says who comes first and how much freelancers may have."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.scheduling.policies.lifecycle import CrowdOrder
from dispatch.technicians.lifecycle import Employment
from dispatch.work_orders.models import Visit
from kernel.errors import Conflict, Invalid
from marketplace.batches import service as batches
from marketplace.bundles.service import offer_bundle
from marketplace.waves import service
from marketplace.waves.models import Consideration
from tests.client import ApiClient, app
from tests.factories.marketplace import make_freelancer
from tests.factories.scheduling import Town, make_town, make_waiting, use_rules
from tests.factories.technicians import make_technician
from tests.principals import dispatcher

Client = Callable[..., ApiClient]


@pytest.fixture
def town(session: Session) -> Town:
    app()  # wires every port
    town = make_town(session, technicians=0)
    for n in range(6):
        make_freelancer(session, town.territory, latitude=52.50 - 0.01 * n)
    return town


def reasons(session: Session, visit: Visit) -> set[str]:
    rows = select(Consideration.code).where(Consideration.visit_id == visit.id)
    return set(session.scalars(rows))


class TestShareCaps:
    def test_ask_nobody_once_the_share_is_used_up(self, session: Session, town: Town) -> None:
        visits = [make_waiting(session, town) for _ in range(4)]
        use_rules(session, town.territory, crowd_share_pct=25)
        assert service.offer_unserved(session, visits[0].id)
        assert service.offer_unserved(session, visits[1].id) == []
        assert visits[1].at_risk
        assert reasons(session, visits[1]) == {"crowd_share_used_up"}
        use_rules(session, town.territory, crowd_share_pct=50)
        assert service.offer_visit(session, visits[1].id)

    def test_go_on_asking_for_what_was_asked_for(self, session: Session, town: Town) -> None:
        visit = make_waiting(session, town)
        use_rules(session, town.territory, crowd_share_pct=100)
        assert service.offer_unserved(session, visit.id)
        assert service.offer_visit(session, visit.id, wave=2), "its own offers do not count"

    def test_leave_partners_alone(self, session: Session, town: Town) -> None:
        partner = make_technician(
            session, town.territory, skills={"boiler": 3}, employment=Employment.PARTNER
        )
        use_rules(session, town.territory, crowd_share_pct=0)
        made = service.offer_visit(session, make_waiting(session, town).id)
        assert [offer.technician_id for offer in made] == [partner.id]

    def test_refuse_whoever_asks_by_hand_in_words(
        self, session: Session, town: Town, client: Client
    ) -> None:
        visit, other = make_waiting(session, town), make_waiting(session, town)
        one = make_freelancer(session, town.territory)
        use_rules(session, town.territory, crowd_share_pct=0)
        answer = client(dispatcher()).post("/api/offers", json={"visit_id": str(visit.id)})
        assert (answer.status_code, answer.json()["code"]) == (409, "crowd_share_used_up")
        assert town.territory.name in answer.json()["detail"]
        with pytest.raises(Invalid) as refusal:
            service.offer_visit(session, visit.id, technician_ids=[one.id])
        assert refusal.value.facts["refusals"][0]["code"] == "crowd_share_used_up"
        with pytest.raises(Conflict) as conflict:
            offer_bundle(session, [visit.id, other.id])
        assert conflict.value.code == "crowd_share_used_up"


class TestFastest:
    def test_asks_more_people_at_once(self, session: Session, town: Town) -> None:
        first, second = make_waiting(session, town), make_waiting(session, town)
        usual = service.offer_visit(session, first.id)
        use_rules(session, town.territory, crowd=CrowdOrder.FASTEST)
        assert len(service.offer_visit(session, second.id)) > len(usual)

    def test_waits_for_no_surge(self, session: Session, town: Town) -> None:
        visits = [make_waiting(session, town) for _ in range(batches.SURGE)]
        use_rules(session, town.territory, crowd=CrowdOrder.FASTEST)
        for visit in visits:
            batches.request(session, visit.id)
        assert batches.match_waiting(session) == []
        assert all(reasons(session, visit) for visit in visits)


class TestInHouseFirst:
    def test_what_was_lost_is_planned_before_it_is_offered(
        self, session: Session, town: Town
    ) -> None:
        visit = make_waiting(session, town)
        use_rules(session, town.territory, crowd=CrowdOrder.IN_HOUSE_FIRST)
        assert service.offer_lost(session, visit.id) == []
        use_rules(session, town.territory, crowd=CrowdOrder.CHEAPEST)
        assert service.offer_lost(session, visit.id)
