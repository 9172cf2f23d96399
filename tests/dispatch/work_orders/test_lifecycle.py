"""The tables of moves and the roll-up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.work_orders.lifecycle import (
    AT_WORK_VISITS,
    CORRECTIONS,
    ENDED_VISITS,
    OPEN_VISITS,
    OPEN_WORK_ORDERS,
    PLANNED_VISITS,
    RUNNING_VISITS,
    VISIT,
    WAITING_VISITS,
    WORK_ORDER,
    VisitStatus,
    WorkOrderStatus,
    after_hold,
    is_correction,
    roll_up,
)
from kernel.errors import Conflict

V = VisitStatus
W = WorkOrderStatus
visits = st.lists(st.sampled_from(VisitStatus), max_size=6)


class TestVisit:
    @pytest.mark.parametrize(
        ("frm", "to"),
        [
            (V.UNSCHEDULED, V.SCHEDULED),
            (V.SCHEDULED, V.DISPATCHED),
            (V.DISPATCHED, V.ACCEPTED),
            (V.DISPATCHED, V.EN_ROUTE),
            (V.ACCEPTED, V.EN_ROUTE),
            (V.EN_ROUTE, V.ON_SITE),
            (V.ON_SITE, V.IN_PROGRESS),
            (V.IN_PROGRESS, V.PAUSED),
            (V.PAUSED, V.IN_PROGRESS),
            (V.IN_PROGRESS, V.COMPLETED),
            (V.IN_PROGRESS, V.INCOMPLETE),
            (V.ON_SITE, V.INCOMPLETE),
            (V.SCHEDULED, V.UNSCHEDULED),
            (V.DISPATCHED, V.UNSCHEDULED),
            (V.ACCEPTED, V.UNSCHEDULED),
            (V.DISPATCHED, V.SCHEDULED),
            (V.EN_ROUTE, V.SCHEDULED),
            (V.EN_ROUTE, V.UNSCHEDULED),
        ],
    )
    def test_moves_as_the_glossary_says(self, frm: VisitStatus, to: VisitStatus) -> None:
        assert VISIT.allows(frm, to)

    @pytest.mark.parametrize(
        ("frm", "to"),
        [
            (V.UNSCHEDULED, V.DISPATCHED),
            (V.UNSCHEDULED, V.IN_PROGRESS),
            (V.SCHEDULED, V.COMPLETED),
            (V.COMPLETED, V.UNSCHEDULED),
            (V.COMPLETED, V.CANCELLED),
            (V.INCOMPLETE, V.COMPLETED),
            (V.IN_PROGRESS, V.UNSCHEDULED),
            (V.PAUSED, V.UNSCHEDULED),
        ],
    )
    def test_refuses_other_moves(self, frm: VisitStatus, to: VisitStatus) -> None:
        with pytest.raises(Conflict):
            VISIT.check(frm, to)

    def test_can_be_cancelled_while_open_only(self) -> None:
        assert {s for s in V if VISIT.allows(s, V.CANCELLED)} == OPEN_VISITS

    def test_never_leaves_cancelled(self) -> None:
        assert VISIT.is_final(V.CANCELLED)

    def test_lists_every_correction_as_a_move(self) -> None:
        assert all(VISIT.allows(frm, to) for frm, to in CORRECTIONS)

    def test_leaves_an_ended_state_by_correction_only(self) -> None:
        ways_out = {(f, t) for f, t in VISIT.pairs() if f in ENDED_VISITS}
        assert ways_out
        assert all(is_correction(f, t) for f, t in ways_out)

    def test_groups_cover_every_state_once(self) -> None:
        groups = [WAITING_VISITS, PLANNED_VISITS, RUNNING_VISITS, ENDED_VISITS]
        assert sum(len(group) for group in groups) == len(V)
        assert frozenset().union(*groups) == set(V)


class TestWorkOrder:
    @pytest.mark.parametrize(
        ("frm", "to"),
        [
            (W.NEW, W.OPEN),
            (W.OPEN, W.SCHEDULED),
            (W.SCHEDULED, W.IN_PROGRESS),
            (W.IN_PROGRESS, W.COMPLETED),
            (W.COMPLETED, W.REVIEWED),
            (W.REVIEWED, W.CLOSED),
            (W.SCHEDULED, W.OPEN),
            (W.OPEN, W.COMPLETED),
            (W.IN_PROGRESS, W.OPEN),
        ],
    )
    def test_moves_as_the_glossary_says(self, frm: WorkOrderStatus, to: WorkOrderStatus) -> None:
        assert WORK_ORDER.allows(frm, to)

    def test_can_be_cancelled_while_open_only(self) -> None:
        assert {s for s in W if WORK_ORDER.allows(s, W.CANCELLED)} == OPEN_WORK_ORDERS

    @pytest.mark.parametrize("state", [W.NEW, W.OPEN, W.SCHEDULED, W.IN_PROGRESS])
    def test_goes_on_hold_and_back(self, state: WorkOrderStatus) -> None:
        assert WORK_ORDER.allows(state, W.ON_HOLD)
        assert WORK_ORDER.allows(W.ON_HOLD, state)

    @pytest.mark.parametrize("state", [W.CLOSED, W.CANCELLED])
    def test_ends(self, state: WorkOrderStatus) -> None:
        assert WORK_ORDER.is_final(state)

    @pytest.mark.parametrize("state", [W.REVIEWED, W.CLOSED, W.CANCELLED])
    def test_does_not_reopen_what_is_settled(self, state: WorkOrderStatus) -> None:
        assert not {W.OPEN, W.IN_PROGRESS, W.SCHEDULED}.intersection(WORK_ORDER.moves_from(state))


class TestRollUp:
    @given(visits)
    def test_is_in_progress_exactly_while_somebody_is_at_work(self, states: list[V]) -> None:
        assert (roll_up(states) is W.IN_PROGRESS) == bool(AT_WORK_VISITS.intersection(states))

    @given(visits)
    def test_ends_exactly_when_no_visit_is_open_and_none_needs_a_follow_up(
        self, states: list[V]
    ) -> None:
        worked = [s for s in states if s is not V.CANCELLED]
        ended = bool(states) and not OPEN_VISITS.intersection(states)
        needs_more = bool(worked) and worked[-1] is V.INCOMPLETE
        assert (roll_up(states) in {W.COMPLETED, W.CANCELLED}) == (ended and not needs_more)

    @given(visits)
    def test_is_completed_only_with_a_completed_visit(self, states: list[V]) -> None:
        if roll_up(states) is W.COMPLETED:
            assert V.COMPLETED in states

    @given(visits)
    def test_ignores_cancelled_visits_beside_others(self, states: list[V]) -> None:
        others = [s for s in states if s is not V.CANCELLED]
        if others:
            assert roll_up(states) is roll_up(others)

    @given(visits)
    def test_gives_a_state_that_visits_decide(self, states: list[V]) -> None:
        decided = {W.OPEN, W.SCHEDULED, W.IN_PROGRESS, W.COMPLETED, W.CANCELLED}
        assert roll_up(states) in decided

    @given(st.permutations([V.SCHEDULED, V.COMPLETED, V.CANCELLED, V.UNSCHEDULED]))
    def test_does_not_look_at_the_order_of_open_visits(self, states: list[V]) -> None:
        assert roll_up(states) is W.SCHEDULED

    @given(visits, st.data())
    def test_follows_each_legal_move_of_a_visit_by_a_legal_move_of_the_order(
        self, states: list[V], data: st.DataObject
    ) -> None:
        movable = [i for i, s in enumerate(states) if VISIT.moves_from(s)]
        before = roll_up(states)
        if not movable or before is W.CANCELLED:
            return
        index = data.draw(st.sampled_from(movable))
        to = data.draw(st.sampled_from(VISIT.moves_from(states[index])))
        after = list(states)
        after[index] = to
        if to is V.INCOMPLETE:
            after.append(V.UNSCHEDULED)
        if states[index] is V.INCOMPLETE:
            after = [
                V.CANCELLED if i > index and s is V.UNSCHEDULED else s for i, s in enumerate(after)
            ]
        rolled = roll_up(after)
        assert rolled is before or WORK_ORDER.allows(before, rolled)

    def test_of_nothing_is_open(self) -> None:
        assert roll_up([]) is W.OPEN

    def test_of_an_incomplete_visit_and_its_completed_follow_up_is_completed(self) -> None:
        assert roll_up([V.INCOMPLETE, V.COMPLETED]) is W.COMPLETED

    def test_of_an_incomplete_visit_whose_follow_up_was_cancelled_is_open(self) -> None:
        assert roll_up([V.INCOMPLETE, V.CANCELLED]) is W.OPEN


class TestAfterHold:
    @given(st.sampled_from([W.OPEN, W.SCHEDULED, W.IN_PROGRESS]))
    def test_goes_where_the_visits_are(self, rolled: WorkOrderStatus) -> None:
        assert after_hold(W.OPEN, rolled) is rolled

    def test_keeps_a_new_order_new(self) -> None:
        assert after_hold(W.NEW, W.OPEN) is W.NEW
