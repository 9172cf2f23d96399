"""I1: no technician is ever in two places, whoever books, moves, swaps and cancels at once."""

from datetime import timedelta

import pytest

from benchmarks.invariants.schedule import make_arena, search
from benchmarks.invariants.storms import storm
from dispatch.scheduling.assignments.queries import assignments_by_visit
from dispatch.scheduling.changes.grouping import Change, Group, Place
from dispatch.scheduling.changes.service import apply_group
from dispatch.scheduling.staffing.service import assign
from dispatch.work_orders.models import Visit
from kernel.db import transaction
from tests.conftest import Database
from tests.factories.scheduling import MONDAY, make_town, make_waiting

pytestmark = pytest.mark.committed
HOUR = timedelta(hours=1)


class TestStorm:
    def test_leaves_no_overlap_and_no_deadlock(self, database: Database) -> None:
        found = storm(make_arena(), operations=384, threads=64)
        assert found.violations == []
        assert found.figures["ok"] > 20
        assert found.faults > 0


class TestRotation:
    @pytest.mark.parametrize("people", [2, 3])
    def test_visits_change_places_in_one_transaction(self, database: Database, people: int) -> None:
        with transaction("test") as session:
            town = make_town(session, people)
            visits = [make_waiting(session, town).id for _ in range(people)]
            for visit, technician in zip(visits, town.technicians, strict=True):
                assign(session, visit, [technician.id], MONDAY + HOUR, source="plan")
        with transaction("test") as session:
            rows = assignments_by_visit(session, visits)
            holders = [rows[visit][0].technician_id for visit in visits]
            after = [*holders[1:], *holders[:1]]
            changes = [
                Change(
                    visit,
                    session.get_one(Visit, visit).version,
                    frozenset({before}),
                    (Place(then, MONDAY + HOUR, MONDAY + 2 * HOUR, 0),),
                )
                for visit, before, then in zip(visits, holders, after, strict=True)
            ]
            outcome = apply_group(session, Group(set(holders), changes), visits[0])
        assert outcome.left == {}
        with transaction("test") as session:
            rows = assignments_by_visit(session, visits)
            assert [rows[visit][0].technician_id for visit in visits] == after
        assert search() == []
