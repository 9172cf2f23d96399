"""I1 to I6 in one history: what clients were told against what the database holds."""

from pathlib import Path

from benchmarks.invariants.history import attack


def test_the_log_and_the_database_agree(tmp_path: Path) -> None:
    found = attack(tmp_path, operations=80, hurried=True)
    assert not found.violations, found.violations
    assert found.figures["ok"] > 10
