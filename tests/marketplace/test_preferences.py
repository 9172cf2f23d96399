"""Block and prefer lists: what a block takes away at once, and who may not accept any more."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import exc
from sqlalchemy.orm import Session

from dispatch.events import PreferenceChanged
from dispatch.scheduling.assignments.queries import holders_of
from dispatch.scheduling.plans import tasks as scheduling_tasks
from dispatch.scheduling.staffing import service as staffing
from dispatch.technicians.models import Technician
from dispatch.technicians.preferences.lifecycle import Stance, Wisher
from dispatch.technicians.preferences.service import drop_preference, set_preference
from dispatch.work_orders.models import Visit
from kernel import clock
from kernel.errors import Conflict, Invalid
from marketplace.bundles.service import offer_bundle
from marketplace.offers import service as offers
from marketplace.offers.lifecycle import OfferStatus
from marketplace.offers.queries import list_of_visit
from marketplace.pools.service import create_pool, name_member
from marketplace.waves import service as waves
from marketplace.waves import tasks as wave_tasks
from tests.client import ApiClient
from tests.factories.customers import make_site
from tests.factories.marketplace import make_freelancer, make_offer
from tests.factories.technicians import make_shift, make_technician
from tests.factories.work_orders import make_visit
from tests.principals import principal

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
Client = Callable[..., ApiClient]


@pytest.fixture(autouse=True)
def monday_morning(session: Session) -> None:
    clock.freeze(session, NOW)


def follow(session: Session, visit: Visit, person: Technician) -> None:
    """What the handlers do, without the plans that they ask for."""
    changed = PreferenceChanged(of_customer_id=visit.customer_id, of_technician_id=person.id)
    scheduling_tasks.follow_preference(session, changed)
    wave_tasks.ask_others_after_block(session, changed)


@pytest.mark.parametrize("side", list(Wisher))
class TestBlock:
    def test_keeps_waves_from_asking(self, session: Session, side: Wisher) -> None:
        blocked, other = make_freelancer(session), make_freelancer(session)
        visit = make_visit(session)
        set_preference(session, side, visit.customer_id, blocked.id, Stance.BLOCK)
        follow(session, visit, blocked)
        made = waves.offer_visit(session, visit.id)
        assert [offer.technician_id for offer in made] == [other.id]

    def test_keeps_the_office_from_asking_by_any_way(self, session: Session, side: Wisher) -> None:
        blocked = make_freelancer(session)
        visit, second = make_visit(session), make_visit(session)
        set_preference(session, side, visit.customer_id, blocked.id, Stance.BLOCK)
        follow(session, visit, blocked)
        pool = create_pool(session, name="boilers", rule=[])
        name_member(session, pool.id, blocked.id)
        with pytest.raises(Invalid) as refused:
            waves.offer_visit(session, visit.id, technician_ids=[blocked.id])
        assert refused.value.facts["refusals"][0]["code"] == "excluded"
        assert waves.offer_visit(session, visit.id, market=True) == []
        assert waves.offer_visit(session, visit.id, pool_id=pool.id) == []
        assert offer_bundle(session, [visit.id, second.id]) == []

    def test_takes_offers_back_and_asks_others(self, session: Session, side: Wisher) -> None:
        blocked, other = make_freelancer(session), make_freelancer(session)
        visit = make_visit(session)
        offer = make_offer(session, visit, blocked)
        set_preference(session, side, visit.customer_id, blocked.id, Stance.BLOCK)
        follow(session, visit, blocked)
        session.refresh(offer)
        assert offer.status is OfferStatus.WITHDRAWN
        made = list_of_visit(session, visit.id)
        assert [one.technician_id for one in made] == [blocked.id, other.id]

    def test_lets_nobody_accept_before_jobs_have_run(self, session: Session, side: Wisher) -> None:
        visit, person = make_visit(session), make_freelancer(session)
        offer = make_offer(session, visit, person)
        set_preference(session, side, visit.customer_id, person.id, Stance.BLOCK)
        with pytest.raises(Conflict) as refused:
            offers.accept(session, offer.id, person.id)
        assert refused.value.code == "offer_withdrawn", "who is blocked is not told of it"

    def test_is_kept_by_the_database(self, session: Session, side: Wisher) -> None:
        visit, person = make_visit(session), make_freelancer(session)
        set_preference(session, side, visit.customer_id, person.id, Stance.BLOCK)
        with pytest.raises(exc.DBAPIError) as refused, session.begin_nested():
            staffing.assign(
                session, visit.id, [person.id], NOW + timedelta(hours=3), source="offer"
            )
        assert getattr(refused.value.orig, "sqlstate", "") == "FF006"

    def test_takes_staff_off_planned_visits(self, session: Session, side: Wisher) -> None:
        person = make_technician(session, skills={"boiler": 3})
        make_shift(session, person, NOW)
        visit = make_visit(session)
        start = NOW + timedelta(hours=2)
        staffing.assign(session, visit.id, [person.id], start, source="dispatcher")
        set_preference(session, side, visit.customer_id, person.id, Stance.BLOCK)
        follow(session, visit, person)
        session.refresh(visit)
        assert person.id not in holders_of(session, [visit.id])
        assert visit.excluded_technician_ids == [person.id]


class TestPreference:
    def test_of_the_customer_stands_on_visits_old_and_new(self, session: Session) -> None:
        person, visit = make_freelancer(session), make_visit(session)
        set_preference(session, Wisher.CUSTOMER, visit.customer_id, person.id, Stance.PREFER)
        follow(session, visit, person)
        session.refresh(visit)
        assert visit.preferred_technician_ids == [person.id]
        drop_preference(session, Wisher.CUSTOMER, visit.customer_id, person.id)
        follow(session, visit, person)
        session.refresh(visit)
        assert visit.preferred_technician_ids == []

    def test_gives_way_to_a_block_of_the_other_side(self, session: Session) -> None:
        person, visit = make_freelancer(session), make_visit(session)
        set_preference(session, Wisher.CUSTOMER, visit.customer_id, person.id, Stance.PREFER)
        set_preference(session, Wisher.TECHNICIAN, visit.customer_id, person.id, Stance.BLOCK)
        follow(session, visit, person)
        session.refresh(visit)
        assert visit.preferred_technician_ids == []
        assert visit.excluded_technician_ids == [person.id]


class TestApi:
    def test_the_phone_names_customers_one_knows(self, session: Session, client: Client) -> None:
        person, visit = make_freelancer(session), make_visit(session)
        http = client(principal("freelancer", subject_id=person.id))
        path = f"/api/technician/customers/{visit.customer_id}/preference"
        assert http.put(path, json={"stance": "block"}).status_code == 404
        start = NOW + timedelta(hours=3)
        staffing.assign(session, visit.id, [person.id], start, source="dispatcher")
        put = http.put(path, json={"stance": "prefer", "reason": "kind"})
        assert put.json()["side"] == "technician"
        [own] = http.get("/api/technician/preferences").json()
        assert (own["customer_id"], own["stance"]) == (str(visit.customer_id), "prefer")
        assert http.delete(path).status_code == 204
        assert http.get("/api/technician/preferences").json() == []

    def test_the_office_writes_both_sides(self, session: Session, client: Client) -> None:
        person, visit = make_freelancer(session), make_visit(session)
        http = client(principal("dispatcher"))
        wish = {"customer_id": str(visit.customer_id), "technician_id": str(person.id)}
        for side in Wisher:
            body = {**wish, "side": side, "stance": "block", "reason": "quarrel"}
            assert http.put("/api/preferences", json=body).status_code == 200
        assert len(http.get("/api/preferences", params=wish).json()["items"]) == len(Wisher)
        gone = http.delete("/api/preferences", params={**wish, "side": "customer"})
        assert gone.status_code == 204
        [left] = http.get("/api/preferences", params=wish).json()["items"]
        assert left["side"] == "technician"


def test_a_new_visit_of_the_customer_starts_with_the_block(session: Session) -> None:
    site, person = make_site(session), make_freelancer(session)
    set_preference(session, Wisher.CUSTOMER, site.customer_id, person.id, Stance.BLOCK)
    assert make_visit(session, site=site).excluded_technician_ids == [person.id]
