"""Standing by: asked, taken by one, on duty, and paid for the time one was there."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.on_call.models import DutyChange
from dispatch.on_call.queries import get_rota, on_call_at
from dispatch.on_call.service import put_on_duty
from dispatch.technicians.models import Technician
from dispatch.technicians.suspensions.service import suspend
from dispatch.territories.models import Territory
from kernel import clock
from kernel.errors import Conflict, DomainError, Invalid, NotFound
from kernel.events import EventRow
from marketplace.events import StandByUncovered
from marketplace.ledger.lifecycle import AccountKind
from marketplace.ledger.queries import balances, unbalanced
from marketplace.offers.lifecycle import OfferStatus
from marketplace.pay_terms.service import set_terms
from marketplace.payouts.models import Payout
from marketplace.scores.lifecycle import FactKind
from marketplace.scores.queries import list_facts
from marketplace.scores.service import drop, points_of
from marketplace.stand_bys import back_outs, service
from marketplace.stand_bys.lifecycle import StandByStatus, share_present
from marketplace.stand_bys.models import StandBy, StandByOffer
from marketplace.stand_bys.queries import list_offers
from tests import principals
from tests.client import ApiClient
from tests.conftest import Database
from tests.factories.marketplace import make_freelancer, make_rota
from tests.factories.technicians import make_absence, make_technician

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STARTS, ENDS = NOW + timedelta(hours=9), NOW + timedelta(hours=13)
HOUR = timedelta(hours=1)
Client = Callable[..., ApiClient]


@pytest.fixture
def monday_morning(session: Session) -> None:
    clock.freeze(session, NOW)


@pytest.fixture
def person(session: Session, monday_morning: None) -> Technician:
    return make_freelancer(session)


def rota_of(session: Session, person: Technician) -> UUID:
    """Somebody of the staff has every turn."""
    staff = make_technician(session, session.get_one(Territory, person.territory_id))
    return make_rota(session, staff, skills=["boiler"]).id


def offered(session: Session, person: Technician, **over: Any) -> StandBy:
    return service.offer(session, rota_of(session, person), STARTS, ENDS, 4000, **over)


def taken(session: Session, person: Technician, starts_at: datetime = STARTS) -> StandBy:
    rota_id = rota_of(session, person)
    stand_by = service.offer(session, rota_id, starts_at, starts_at + 4 * HOUR, 4000)
    service.accept(session, offer_to(session, stand_by, person).id, person.id)
    return stand_by


def held(session: Session) -> int:
    return sum(one.cents for one in balances(session) if one.kind is AccountKind.HELD)


def offer_to(session: Session, stand_by: StandBy, person: Technician) -> StandByOffer:
    offers = list_offers(session, [stand_by.id])
    return next(one for one in offers if one.technician_id == person.id)


def alarms(session: Session) -> list[UUID]:
    """The stand-bys that the dispatchers were told nobody has."""
    found = session.scalars(select(EventRow).where(EventRow.name == StandByUncovered.name))
    return [UUID(row.payload["stand_by_id"]) for row in found]


def refused(session: Session, offer: StandByOffer) -> str:
    with pytest.raises(Conflict) as found:
        service.accept(session, offer.id, offer.technician_id)
    return found.value.code


class TestOffer:
    def test_asks_everybody_of_the_territory_who_can(
        self, session: Session, person: Technician
    ) -> None:
        territory = session.get_one(Territory, person.territory_id)
        other = make_freelancer(session, territory)
        make_freelancer(session, territory, skills={})
        away = make_freelancer(session, territory)
        make_absence(session, away, STARTS + HOUR, ENDS)
        make_freelancer(session)
        stand_by = offered(session, person)
        asked = {one.technician_id for one in list_offers(session, [stand_by.id])}
        assert asked == {person.id, other.id}
        assert (stand_by.status, stand_by.answer_by) == (StandByStatus.OPEN, STARTS)

    def test_says_of_those_named_why_they_cannot(
        self, session: Session, person: Technician
    ) -> None:
        staff = make_technician(session)
        with pytest.raises(Invalid) as found:
            offered(session, person, technician_ids=[person.id, staff.id])
        [refusal] = found.value.facts["refusals"]
        assert refusal["code"] == "not_a_freelancer"

    def test_refuses_what_nobody_can_and_what_is_over(
        self, session: Session, person: Technician
    ) -> None:
        with pytest.raises(Conflict) as found:
            service.offer(session, make_rota(session, person, skills=["gas"]).id, STARTS, ENDS, 1)
        assert found.value.code == "nobody_able"
        with pytest.raises(Invalid):
            offered(session, person, answer_by=NOW)
        assert held(session) == 0

    def test_sets_the_pay_and_the_fee_aside(self, session: Session, person: Technician) -> None:
        stand_by = offered(session, person)
        assert held(session) >= 4000
        service.withdraw(session, stand_by.id)
        service.withdraw(session, stand_by.id)
        assert held(session) == 0
        assert refused(session, offer_to(session, stand_by, person)) == "offer_withdrawn"


class TestAccept:
    def test_puts_the_person_on_duty_and_tells_the_others(
        self, session: Session, person: Technician
    ) -> None:
        other = make_freelancer(session, session.get_one(Territory, person.territory_id))
        stand_by = offered(session, person)
        mine = offer_to(session, stand_by, person)
        assert service.accept(session, mine.id, person.id).status is OfferStatus.ACCEPTED
        assert service.accept(session, mine.id, person.id).status is OfferStatus.ACCEPTED
        rota = get_rota(session, stand_by.rota_id)
        assert on_call_at(session, rota, STARTS)[0] == person.id
        assert on_call_at(session, rota, ENDS)[0] != person.id
        assert len(session.scalars(select(DutyChange)).all()) == 1
        assert refused(session, offer_to(session, stand_by, other)) == "offer_taken"
        with pytest.raises(Conflict):
            service.withdraw(session, stand_by.id)

    def test_refuses_who_has_other_duty_or_answers_too_late(
        self, session: Session, person: Technician
    ) -> None:
        first, second = offered(session, person), offered(session, person)
        late = offered(session, person, answer_by=NOW + HOUR)
        service.accept(session, offer_to(session, first, person).id, person.id)
        assert refused(session, offer_to(session, second, person)) == "technician_busy"
        clock.freeze(session, NOW + HOUR)
        assert refused(session, offer_to(session, late, person)) == "offer_expired"

    def test_saying_no_ends_it_for_one_and_the_last_no_for_all(
        self, session: Session, person: Technician
    ) -> None:
        other = make_freelancer(session, session.get_one(Territory, person.territory_id))
        stand_by = offered(session, person)
        mine = offer_to(session, stand_by, person)
        for _ in range(2):
            service.decline(session, mine.id, person.id)
        assert refused(session, mine) == "offer_closed"
        assert (stand_by.status, alarms(session)) == (StandByStatus.OPEN, [])
        service.decline(session, offer_to(session, stand_by, other).id, other.id)
        assert (stand_by.status, alarms(session)) == (StandByStatus.EXPIRED, [stand_by.id])
        assert held(session) == 0


class TestSettle:
    def test_what_nobody_took_expires(self, session: Session, person: Technician) -> None:
        stand_by = offered(session, person)
        clock.freeze(session, STARTS)
        assert (service.settle_due(session), service.settle_due(session)) == (1, 0)
        assert (stand_by.status, alarms(session)) == (StandByStatus.EXPIRED, [stand_by.id])
        assert offer_to(session, stand_by, person).status is OfferStatus.EXPIRED
        assert held(session) == 0

    @pytest.mark.parametrize(("hours_away", "cents"), [(0, 4000), (1, 3000), (4, 0)])
    def test_pays_once_for_the_time_one_was_there(
        self, session: Session, person: Technician, hours_away: int, cents: int
    ) -> None:
        stand_by = offered(session, person)
        service.accept(session, offer_to(session, stand_by, person).id, person.id)
        if hours_away:
            make_absence(session, person, STARTS, STARTS + hours_away * HOUR)
        clock.freeze(session, ENDS)
        assert (service.settle_due(session), service.settle_due(session)) == (1, 0)
        assert stand_by.status is StandByStatus.ENDED
        paid = session.scalars(select(Payout.amount_cents)).all()
        assert sum(paid) == cents
        assert held(session) == 0
        assert unbalanced(session) == []

    def test_absences_that_overlap_count_once(self) -> None:
        away = [(STARTS, STARTS + 2 * HOUR), (STARTS + HOUR, STARTS + 3 * HOUR)]
        assert share_present((STARTS, ENDS), away, 4000) == 1000


class TestBackOut:
    def test_falls_back_to_the_rota_and_is_offered_to_others_at_once(
        self, session: Session, person: Technician
    ) -> None:
        stand_by = taken(session, person)
        other = make_freelancer(session, session.get_one(Territory, person.territory_id))
        for _ in range(2):
            back_outs.back_out(session, stand_by.id, person.id)
        assert stand_by.status is StandByStatus.GIVEN_BACK
        rota = get_rota(session, stand_by.rota_id)
        assert on_call_at(session, rota, STARTS)[0] != person.id
        [again] = session.scalars(select(StandBy).where(StandBy.status == StandByStatus.OPEN))
        assert (again.pay_cents, again.answer_by) == (4000, STARTS)
        [asked] = list_offers(session, [again.id])
        assert asked.technician_id == other.id
        assert held(session) == 4000
        service.accept(session, asked.id, other.id)
        assert on_call_at(session, rota, STARTS)[0] == other.id
        assert alarms(session) == []
        back_outs.back_out(session, again.id, other.id)
        assert held(session) == 0, "both have said no"
        assert alarms(session) == [again.id]
        assert unbalanced(session) == []

    @pytest.mark.parametrize(
        ("hours", "kind", "fee"),
        [(30, FactKind.BACK_OUT_EARLY, 0), (9, FactKind.BACK_OUT_LATE, 800)],
    )
    def test_costs_what_giving_a_job_back_costs(
        self, session: Session, person: Technician, hours: int, kind: FactKind, fee: int
    ) -> None:
        set_terms(session, {"late_back_out_pct": 20})
        stand_by = taken(session, person, starts_at=NOW + hours * HOUR)
        cost = back_outs.cost_now(session, stand_by.id, person.id)
        assert (cost.fee_cents, cost.notice) == (fee, hours * HOUR)
        back_outs.back_out(session, stand_by.id, person.id)
        assert session.scalars(select(Payout.amount_cents)).all() == ([-fee] if fee else [])
        [fact] = list_facts(session, person.id)
        assert (fact.kind, fact.value, fact.stand_by_id) == (kind, hours, stand_by.id)
        assert points_of(session, person.id) < 80
        drop(session, fact.id)
        assert points_of(session, person.id) == 80
        assert unbalanced(session) == []

    def test_refuses_once_it_has_begun_and_to_everybody_else(
        self, session: Session, person: Technician
    ) -> None:
        stand_by, other = taken(session, person), make_freelancer(session)
        with pytest.raises(NotFound):
            back_outs.back_out(session, stand_by.id, other.id)
        clock.freeze(session, STARTS)
        with pytest.raises(Conflict) as found:
            back_outs.back_out(session, stand_by.id, person.id)
        assert found.value.code == "under_way"


class TestRevoke:
    """Whoever is suspended, or whose proof has ended, has no duty any more."""

    @pytest.mark.parametrize(("hours_begun", "cents"), [(-1, 0), (1, 1000)])
    def test_pays_what_was_stood_by_and_asks_others_before_it_begins(
        self,
        session: Session,
        person: Technician,
        run_jobs: Callable[[], int],
        hours_begun: int,
        cents: int,
    ) -> None:
        stand_by = taken(session, person)
        other = make_freelancer(session, session.get_one(Territory, person.territory_id))
        clock.freeze(session, STARTS + hours_begun * HOUR)
        suspend(session, person.id, "No-show twice.", principals.principal("supervisor"))
        run_jobs()
        assert stand_by.status is StandByStatus.REVOKED
        assert sum(session.scalars(select(Payout.amount_cents))) == cents
        assert list_facts(session, person.id) == []
        rota = get_rota(session, stand_by.rota_id)
        assert on_call_at(session, rota, ENDS - HOUR)[0] != person.id
        again = session.scalars(select(StandBy).where(StandBy.status == StandByStatus.OPEN)).all()
        asked = {one.technician_id for one in list_offers(session, [one.id for one in again])}
        assert asked == (set() if hours_begun > 0 else {other.id})
        assert alarms(session) == ([stand_by.id] if hours_begun > 0 else [])
        assert held(session) == (0 if hours_begun > 0 else 4000)
        clock.freeze(session, ENDS)
        service.settle_due(session)
        assert sum(session.scalars(select(Payout.amount_cents))) == cents, "nothing twice"
        assert unbalanced(session) == []

    def test_what_the_proofs_cover_stays(self, session: Session, person: Technician) -> None:
        stand_by = taken(session, person)
        assert service.revoke_of(session, person.id) == []
        assert stand_by.status is StandByStatus.TAKEN


@pytest.mark.usefixtures("monday_morning")
class TestHttp:
    def test_what_nobody_has_waits_for_the_office_until_it_is_offered_again(
        self, session: Session, client: Client, person: Technician
    ) -> None:
        office, stand_by = client(principals.dispatcher()), taken(session, person)
        url = f"/api/crowd/answers?territory_id={person.territory_id}"
        assert office.get(url).json()["stand_bys"] == []
        back_outs.back_out(session, stand_by.id, person.id)
        [shown] = office.get(url).json()["stand_bys"]
        assert (shown["stand_by_id"], shown["status"]) == (str(stand_by.id), "given_back")
        make_freelancer(session, session.get_one(Territory, person.territory_id))
        service.offer(session, stand_by.rota_id, STARTS - HOUR, ENDS, 5000)
        assert office.get(url).json()["stand_bys"] == []

    def test_what_nobody_has_waits_until_the_office_gave_it_to_somebody_or_it_is_over(
        self, session: Session, client: Client, person: Technician
    ) -> None:
        office = client(principals.dispatcher())
        first, second = offered(session, person), offered(session, person)
        for one in (first, second):
            service.decline(session, offer_to(session, one, person).id, person.id)
        url = f"/api/crowd/answers?territory_id={person.territory_id}"
        shown = office.get(url).json()["stand_bys"]
        assert [one["stand_by_id"] for one in shown] == [str(first.id), str(second.id)]
        put_on_duty(session, first.rota_id, person.id, STARTS, ENDS, "Agreed by telephone")
        [left] = office.get(url).json()["stand_bys"]
        assert left["stand_by_id"] == str(second.id)
        clock.freeze(session, ENDS)
        assert office.get(url).json()["stand_bys"] == []

    def test_from_the_office_to_the_phone_and_back(
        self, session: Session, client: Client, person: Technician
    ) -> None:
        office, phone = (
            client(principals.dispatcher()),
            client(principals.technician_principal(person)),
        )
        wanted = {
            "rota_id": str(rota_of(session, person)),
            "starts_at": STARTS.isoformat(),
            "ends_at": ENDS.isoformat(),
            "pay_cents": 4000,
        }
        made = office.post("/api/stand-bys", json=wanted)
        assert made.status_code == 201
        url = "/api/technician/stand-bys"
        [card] = phone.get(url).json()
        assert (card["pay_cents_per_hour"], card["asked_count"]) == (1000, 1)
        assert card["can_answer"]
        assert phone.post(f"{url}/{card['id']}/accept").status_code == 200
        [card] = phone.get(url).json()
        assert (card["status"], card["can_answer"]) == ("accepted", False)
        [shown] = office.get("/api/stand-bys", params={"status": "taken"}).json()["items"]
        assert shown["asked"] == [{"technician_id": str(person.id), "status": "accepted"}]
        reply = office.post(f"/api/stand-bys/{shown['id']}/withdraw")
        assert reply.status_code == 409
        assert card["may_back_out"]
        why = {"reason": "Ill."}
        other = client(principals.technician_principal(make_freelancer(session)))
        for method in (other.get, other.post):
            json = {} if method == other.get else {"json": why}
            assert method(f"{url}/{card['id']}/back-out", **json).status_code == 404
        assert phone.get(f"{url}/{card['id']}/back-out").json()["fee_cents"] == 0
        assert phone.post(f"{url}/{card['id']}/back-out", json={"reason": " "}).status_code == 422
        assert phone.post(f"{url}/{card['id']}/back-out", json=why).status_code == 204
        assert phone.get(url).json() == []
        [fact] = phone.get("/api/technician/score").json()["facts"]
        assert (fact["visit_id"], fact["stand_by_id"]) == (None, shown["id"])
        assert office.post(f"/api/stand-bys/{shown['id']}/back-out", json=why).is_success
        both = {**wanted, "technician_ids": [str(person.id)], "pool_id": str(person.id)}
        assert office.post("/api/stand-bys", json=both).status_code == 422


@pytest.mark.committed
def test_of_many_who_accept_at_once_one_has_it(database: Database) -> None:
    with database.transaction() as session:
        first = make_freelancer(session)
        territory = session.get_one(Territory, first.territory_id)
        for _ in range(3):
            make_freelancer(session, territory)
        at = clock.now(session) + timedelta(days=1)
        rota_id = rota_of(session, first)
        stand_by = service.offer(session, rota_id, at, at + 4 * HOUR, 4000)
        made = [(one.id, one.technician_id) for one in list_offers(session, [stand_by.id])]
    start = Barrier(len(made))

    def take(offer: tuple[UUID, UUID]) -> str:
        start.wait(timeout=30)
        try:
            with database.transaction() as session:
                service.accept(session, *offer)
        except DomainError as refusal:
            return refusal.code
        return "won"

    with ThreadPoolExecutor(len(made)) as pool:
        assert sorted(pool.map(take, made)) == ["offer_taken"] * 3 + ["won"]
