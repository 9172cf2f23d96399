"""Parts and tools reach the plan from reservations, vans and depots, and the schedule from it."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from dispatch.parts.queries import get_part_by_number
from dispatch.parts.service import set_stock, transfer
from dispatch.scheduling.assignments.queries import assignments_by_visit
from dispatch.scheduling.changes.grouping import Change, differences, groups
from dispatch.scheduling.changes.service import apply_group
from dispatch.scheduling.problems.build import Built
from dispatch.scheduling.slots.queries import windows
from dispatch.scheduling.slots.service import confirm_hold, hold_slot
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import ReservationStatus, WorkOrderStatus
from dispatch.work_orders.models import Visit
from dispatch.work_orders.reservations.queries import list_reservations
from kernel.errors import Invalid
from optimizer.check import check
from optimizer.plan import ReasonCode
from optimizer.violation import Code
from tests.client import ApiClient
from tests.dispatch.scheduling.test_feeds import built_for, planned
from tests.factories.depots import make_depot
from tests.factories.parts import make_part
from tests.factories.scheduling import (
    MONDAY,
    Town,
    add_technician,
    make_town,
    make_waiting,
    order_of,
)
from tests.factories.technicians import make_absence
from tests.principals import dispatcher, technician_principal

DAY = timedelta(days=1)
HOURS = [[["10:00", "12:00"]]] * 7
"""Of a depot; Monday 8:00 in Berlin is when the days of the tests begin."""


def change_of(built: Built, visit: Visit) -> Change:
    [change] = [c for c in differences(built, planned(built)) if c.visit_id == visit.id]
    return change


def days_offered(session: Session, visit: Visit, days: int = 7) -> list[date]:
    return sorted({window.start.date() for window in windows(session, visit.id, None, days)})


class TestWindows:
    def town(self, session: Session, **part: object) -> Town:
        """Work that needs one of a part, where people work for a week."""
        made = make_part(session, number="PUMP-1", **part)
        return make_town(session, days=7, parts=[{"number": made.number, "quantity": 1}])

    def stock(self, session: Session, van: UUID | None = None, depot: UUID | None = None) -> None:
        set_stock(session, get_part_by_number(session, "PUMP-1").id, van, 1, depot)

    def test_wait_for_a_part_that_no_place_has(self, session: Session) -> None:
        town = self.town(session, lead_days=3)
        visit = make_waiting(session, town)
        thursday = MONDAY.date() + timedelta(days=3)
        assert days_offered(session, visit) == [thursday + timedelta(days=n) for n in range(4)]

    def test_that_wait_for_a_part_can_be_booked(self, session: Session) -> None:
        visit = make_waiting(session, self.town(session, lead_days=3))
        order = order_of(session, visit)
        assert order.hold_reason == "parts_short"
        [first, *_] = windows(session, visit.id, None, 7)
        hold_slot(session, visit.id, first.start, first.end)
        assert confirm_hold(session, visit.id).arrival_start == first.start
        assert (order.status, order.hold_reason) == (WorkOrderStatus.SCHEDULED, None)
        self.stock(session)
        assert work_orders.fill_shortages(session, get_part_by_number(session, "PUMP-1").id) == []
        [reserved] = list_reservations(session, order.id, list(ReservationStatus))
        assert reserved.status is ReservationStatus.RESERVED

    def test_of_today_are_not_shown_for_a_part_that_comes_at_once(self, session: Session) -> None:
        visit = make_waiting(session, self.town(session, lead_days=0))
        assert days_offered(session, visit)[0] == MONDAY.date() + timedelta(days=1)

    def test_begin_at_once_with_a_part_in_a_depot(self, session: Session) -> None:
        town = self.town(session, lead_days=3)
        self.stock(session, depot=make_depot(session).id)
        visit = make_waiting(session, town)
        assert days_offered(session, visit)[0] == MONDAY.date()

    def test_are_those_of_the_technician_whose_van_has_the_part(self, session: Session) -> None:
        town = self.town(session, lead_days=3)
        owner = town.technicians[1]
        self.stock(session, van=owner.id)
        visit = make_waiting(session, town)
        make_absence(session, owner, MONDAY - DAY, MONDAY + 1.5 * DAY)
        found = windows(session, visit.id, None, 7)
        assert {window.technician_id for window in found} == {owner.id}
        assert days_offered(session, visit)[0] == MONDAY.date() + timedelta(days=2)

    def test_are_those_of_somebody_with_the_tool(self, session: Session) -> None:
        town = make_town(session)
        visit = make_waiting(session, town, tools=["crane"])
        assert windows(session, visit.id, None, 1) == []
        owner = town.technicians[1]
        owner.tools = ["crane"]
        session.flush()
        found = windows(session, visit.id, None, 1)
        assert {window.technician_id for window in found} == {owner.id}
        make_depot(session, tools=["crane"])
        candidates = hold_slot(session, visit.id, found[0].start, found[0].end)
        assert candidates


class TestParts:
    @pytest.fixture
    def town(self, session: Session) -> Town:
        """Work that needs two of a part."""
        part = make_part(session, number="PUMP-1")
        return make_town(session, parts=[{"number": part.number, "quantity": 2}])

    def stock(
        self, session: Session, town: Town, van: UUID | None = None, depot: UUID | None = None
    ) -> None:
        [need] = town.work_type.parts
        part = get_part_by_number(session, need["number"])
        set_stock(session, part.id, van, 2, depot)

    def test_in_a_van_go_with_its_technician(self, session: Session, town: Town) -> None:
        self.stock(session, town, van=town.technicians[1].id)
        visit = make_waiting(session, town)
        built = built_for(session, town)
        [place] = change_of(built, visit).after
        assert place.technician_id == town.technicians[1].id
        assert place.depot_id is None

    def test_in_a_depot_are_fetched_first(self, session: Session, town: Town) -> None:
        depot = make_depot(session, east=0.1, weekly=HOURS)
        self.stock(session, town, depot=depot.id)
        visit = make_waiting(session, town)
        built = built_for(session, town)
        change = change_of(built, visit)
        [place] = change.after
        assert place.depot_id == depot.id
        assert place.starts_at >= MONDAY + timedelta(hours=2, minutes=10)
        bare = built.problem.depots[0]
        assert bare.service_seconds == 600
        [group] = groups([change])
        assert apply_group(session, group, uuid4()).moved == [visit.id]
        [row] = assignments_by_visit(session, [visit.id])[visit.id]
        assert row.depot_id == depot.id
        assert row.travel_seconds == place.travel_seconds > 600
        again = built_for(session, town)
        assert differences(again, planned(again)) == []
        assert check(again.problem, again.previous) == []

    def test_missing_everywhere_leave_the_visit_out(self, session: Session, town: Town) -> None:
        self.stock(session, town, van=town.first.id)
        visit = make_waiting(session, town)
        town.first.active = False
        session.flush()
        [left] = planned(built_for(session, town)).unassigned
        assert left.job_id == str(visit.id)
        assert {reason.code for reason in left.reasons} == {ReasonCode.PART_MISSING}

    def test_of_a_depot_stand_in_for_those_in_a_van(self, session: Session, town: Town) -> None:
        self.stock(session, town, van=town.first.id)
        visit = make_waiting(session, town)
        depot = make_depot(session)
        self.stock(session, town, depot=depot.id)
        town.first.active = False
        session.flush()
        [place] = change_of(built_for(session, town), visit).after
        assert (place.technician_id, place.depot_id) == (town.technicians[1].id, depot.id)

    def test_of_a_crew_are_brought_by_who_has_them(self, session: Session, town: Town) -> None:
        add_technician(session, town)
        carrier = town.technicians[2]
        self.stock(session, town, van=carrier.id)
        visit = make_waiting(session, town, crew_size=2)
        built = built_for(session, town)
        assert carrier.id in {place.technician_id for place in change_of(built, visit).after}
        assert built.problem.job_by_id[str(visit.id)].parts == ()

    def test_of_a_crew_may_lie_in_two_vans(self, session: Session) -> None:
        parts = [make_part(session, number=number) for number in ("PUMP-2", "VALVE-2")]
        needs = [{"number": part.number, "quantity": 1} for part in parts]
        town = make_town(session, technicians=3, parts=needs)
        owners = town.technicians[1:]
        for part, owner in zip(parts, owners, strict=True):
            set_stock(session, part.id, owner.id, 1, None)
        visit = make_waiting(session, town, crew_size=2)
        after = change_of(built_for(session, town), visit).after
        assert {place.technician_id for place in after} == {owner.id for owner in owners}

    def test_of_a_crew_stay_where_nobody_may_come_from(self, session: Session, town: Town) -> None:
        self.stock(session, town, van=town.first.id)
        visit = make_waiting(session, town, crew_size=2, excluded_technician_ids=[town.first.id])
        [left] = planned(built_for(session, town)).unassigned
        assert left.job_id == str(visit.id)

    def test_of_no_place_need_no_trip(self, session: Session, town: Town) -> None:
        self.stock(session, town)
        make_waiting(session, town)
        assert built_for(session, town).problem.jobs[0].parts == ()


class TestTools:
    def test_lie_in_vans_and_depots(self, session: Session) -> None:
        town = make_town(session, tools=["crane"])
        visit = make_waiting(session, town)
        [left] = planned(built_for(session, town)).unassigned
        assert {reason.code for reason in left.reasons} == {ReasonCode.TOOL_MISSING}
        depot = make_depot(session, tools=["crane"], territory_id=town.territory.id)
        [place] = change_of(built_for(session, town), visit).after
        assert place.depot_id == depot.id
        town.technicians[1].tools = ["crane"]
        session.flush()
        [place] = change_of(built_for(session, town), visit).after
        assert (place.technician_id, place.depot_id) == (town.technicians[1].id, None)

    def test_of_another_territorys_depot_are_out_of_reach(self, session: Session) -> None:
        town, other = make_town(session, tools=["crane"]), make_town(session)
        make_depot(session, tools=["crane"], territory_id=other.territory.id)
        make_waiting(session, town)
        assert len(planned(built_for(session, town)).unassigned) == 1


class TestChecker:
    def test_sees_a_pass_of_a_closed_depot(self, session: Session) -> None:
        town = make_town(session, technicians=1, tools=["crane"])
        make_waiting(session, town)
        depot = make_depot(session, tools=["crane"])
        plan = planned(built_for(session, town))
        depot.weekly = HOURS
        session.flush()
        broken = check(built_for(session, town).problem, plan)
        assert Code.DEPOT_MISPLACED in {violation.code for violation in broken}


class TestStock:
    def test_moves_between_depots_and_vans(self, session: Session) -> None:
        town, part, depot = make_town(session), make_part(session), make_depot(session)
        set_stock(session, part.id, None, 5, depot.id)
        source, target = transfer(
            session, part.id, from_technician_id=None, from_depot_id=depot.id,
            to_technician_id=town.first.id, quantity=2,
        )  # fmt: skip
        assert (source.quantity, target.quantity) == (3, 2)
        with pytest.raises(Invalid) as refusal:
            set_stock(session, part.id, town.first.id, 1, depot.id)
        assert refusal.value.code == "two_places"


class TestApi:
    def test_keeps_depots(self, session: Session, client: Callable[..., ApiClient]) -> None:
        town = make_town(session)
        office = client(dispatcher())
        wanted = {
            "name": "North", "address": "Hafen 1", "latitude": 52.5, "longitude": 13.4,
            "time_zone": "Europe/Berlin", "weekly": HOURS, "tools": ["crane"],
        }  # fmt: skip
        made = office.post("/api/depots", json=wanted)
        assert made.status_code == 201, made.text
        bad = office.post("/api/depots", json={**wanted, "name": "South", "weekly": HOURS[:3]})
        assert bad.json()["code"] == "depot_hours"
        path = f"/api/depots/{made.json()['id']}"
        changed = office.patch(path, json={"active": False}, headers={"If-Match": '"1"'})
        assert changed.json()["active"] is False
        assert [one["name"] for one in office.get("/api/depots").json()["items"]] == ["North"]
        assert client(technician_principal(town.first)).get("/api/depots").status_code == 403
