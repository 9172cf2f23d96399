"""I17: no plan that breaks a rule is applied, and what is applied breaks none."""

import pytest
from sqlalchemy.orm import Session

from benchmarks.invariants.plans import MUTATIONS, Mutation, judge, make_busy_town, untouched


class TestMutants:
    @pytest.mark.parametrize("mutate", MUTATIONS)
    @pytest.mark.parametrize("seed", range(3))
    def test_a_plan_that_breaks_a_rule_changes_nothing(
        self, session: Session, mutate: Mutation, seed: int
    ) -> None:
        assert judge(session, make_busy_town(session, seed), mutate, seed) == []


class TestApplied:
    @pytest.mark.parametrize("seed", range(8))
    def test_what_is_applied_breaks_no_rule(self, session: Session, seed: int) -> None:
        assert judge(session, make_busy_town(session, 100 + seed), untouched, seed) == []
