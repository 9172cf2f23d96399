"""Opening work orders."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from dispatch.sla.lifecycle import ClockKind
from dispatch.work_orders import queries, service
from dispatch.work_orders.clocks.queries import list_clocks
from dispatch.work_orders.lifecycle import ReservationStatus, VisitStatus, WorkOrderStatus
from dispatch.work_orders.reservations.queries import list_reserved_parts
from kernel import clock
from kernel.errors import Invalid, NotFound
from tests.factories.assets import make_asset
from tests.factories.customers import make_customer, make_site
from tests.factories.parts import make_part, make_stock
from tests.factories.sla import make_agreement, make_calendar, make_policy
from tests.factories.technicians import make_technician
from tests.factories.territories import make_territory
from tests.factories.work_orders import make_work_order, make_work_type

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class TestOpen:
    def test_gives_numbers_that_follow_each_other(self, session: Session) -> None:
        first = make_work_order(session)
        second = make_work_order(session)
        assert first.number.startswith("WO-")
        assert len(first.number) == 9
        assert int(second.number[3:]) == int(first.number[3:]) + 1

    def test_makes_the_first_visit_with_what_type_and_site_ask_for(self, session: Session) -> None:
        site = make_site(
            session,
            requirements={
                "skills": [{"skill": "boiler", "level": 3}, {"skill": "height", "level": 1}],
                "credentials": ["clearance"],
                "languages": ["de"],
            },
        )
        order = make_work_order(session, site, make_work_type(session, credentials=["gas"]))
        [visit] = queries.list_visits_of(session, order.id)
        assert visit.sequence == 1
        assert visit.status is VisitStatus.UNSCHEDULED
        assert visit.skills == [{"skill": "boiler", "level": 3}, {"skill": "height", "level": 1}]
        assert visit.credentials == ["clearance", "gas"]
        assert visit.languages == ["de"]
        assert (visit.duration_minutes, visit.p80_minutes) == (60, 90)

    def test_prefers_the_technician_whom_the_customer_prefers(self, session: Session) -> None:
        technician = make_technician(session)
        customer = make_customer(session, preferred_technician_id=technician.id)
        order = make_work_order(session, customer=customer)
        [visit] = queries.list_visits_of(session, order.id)
        assert visit.preferred_technician_ids == [technician.id]

    def test_counts_the_clocks_from_the_time_reported(self, session: Session) -> None:
        clock.freeze(session, MONDAY)
        policy = make_policy(session)
        reported = MONDAY - timedelta(minutes=20)
        order = make_work_order(
            session,
            work_type=make_work_type(session, sla_policy_id=policy.id),
            reported_at=reported,
        )
        due = {c.kind: c.due_at for c in list_clocks(session, order.id)}
        assert due == {
            ClockKind.RESPOND: reported + timedelta(minutes=30),
            ClockKind.ARRIVE: reported + timedelta(hours=4),
            ClockKind.RESOLVE: reported + timedelta(hours=24),
        }
        assert order.due_at == reported + timedelta(hours=4)
        assert queries.list_visits_of(session, order.id)[0].due_at == order.due_at

    def test_keeps_a_due_time_of_its_own(self, session: Session) -> None:
        work_type = make_work_type(session, sla_policy_id=make_policy(session).id)
        due = clock.now(session) + timedelta(days=9)
        assert make_work_order(session, work_type=work_type, due_at=due).due_at == due

    def test_takes_the_service_level_of_the_agreement_first(self, session: Session) -> None:
        clock.freeze(session, MONDAY)
        customer = make_customer(session)
        work_type = make_work_type(session, sla_policy_id=make_policy(session).id)
        calendar = make_calendar(session)
        better = make_policy(
            session,
            calendar_id=calendar.id,
            respond_minutes=None,
            arrive_minutes=60,
            resolve_minutes=None,
        )
        agreement = make_agreement(
            session, customer, covers=[work_type.code], sla_policy_id=better.id, visits_left=2
        )
        order = make_work_order(session, work_type=work_type, customer=customer)
        assert [c.kind for c in list_clocks(session, order.id)] == [ClockKind.ARRIVE]
        assert order.entitlement == "agreement"
        assert order.agreement_id == agreement.id
        assert agreement.visits_left == 1

    def test_gives_the_visit_back_when_the_order_is_cancelled(self, session: Session) -> None:
        customer = make_customer(session)
        work_type = make_work_type(session)
        agreement = make_agreement(session, customer, covers=[work_type.code], visits_left=1)
        order = make_work_order(session, work_type=work_type, customer=customer)
        assert agreement.visits_left == 0
        service.cancel(session, order.id, "called off")
        assert agreement.visits_left == 1

    def test_notes_the_warranty_of_the_asset(self, session: Session) -> None:
        clock.freeze(session, MONDAY)
        site = make_site(session)
        asset = make_asset(session, site, warranty_until=date(2026, 3, 2))
        order = make_work_order(session, site, asset_id=asset.id)
        assert order.entitlement == "warranty"

    def test_makes_the_prerequisites_of_the_work_type(self, session: Session) -> None:
        work_type = make_work_type(
            session, prerequisites=[{"kind": "permit", "title": "Road closure", "due_days": 3}]
        )
        order = make_work_order(session, work_type=work_type)
        [prerequisite] = queries.list_prerequisites(session, order.id)
        assert prerequisite.kind == "permit"
        assert prerequisite.due_at == order.reported_at + timedelta(days=3)

    def test_stays_new_until_reviewed_when_asked(self, session: Session) -> None:
        order = make_work_order(session, needs_review=True)
        assert order.status is WorkOrderStatus.NEW
        service.release(session, order.id)
        assert order.status is WorkOrderStatus.OPEN

    def test_refuses_the_site_of_another_customer(self, session: Session) -> None:
        with pytest.raises(Invalid, match="another customer"):
            make_work_order(session, customer_id=make_customer(session).id)

    def test_refuses_an_asset_at_another_site(self, session: Session) -> None:
        with pytest.raises(Invalid, match="another site"):
            make_work_order(session, asset_id=make_asset(session).id)

    def test_refuses_an_unknown_work_type(self, session: Session) -> None:
        with pytest.raises(NotFound):
            make_work_order(session, work_type_code="no_such_work")

    def test_refuses_an_empty_window(self, session: Session) -> None:
        with pytest.raises(Invalid):
            make_work_order(session, window=(MONDAY, MONDAY))


class TestParts:
    def test_are_reserved_from_the_depot(self, session: Session) -> None:
        part = make_part(session)
        stock = make_stock(session, part, quantity=5)
        order = make_work_order(
            session,
            work_type=make_work_type(session, parts=[{"number": part.number, "quantity": 2}]),
        )
        [reserved] = list_reserved_parts(session, order.id)
        assert reserved.reservation.status is ReservationStatus.RESERVED
        assert stock.quantity == 3
        assert order.status is WorkOrderStatus.OPEN

    def test_of_a_van_prefer_its_technician(self, session: Session) -> None:
        territory = make_territory(session)
        technician = make_technician(session, territory)
        part = make_part(session)
        make_stock(session, part, technician)
        make_stock(session, part, make_technician(session), quantity=50)
        order = make_work_order(
            session,
            make_site(session, territory_id=territory.id),
            make_work_type(session, parts=[{"number": part.number}]),
        )
        [visit] = queries.list_visits_of(session, order.id)
        assert visit.preferred_technician_ids == [technician.id]

    def test_that_are_short_put_the_order_on_hold(self, session: Session) -> None:
        part = make_part(session)
        make_stock(session, part, quantity=1)
        order = make_work_order(
            session,
            work_type=make_work_type(session, parts=[{"number": part.number, "quantity": 2}]),
        )
        assert order.status is WorkOrderStatus.ON_HOLD
        assert order.hold_reason == "parts_short"
        assert order.held_from == "open"

    def test_that_do_not_exist_are_refused(self, session: Session) -> None:
        work_type = make_work_type(session, parts=[{"number": "nothing"}])
        with pytest.raises(Invalid, match="no part nothing"):
            make_work_order(session, work_type=work_type)
