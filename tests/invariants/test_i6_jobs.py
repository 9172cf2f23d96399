"""I6 and I7: each event takes effect once and each tick fires once, whatever is killed."""

from pathlib import Path

from benchmarks.invariants.jobs import FAILPOINTS, attack


def test_jobs_survive_kills_everywhere(tmp_path: Path) -> None:
    found = attack(tmp_path, events=200, hurried=True)
    assert not found.violations, found.violations
    assert [found.figures[f"bit {point}"] for point in FAILPOINTS] == [1.0] * len(FAILPOINTS)
    assert found.figures["ticks"] > 10
