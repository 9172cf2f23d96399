"""When visits go out by themselves."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from dispatch.scheduling.moves.service import move
from dispatch.scheduling.policies.lifecycle import DispatchMode
from dispatch.scheduling.policies.service import dispatch, dispatch_due
from dispatch.work_orders.lifecycle import VisitStatus
from kernel import clock
from kernel.errors import Conflict
from tests.factories.scheduling import (
    MONDAY,
    Town,
    make_planned,
    make_town,
    make_waiting,
    use_rules,
)

V = VisitStatus
HOUR = timedelta(hours=1)


def use(session: Session, town: Town, mode: DispatchMode) -> None:
    use_rules(session, town.territory, mode=mode, lead_minutes=60)


class TestDispatch:
    def test_refuses_what_nobody_has(self, session: Session) -> None:
        town = make_town(session)
        visit = make_waiting(session, town)
        with pytest.raises(Conflict) as refusal:
            dispatch(session, visit.id)
        assert refusal.value.code == "nobody_assigned"


class TestDispatchDue:
    def test_sends_out_two_hours_ahead_when_nothing_is_set(self, session: Session) -> None:
        town = make_town(session)
        soon, _ = make_planned(session, town, town.first, MONDAY + 2 * HOUR)
        later, _ = make_planned(session, town, town.first, MONDAY + 4 * HOUR)
        dispatch_due(session)
        assert (soon.status, later.status) == (V.DISPATCHED, V.SCHEDULED)

    def test_counts_the_lead_from_when_the_trip_begins(self, session: Session) -> None:
        town = make_town(session)
        use(session, town, DispatchMode.LEAD_TIME)
        visit, row = make_planned(session, town, town.first, MONDAY + 1.3 * HOUR, east=0.2)
        assert row.travel_seconds > 20 * 60
        dispatch_due(session)
        assert visit.status is V.DISPATCHED

    def test_sends_tomorrow_out_the_day_before(self, session: Session) -> None:
        town = make_town(session)
        use(session, town, DispatchMode.DAY_BEFORE)
        tomorrow, _ = make_planned(session, town, town.first, MONDAY + 26 * HOUR)
        after, _ = make_planned(session, town, town.first, MONDAY + 50 * HOUR)
        dispatch_due(session)
        assert (tomorrow.status, after.status) == (V.DISPATCHED, V.SCHEDULED)

    def test_drips_one_after_the_other(self, session: Session) -> None:
        town = make_town(session)
        use(session, town, DispatchMode.DRIP)
        first, _ = make_planned(session, town, town.first, MONDAY + HOUR)
        second, _ = make_planned(session, town, town.first, MONDAY + 3 * HOUR)
        dispatch_due(session)
        dispatch_due(session)
        assert (first.status, second.status) == (V.DISPATCHED, V.SCHEDULED)
        for to in (V.EN_ROUTE, V.ON_SITE, V.IN_PROGRESS, V.COMPLETED):
            move(session, first.id, to)
        dispatch_due(session)
        assert second.status is V.DISPATCHED

    def test_waits_for_prerequisites(self, session: Session) -> None:
        town = make_town(session, prerequisites=[{"kind": "permit", "title": "Permit"}])
        visit, _ = make_planned(session, town, town.first, MONDAY + HOUR)
        dispatch_due(session)
        assert visit.status is V.SCHEDULED

    def test_sends_nothing_early(self, session: Session) -> None:
        town = make_town(session)
        visit, _ = make_planned(session, town, town.first, MONDAY + 4 * HOUR)
        dispatch_due(session)
        clock.freeze(session, MONDAY + 2.5 * HOUR)
        before = visit.status
        dispatch_due(session)
        assert (before, visit.status) == (V.SCHEDULED, V.DISPATCHED)
