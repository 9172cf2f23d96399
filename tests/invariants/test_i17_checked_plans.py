"""I17: the checker finds what is wrong with a plan, whoever made it."""

from benchmarks.invariants.checker import outcome


def test_plans_broken_on_purpose_are_caught() -> None:
    found = outcome(instances=60)
    assert found.violations == []
    assert found.faults > 500
