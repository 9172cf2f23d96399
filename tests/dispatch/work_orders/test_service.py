"""The business actions on work orders."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.work_orders import queries, service, tasks
from dispatch.work_orders.clocks.queries import list_clocks
from dispatch.work_orders.lifecycle import VisitStatus, WorkOrderStatus
from dispatch.work_orders.models import WorkType
from kernel import clock
from kernel.audit import history
from kernel.errors import Conflict, Invalid, Stale
from kernel.events import EventRow
from tests.factories.parts import make_part, make_stock
from tests.factories.sla import make_policy
from tests.factories.work_orders import make_visit, make_work_order, make_work_type, walk

V = VisitStatus
W = WorkOrderStatus
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def names(session: Session) -> list[str]:
    return list(session.scalars(select(EventRow.name).order_by(EventRow.id)))


def with_clocks(session: Session, **over: int) -> WorkType:
    return make_work_type(session, sla_policy_id=make_policy(session, **over).id)


class TestEdit:
    def test_changes_reach_the_open_visits(self, session: Session) -> None:
        order = make_work_order(session)
        service.edit(session, order.id, {"due_at": MONDAY, "title": "Two boilers"})
        assert order.title == "Two boilers"
        assert queries.list_visits_of(session, order.id)[0].due_at == MONDAY

    def test_refuses_a_version_that_is_not_the_present_one(self, session: Session) -> None:
        order = make_work_order(session)
        with pytest.raises(Stale):
            service.edit(session, order.id, {"title": "x"}, seen_version=order.version + 1)

    def test_refuses_columns_that_have_an_action_of_their_own(self, session: Session) -> None:
        with pytest.raises(Invalid):
            service.edit(session, make_work_order(session).id, {"status": "closed"})

    def test_refuses_an_order_that_has_ended(self, session: Session) -> None:
        order = make_work_order(session)
        service.cancel(session, order.id, "called off")
        with pytest.raises(Conflict):
            service.edit(session, order.id, {"title": "x"})


class TestHold:
    def test_keeps_the_state_before_for_the_release(self, session: Session) -> None:
        visit = make_visit(session, status=V.SCHEDULED)
        order = service.hold(session, visit.work_order_id, "credit")
        assert (order.status, order.held_from, order.hold_reason) == (
            W.ON_HOLD, "scheduled", "credit",
        )  # fmt: skip
        service.release(session, order.id)
        assert order.status is W.SCHEDULED
        assert order.hold_reason is None

    def test_is_released_to_where_the_visits_went_meanwhile(self, session: Session) -> None:
        visit = make_visit(session, status=V.SCHEDULED)
        service.hold(session, visit.work_order_id, "credit")
        service.set_visit_status(session, visit, V.UNSCHEDULED)
        order = service.release(session, visit.work_order_id)
        assert order.status is W.OPEN

    def test_ends_by_itself_when_work_goes_on_all_the_same(self, session: Session) -> None:
        visit = make_visit(session, status=V.EN_ROUTE)
        order = service.hold(session, visit.work_order_id, "credit")
        service.set_visit_status(session, visit, V.ON_SITE)
        assert order.status is W.IN_PROGRESS

    def test_of_work_in_progress_stands_until_work_goes_on(self, session: Session) -> None:
        visit = make_visit(session, status=V.IN_PROGRESS)
        order = service.hold(session, visit.work_order_id, "weather")
        service.set_visit_status(session, visit, V.PAUSED)
        assert order.status is W.ON_HOLD
        service.set_visit_status(session, visit, V.COMPLETED)
        assert order.status is W.COMPLETED

    def test_ends_at_its_time(self, session: Session) -> None:
        clock.freeze(session, MONDAY)
        order = service.hold(session, make_work_order(session).id, "weather", MONDAY + HOUR)
        clock.freeze(session, MONDAY + HOUR)
        tasks.release_expired(session, tasks.HoldExpired(work_order_id=order.id))
        assert order.status is W.OPEN

    def test_that_was_prolonged_stands(self, session: Session) -> None:
        clock.freeze(session, MONDAY)
        order = service.hold(session, make_work_order(session).id, "weather", MONDAY + HOUR)
        service.hold(session, order.id, "weather", MONDAY + 2 * HOUR)
        clock.freeze(session, MONDAY + HOUR)
        service.release_expired(session, order.id)
        assert order.status is W.ON_HOLD

    def test_refuses_an_end_in_the_past(self, session: Session) -> None:
        with pytest.raises(Invalid):
            service.hold(session, make_work_order(session).id, "x", MONDAY - 10_000 * HOUR)

    def test_refuses_an_order_that_has_ended(self, session: Session) -> None:
        visit = make_visit(session, status=V.COMPLETED)
        with pytest.raises(Conflict):
            service.hold(session, visit.work_order_id, "credit")


class TestCancel:
    def test_cancels_the_open_visits_and_says_so(self, session: Session) -> None:
        visit = make_visit(session, status=V.DISPATCHED)
        service.cancel(session, visit.work_order_id, "sold the house")
        assert visit.status is V.CANCELLED
        assert names(session)[-2:] == ["dispatch.VisitMoved", "dispatch.WorkOrderMoved"]
        assert history(session, visit.id)[-1].why == "sold the house"

    def test_gives_reserved_parts_back_and_stops_the_clocks(self, session: Session) -> None:
        part = make_part(session)
        stock = make_stock(session, part, quantity=4)
        work_type = make_work_type(
            session, parts=[{"number": part.number}], sla_policy_id=make_policy(session).id
        )
        order = make_work_order(session, work_type=work_type)
        service.cancel(session, order.id, "called off")
        assert stock.quantity == 4
        assert all(c.stopped for c in list_clocks(session, order.id))

    def test_leaves_finished_visits_alone(self, session: Session) -> None:
        visit = make_visit(session, status=V.INCOMPLETE)
        service.cancel(session, visit.work_order_id, "called off")
        states = [v.status for v in queries.list_visits_of(session, visit.work_order_id)]
        assert states == [V.INCOMPLETE, V.CANCELLED]

    def test_works_on_an_order_on_hold(self, session: Session) -> None:
        order = service.hold(session, make_work_order(session).id, "credit")
        assert service.cancel(session, order.id, "called off").status is W.CANCELLED

    def test_is_no_error_the_second_time(self, session: Session) -> None:
        order = service.cancel(session, make_work_order(session).id, "called off")
        version = order.version
        assert service.cancel(session, order.id, "again").version == version

    def test_refuses_a_completed_order(self, session: Session) -> None:
        visit = make_visit(session, status=V.COMPLETED)
        with pytest.raises(Conflict):
            service.cancel(session, visit.work_order_id, "too late")


class TestCompleteRemotely:
    def test_completes_without_a_stay(self, session: Session) -> None:
        order = make_work_order(session, work_type=with_clocks(session))
        service.complete_remotely(session, order.id, "restarted by phone")
        assert (order.status, order.outcome) == (W.COMPLETED, "restarted by phone")
        assert [v.status for v in queries.list_visits_of(session, order.id)] == [V.CANCELLED]
        assert all(c.met_at is not None for c in list_clocks(session, order.id))

    def test_refuses_while_somebody_is_at_work(self, session: Session) -> None:
        visit = make_visit(session, status=V.ON_SITE)
        with pytest.raises(Conflict) as refused:
            service.complete_remotely(session, visit.work_order_id, "done")
        assert refused.value.code == "work_in_progress"


class TestReview:
    def test_comes_before_closing(self, session: Session) -> None:
        visit = make_visit(session, status=V.COMPLETED)
        with pytest.raises(Conflict):
            service.close(session, visit.work_order_id)
        service.review(session, visit.work_order_id)
        assert service.close(session, visit.work_order_id).status is W.CLOSED


class TestOverridePriority:
    def test_lasts_until_its_end(self, session: Session) -> None:
        clock.freeze(session, MONDAY)
        order = make_work_order(session, priority=2)
        service.override_priority(session, order.id, 5, "school without heating", MONDAY + HOUR)
        [visit] = queries.list_visits_of(session, order.id)
        assert (order.priority, visit.priority) == (5, 5)
        clock.freeze(session, MONDAY + HOUR)
        tasks.restore_priority(session, tasks.PriorityExpired(work_order_id=order.id))
        assert (order.priority, visit.priority) == (2, 2)
        assert order.priority_reason is None

    def test_twice_goes_back_to_the_first(self, session: Session) -> None:
        clock.freeze(session, MONDAY)
        order = make_work_order(session, priority=2)
        service.override_priority(session, order.id, 4, "a", MONDAY + HOUR)
        service.override_priority(session, order.id, 5, "b", MONDAY + 2 * HOUR)
        clock.freeze(session, MONDAY + HOUR)
        service.restore_priority(session, order.id)
        assert order.priority == 5
        clock.freeze(session, MONDAY + 2 * HOUR)
        service.restore_priority(session, order.id)
        assert order.priority == 2

    def test_refuses_an_end_in_the_past(self, session: Session) -> None:
        order = make_work_order(session)
        with pytest.raises(Invalid):
            service.override_priority(session, order.id, 5, "x", MONDAY - 10_000 * HOUR)


class TestMarkAtRisk:
    def test_tells_once(self, session: Session) -> None:
        visit = make_visit(session, status=V.SCHEDULED)
        service.mark_at_risk(session, visit)
        service.mark_at_risk(session, visit)
        assert names(session).count("dispatch.VisitAtRisk") == 1

    def test_ends_with_the_visit(self, session: Session) -> None:
        visit = make_visit(session, status=V.SCHEDULED)
        service.mark_at_risk(session, visit)
        walk(session, visit, V.COMPLETED)
        assert not visit.at_risk


class TestEditVisit:
    def test_sets_what_a_visit_needs(self, session: Session) -> None:
        visit = make_visit(session)
        service.edit_visit(session, visit, {"window_start": MONDAY, "window_end": MONDAY + HOUR})
        assert visit.window_end == MONDAY + HOUR

    def test_refuses_the_status(self, session: Session) -> None:
        with pytest.raises(Invalid):
            service.edit_visit(session, make_visit(session), {"status": V.COMPLETED})
