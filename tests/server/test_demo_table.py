"""The closing table of the demonstration."""

import io
import re
from typing import Any

import pytest
from rich.console import Console

from server.demo.table import table_of, words_of, words_of_model
from server.demo.telling import telling

RESULT: dict[str, Any] = {
    "city": {},
    "visits": {"completed": 7},
    "work_orders": {},
    "offers": {},
    "races": 0,
    "sla_met_pct": None,
    "on_time_pct": 91.0,
    "travel_min_per_visit": None,
    "promises": "57 of 60 kept: 95.0 % (86.3 to 98.3)",
    "first_time_fix_pct": None,
    "alerts": {"repaired": 31, "remote_fixed": 12, "false_alarm": 6},
    "verdicts": {"true_fault": 43, "false_alarm": 6},
    "storms": {"calmed": 1},
    "models": [
        {
            "model": "filters@1",
            "is_at_work": True,
            "outcome": "promoted",
            "card": {"machines": 54, "rmse": 4.93, "floors": {"rmse": True}, "passes": True},
            "orders": [{}] * 12,
            "confirmed": 6,
            "refuted": 1,
        }
    ],
    "crowd": {
        "proofs run out": {"people": 1, "offers since": 0},
        "disputes": {},
        "pay changes": {"expense approved": 1, "expense asked": 1},
        "transfers": {"sent": 3},
        "taken by kind": {"computed": 30, "bundle": 6, "direct": 2},
        "stand-bys": {"ended": 2, "expired": 1},
        "proposals for one offer": {"1": 4, "2": 2, "3": 1},
    },
    "p95_ms": {"booking": 120.4, "accept": 90.0, "move": 0.0},
    "jobs_left": 0,
    "dead_letters": 0,
    "slowed": 2,
    "wall_s": 12.5,
    "invariants": {"overlaps": 0},
}


def printed(*, is_whole: bool) -> str:
    console = Console(file=io.StringIO(), width=100)
    console.print(table_of(RESULT, is_whole=is_whole))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


class TestTableOf:
    def test_of_a_whole_day_says_what_it_must_reach(self) -> None:
        assert "250" in printed(is_whole=True)
        assert re.search(r"faults confirmed\W+43\W+5\b", printed(is_whole=True))
        assert re.search(r"jobs taken in bundles\W+6\W+2\b", printed(is_whole=True))
        assert re.search(r"transfers sent\W+3\W+1\b", printed(is_whole=True))
        assert re.search(r"bargains of several proposals\W+3\W+1\b", printed(is_whole=True))
        assert "people 1, offers since -" in printed(is_whole=True)

    def test_tells_what_a_model_promised_and_kept(self) -> None:
        told = "promoted; machines 54, rmse 4.93; 12 orders, 6 confirmed, 1 refuted"
        assert words_of_model(RESULT["models"][0]) == told
        assert "filters@1" in printed(is_whole=False)

    def test_of_a_part_measures_it_by_nothing(self) -> None:
        table = printed(is_whole=False)
        assert "A part of a day" in table
        assert "250" not in table


class TestWordsOf:
    @pytest.mark.parametrize(
        ("figure", "unit", "words"),
        [
            (None, "", "-"),
            (91.0, "", "91.0"),
            ({}, "", "-"),
            (RESULT["alerts"], "", "repaired 31, remote_fixed 12, false_alarm 6"),
            (RESULT["p95_ms"], " ms", "booking 120, accept 90, move - ms"),
        ],
    )
    def test_are_for_people(self, figure: object, unit: str, words: str) -> None:
        assert words_of(figure, unit) == words


class TestTelling:
    def test_gives_plain_lines_where_there_is_no_terminal(self) -> None:
        console = Console(file=io.StringIO())
        with telling(console) as tell:
            for words in ("Devices", "Devices", "Shifts"):
                tell(words, None)
            tell("1 visit", 0.0)
            tell("2 visits", 0.2)
        assert isinstance(console.file, io.StringIO)
        lines = console.file.getvalue().splitlines()
        assert lines == ["      Devices", "      Shifts"]
