"""What `firstfix model train` reads."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from server.commands.model import read_lives, run


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

    def test_a_row_that_is_too_short_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "lives.csv"
        path.write_text("machine,cycle,heat\nm1,1,7\nm1,2\n")
        with pytest.raises(typer.BadParameter, match="line 3"):
            read_lives(path)


class TestTrain:
    """What cannot be learned from says what to do, before anything is connected or kept."""

    def said(self, *words: str, name: str = "wear") -> tuple[int, str]:
        app = typer.Typer()
        app.command()(run)
        found = CliRunner().invoke(app, ["train", name, *words])
        return found.exit_code, " ".join(found.output.replace("│", " ").split())

    def test_a_name_with_a_number(self) -> None:
        code, text = self.said("--asset-model", "P-7", "--metric", "heat", name="wear@3")
        assert code == 2
        assert "Leave the number out of the name" in text

    def test_a_file_that_is_not_there(self) -> None:
        code, text = self.said("--lives", "missing.csv")
        assert code == 2
        assert "does not exist" in text

    def test_lives_from_a_file_are_of_one_kind(self, tmp_path: Path) -> None:
        path = tmp_path / "lives.csv"
        path.write_text("machine,cycle,heat\n")
        code, text = self.said("--lives", str(path), "--kind", "failures")
        assert code == 2
        assert "leave --kind out" in text
