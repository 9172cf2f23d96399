"""What `firstfix model train` reads."""

from pathlib import Path

import pytest
import typer

from server.commands.model import read_lives


class TestReadLives:
    def test_gives_cycles_in_order_by_machine(self, tmp_path: Path) -> None:
        lines = ["machine,cycle,heat,noise"]
        lines += [f"m{machine},{cycle},{cycle},7" for cycle in (2, 1) for machine in range(5)]
        path = tmp_path / "lives.csv"
        path.write_text("\n".join(lines))
        metrics, lives = read_lives(path)
        assert metrics == ["heat", "noise"]
        assert [life.cycles.tolist() for life in lives] == [[[1.0, 7.0], [2.0, 7.0]]] * 5

    def test_names_the_line_that_is_wrong(self, tmp_path: Path) -> None:
        path = tmp_path / "lives.csv"
        path.write_text("machine,cycle,heat\nm1,1,warm\n")
        with pytest.raises(typer.BadParameter, match="line 2"):
            read_lives(path)
