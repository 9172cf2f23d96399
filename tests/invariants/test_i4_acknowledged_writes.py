"""I4: what was acknowledged is there, though PostgreSQL was killed under load."""

from pathlib import Path

from benchmarks.invariants.crashes import attack
from server import registry


def test_no_acknowledged_write_is_lost(tmp_path: Path) -> None:
    registry.load()
    found = attack(tmp_path, writes=800, kills=2)
    assert found.violations == []
    assert found.figures["acknowledged"] >= 800
