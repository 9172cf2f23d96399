"""Moves of visits, and how clocks, parts and the order follow."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from dispatch.sla.lifecycle import ClockKind
from dispatch.work_orders import queries, service
from dispatch.work_orders.clocks.queries import list_clocks
from dispatch.work_orders.lifecycle import (
    VISIT,
    ReservationStatus,
    VisitStatus,
    WorkOrderStatus,
)
from dispatch.work_orders.models import SlaClock, Visit, WorkOrder
from dispatch.work_orders.reservations.queries import list_reserved_parts
from kernel import clock
from kernel.audit import history
from kernel.errors import Conflict, Invalid
from kernel.events import EventRow
from tests.factories.parts import make_part, make_stock
from tests.factories.sla import make_policy
from tests.factories.technicians import make_technician
from tests.factories.work_orders import make_visit, make_work_order, make_work_type, walk

V = VisitStatus
W = WorkOrderStatus
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def order_of(session: Session, visit: Visit) -> WorkOrder:
    return queries.get_work_order(session, visit.work_order_id)


def clock_of(session: Session, visit: Visit, kind: ClockKind) -> SlaClock:
    return next(c for c in list_clocks(session, visit.work_order_id) if c.kind is kind)


def promised(session: Session) -> Visit:
    """A visit of an order with all three clocks, reported on Monday at nine."""
    clock.freeze(session, MONDAY)
    policy = make_policy(session)
    return make_visit(session, work_type=make_work_type(session, sla_policy_id=policy.id))


def after(session: Session, **passed: float) -> datetime:
    at = MONDAY + timedelta(**passed)
    clock.freeze(session, at)
    return at


class TestSetVisitStatus:
    def test_writes_the_actual_times(self, session: Session) -> None:
        visit = make_visit(session, status=V.DISPATCHED)
        times = [MONDAY + timedelta(minutes=10 * step) for step in range(4)]
        clock.freeze(session, MONDAY + timedelta(days=1))
        for to, at in zip([V.EN_ROUTE, V.ON_SITE, V.IN_PROGRESS, V.COMPLETED], times, strict=True):
            service.set_visit_status(session, visit, to, at=at)
        stamps = [visit.en_route_at, visit.on_site_at, visit.started_at, visit.finished_at]
        assert stamps == times

    def test_does_nothing_when_the_visit_is_there_already(self, session: Session) -> None:
        visit = make_visit(session, status=V.ON_SITE)
        version = visit.version
        service.set_visit_status(session, visit, V.ON_SITE)
        assert visit.version == version

    def test_refuses_what_the_table_does_not_list(self, session: Session) -> None:
        visit = make_visit(session)
        with pytest.raises(Conflict) as refused:
            service.set_visit_status(session, visit, V.COMPLETED)
        assert refused.value.code == "illegal_move"

    def test_is_guarded_by_the_database_too(self, session: Session) -> None:
        visit = make_visit(session)
        with pytest.raises(DBAPIError, match="cannot become completed"):
            session.execute(
                text("UPDATE visits SET status = 'completed', version = version + 1 WHERE id = :i"),
                {"i": visit.id},
            )

    def test_corrects_a_clock_that_runs_ahead_or_behind(self, session: Session) -> None:
        visit = make_visit(session, status=V.DISPATCHED)
        clock.freeze(session, MONDAY)
        service.set_visit_status(session, visit, V.EN_ROUTE, at=MONDAY + timedelta(days=3))
        assert visit.en_route_at == MONDAY
        service.set_visit_status(session, visit, V.ON_SITE, at=MONDAY - timedelta(days=3))
        assert visit.on_site_at == MONDAY

    def test_tells_who_moved_what_to_where(self, session: Session) -> None:
        technician = make_technician(session)
        visit = make_visit(session, status=V.DISPATCHED)
        service.set_visit_status(session, visit, V.EN_ROUTE, technician_id=technician.id)
        told = session.scalars(
            select(EventRow).where(EventRow.name == "dispatch.VisitMoved").order_by(EventRow.id)
        ).all()[-1]
        assert told.payload["from_status"] == "dispatched"
        assert told.payload["to_status"] == "en_route"
        assert told.technician_id == technician.id
        assert told.customer_id == visit.customer_id
        assert told.territory_id == visit.territory_id

    def test_writes_the_reason_into_the_audit(self, session: Session) -> None:
        visit = make_visit(session, status=V.SCHEDULED)
        service.set_visit_status(session, visit, V.UNSCHEDULED, reason="illness")
        assert history(session, visit.id)[-1].why == "illness"

    def test_clears_the_start_of_a_diverted_trip(self, session: Session) -> None:
        visit = make_visit(session, status=V.EN_ROUTE)
        service.set_visit_status(session, visit, V.UNSCHEDULED, reason="diverted")
        assert visit.en_route_at is None
        assert order_of(session, visit).status is W.OPEN

    def test_keeps_the_first_start_over_a_pause(self, session: Session) -> None:
        visit = make_visit(session, status=V.IN_PROGRESS)
        started = visit.started_at
        service.set_visit_status(session, visit, V.PAUSED)
        service.set_visit_status(session, visit, V.IN_PROGRESS)
        assert visit.started_at == started

    @pytest.mark.parametrize("frm", list(V))
    def test_allows_exactly_the_moves_of_the_table(
        self, session: Session, frm: VisitStatus
    ) -> None:
        for to in V:
            visit = make_visit(session, status=frm)
            if to is frm:
                continue
            if VISIT.allows(frm, to):
                service.set_visit_status(session, visit, to, reason="other")
                assert visit.status is to
            else:
                with pytest.raises(Conflict):
                    service.set_visit_status(session, visit, to, reason="other")


class TestCorrection:
    @pytest.mark.parametrize(
        ("status", "back", "cleared"),
        [
            (V.EN_ROUTE, V.DISPATCHED, "en_route_at"),
            (V.ON_SITE, V.EN_ROUTE, "on_site_at"),
            (V.IN_PROGRESS, V.ON_SITE, "started_at"),
            (V.COMPLETED, V.IN_PROGRESS, "finished_at"),
            (V.INCOMPLETE, V.IN_PROGRESS, "finished_at"),
        ],
    )
    def test_takes_a_step_back_within_minutes(
        self, session: Session, status: VisitStatus, back: VisitStatus, cleared: str
    ) -> None:
        clock.freeze(session, MONDAY)
        visit = make_visit(session, status=status)
        after(session, minutes=9)
        service.set_visit_status(session, visit, back)
        assert visit.status is back
        assert getattr(visit, cleared) is None

    def test_comes_too_late_after_ten_minutes(self, session: Session) -> None:
        clock.freeze(session, MONDAY)
        visit = make_visit(session, status=V.ON_SITE)
        after(session, minutes=11)
        with pytest.raises(Conflict) as refused:
            service.set_visit_status(session, visit, V.EN_ROUTE)
        assert refused.value.code == "too_late_to_correct"

    def test_of_completion_reopens_the_order_and_its_clock(self, session: Session) -> None:
        visit = walk(session, promised(session), V.COMPLETED)
        assert order_of(session, visit).status is W.COMPLETED
        service.set_visit_status(session, visit, V.IN_PROGRESS)
        assert order_of(session, visit).status is W.IN_PROGRESS
        assert order_of(session, visit).completed_at is None
        assert clock_of(session, visit, ClockKind.RESOLVE).met_at is None

    def test_of_arrival_lets_the_clock_run_again(self, session: Session) -> None:
        visit = walk(session, promised(session), V.ON_SITE)
        assert clock_of(session, visit, ClockKind.ARRIVE).met_at == MONDAY
        service.set_visit_status(session, visit, V.EN_ROUTE)
        assert clock_of(session, visit, ClockKind.ARRIVE).met_at is None

    def test_of_an_incomplete_visit_withdraws_its_follow_up(self, session: Session) -> None:
        visit = make_visit(session, status=V.INCOMPLETE)
        service.set_visit_status(session, visit, V.IN_PROGRESS)
        states = [v.status for v in queries.list_visits_of(session, visit.work_order_id)]
        assert states == [V.IN_PROGRESS, V.CANCELLED]
        assert visit.incomplete_reason is None

    def test_is_refused_once_the_order_is_reviewed(self, session: Session) -> None:
        visit = make_visit(session, status=V.COMPLETED)
        service.review(session, visit.work_order_id)
        with pytest.raises(Conflict):
            service.set_visit_status(session, visit, V.IN_PROGRESS)


class TestIncomplete:
    def test_needs_a_reason_that_is_known(self, session: Session) -> None:
        visit = make_visit(session, status=V.ON_SITE)
        for reason in (None, "the dog ate it"):
            with pytest.raises(Invalid) as refused:
                service.set_visit_status(session, visit, V.INCOMPLETE, reason=reason)
            assert refused.value.code == "incomplete_reason"

    def test_adds_a_follow_up_and_opens_the_order(self, session: Session) -> None:
        visit = make_visit(session, status=V.IN_PROGRESS)
        service.set_visit_status(session, visit, V.INCOMPLETE, reason="parts_missing")
        first, follow_up = queries.list_visits_of(session, visit.work_order_id)
        assert first.incomplete_reason == "parts_missing"
        assert follow_up.status is V.UNSCHEDULED
        assert follow_up.sequence == 2
        assert order_of(session, visit).status is W.OPEN

    def test_is_made_good_by_the_follow_up(self, session: Session) -> None:
        visit = make_visit(session, status=V.INCOMPLETE)
        walk(session, queries.list_visits_of(session, visit.work_order_id)[1], V.COMPLETED)
        assert order_of(session, visit).status is W.COMPLETED


class TestOrderFollows:
    def test_every_step_of_its_visit(self, session: Session) -> None:
        visit = make_visit(session)
        seen = [order_of(session, visit).status]
        for step in (V.SCHEDULED, V.DISPATCHED, V.EN_ROUTE, V.ON_SITE, V.IN_PROGRESS, V.COMPLETED):
            service.set_visit_status(session, visit, step)
            seen.append(order_of(session, visit).status)
        assert seen == [
            W.OPEN, W.SCHEDULED, W.SCHEDULED, W.SCHEDULED, W.IN_PROGRESS, W.IN_PROGRESS,
            W.COMPLETED,
        ]  # fmt: skip

    def test_back_to_open_when_nothing_is_planned_any_more(self, session: Session) -> None:
        visit = make_visit(session, status=V.SCHEDULED)
        service.set_visit_status(session, visit, V.UNSCHEDULED)
        assert order_of(session, visit).status is W.OPEN

    def test_a_new_order_planned_by_hand_counts_as_reviewed(self, session: Session) -> None:
        order = make_work_order(session, needs_review=True)
        make_visit(session, order, status=V.SCHEDULED)
        assert order.status is W.SCHEDULED
        moves = [
            entry.changes["status"]
            for entry in history(session, order.id)
            if entry.action == "update" and "status" in entry.changes
        ]
        assert moves == [["new", "open"], ["open", "scheduled"]]

    def test_two_visits_until_both_are_done(self, session: Session) -> None:
        visit = make_visit(session)
        second = service.add_visit(session, visit.work_order_id)
        walk(session, visit, V.COMPLETED)
        assert order_of(session, visit).status is W.OPEN
        walk(session, second, V.COMPLETED)
        assert order_of(session, visit).status is W.COMPLETED


class TestClocks:
    def test_respond_is_met_by_a_plan(self, session: Session) -> None:
        visit = promised(session)
        at = after(session, minutes=20)
        service.set_visit_status(session, visit, V.SCHEDULED)
        respond = clock_of(session, visit, ClockKind.RESPOND)
        assert respond.met_at == at
        assert not respond.breached

    def test_arrive_is_met_on_site_and_breached_when_late(self, session: Session) -> None:
        visit = walk(session, promised(session), V.EN_ROUTE)
        at = after(session, hours=5)
        service.set_visit_status(session, visit, V.ON_SITE)
        arrive = clock_of(session, visit, ClockKind.ARRIVE)
        assert arrive.met_at == at
        assert arrive.breached

    def test_resolve_is_met_by_the_end_of_the_order(self, session: Session) -> None:
        visit = walk(session, promised(session), V.IN_PROGRESS)
        at = after(session, hours=6)
        service.set_visit_status(session, visit, V.COMPLETED)
        assert clock_of(session, visit, ClockKind.RESOLVE).met_at == at
        assert order_of(session, visit).completed_at == at

    def test_resolve_goes_on_over_an_incomplete_visit(self, session: Session) -> None:
        visit = walk(session, promised(session), V.INCOMPLETE)
        assert clock_of(session, visit, ClockKind.RESOLVE).met_at is None


class TestParts:
    def test_reserved_are_used_by_the_visit_that_completes(self, session: Session) -> None:
        part = make_part(session)
        stock = make_stock(session, part, quantity=3)
        visit = make_visit(
            session, work_type=make_work_type(session, parts=[{"number": part.number}])
        )
        walk(session, visit, V.COMPLETED)
        [reserved] = list_reserved_parts(session, visit.work_order_id)
        assert reserved.reservation.status is ReservationStatus.USED
        assert reserved.reservation.visit_id == visit.id
        assert stock.quantity == 2

    def test_used_are_taken_from_the_reservation_first_then_from_the_van(
        self, session: Session
    ) -> None:
        technician = make_technician(session)
        part = make_part(session)
        make_stock(session, part, quantity=2)
        van = make_stock(session, part, technician, quantity=4)
        visit = make_visit(
            session,
            status=V.IN_PROGRESS,
            work_type=make_work_type(session, parts=[{"number": part.number, "quantity": 2}]),
        )
        used = service.use_part(
            session, visit, number=part.number, quantity=3, technician_id=technician.id
        )
        assert [row.quantity for row in used] == [2, 1]
        assert van.quantity == 3

    def test_used_fewer_than_reserved_leave_the_rest_reserved(self, session: Session) -> None:
        technician = make_technician(session)
        part = make_part(session)
        make_stock(session, part)
        visit = make_visit(
            session,
            status=V.IN_PROGRESS,
            work_type=make_work_type(session, parts=[{"number": part.number, "quantity": 3}]),
        )
        service.use_part(
            session, visit, number=part.number, quantity=1, technician_id=technician.id
        )
        rows = [r.reservation for r in list_reserved_parts(session, visit.work_order_id)]
        assert {(row.status, row.quantity) for row in rows} == {
            (ReservationStatus.RESERVED, 2),
            (ReservationStatus.USED, 1),
        }

    def test_missing_from_the_van_are_refused(self, session: Session) -> None:
        part = make_part(session)
        visit = make_visit(session, status=V.IN_PROGRESS)
        with pytest.raises(Conflict) as refused:
            service.use_part(
                session,
                visit,
                number=part.number,
                quantity=1,
                technician_id=make_technician(session).id,
            )
        assert refused.value.code == "stock_short"
