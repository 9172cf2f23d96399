"""The table of an alert's moves, and the rules around them."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from iot_ingest.alerts.lifecycle import (
    ALERT,
    AlertStatus,
    answer_wait,
    delay_cost_cents_per_day,
    may_be_ignored,
    may_clear_itself,
    opens_at_once,
    priority_of,
)
from iot_ingest.rules.lifecycle import Danger, Severity
from kernel.errors import Conflict

S = AlertStatus
LEGAL = {
    (S.ACTIVE, S.ACKNOWLEDGED),
    (S.ACTIVE, S.SNOOZED),
    (S.ACTIVE, S.CLEARED),
    (S.ACKNOWLEDGED, S.ACTIVE),
    (S.ACKNOWLEDGED, S.SNOOZED),
    (S.ACKNOWLEDGED, S.CLEARED),
    (S.SNOOZED, S.ACTIVE),
    (S.SNOOZED, S.ACKNOWLEDGED),
    (S.SNOOZED, S.CLEARED),
}
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class TestMoves:
    @pytest.mark.parametrize(("frm", "to"), list(product(S, S)))
    def test_only_the_listed_moves_are_legal(self, frm: S, to: S) -> None:
        if (frm, to) in LEGAL:
            ALERT.check(frm, to)
        else:
            with pytest.raises(Conflict):
                ALERT.check(frm, to)

    def test_a_cleared_alert_never_reopens(self) -> None:
        assert ALERT.is_final(S.CLEARED)


class TestRules:
    @pytest.mark.parametrize("danger", [Danger.GAS, Danger.CO, Danger.ELECTRICAL])
    def test_danger_opens_at_once_and_cannot_be_ignored_or_end_by_itself(
        self, danger: Danger
    ) -> None:
        assert opens_at_once(Severity.INFO, danger)
        assert not may_be_ignored(danger)
        assert not may_clear_itself(danger, has_work_order=False)
        assert priority_of(Severity.INFO, danger) == 5
        assert answer_wait(danger, 240, timedelta(days=1)) == timedelta(minutes=15)

    def test_half_of_the_time_is_kept_for_the_visit(self) -> None:
        hours = timedelta(hours=1)
        assert answer_wait(Danger.NONE, 240, 24 * hours) == 4 * hours
        assert answer_wait(Danger.NONE, 240, 3 * hours) == 1.5 * hours
        assert answer_wait(Danger.NONE, 240, -hours) == hours / 4

    def test_all_that_is_tried_before_the_default_fits_into_the_other_half(self) -> None:
        hours = timedelta(hours=1)
        assert answer_wait(Danger.NONE, 240, 24 * hours, waits=2.0) == 4 * hours
        assert answer_wait(Danger.NONE, 240, 8 * hours, waits=2.0) == 2 * hours

    def test_without_danger_only_critical_faults_open_at_once(self) -> None:
        assert opens_at_once(Severity.CRITICAL, Danger.NONE)
        assert not opens_at_once(Severity.WARNING, Danger.NONE)
        assert may_clear_itself(Danger.NONE, has_work_order=False)
        assert not may_clear_itself(Danger.NONE, has_work_order=True)

    def test_waiting_costs_more_for_critical_assets(self) -> None:
        assert delay_cost_cents_per_day(Severity.CRITICAL, 5) == 25_000
        assert delay_cost_cents_per_day(Severity.INFO, 1) == 200
