"""The bench of ingest says which floor is broken."""

from benchmarks.ingest.__main__ import _broken

GOOD = {"messages_per_s": 6000, "lost": 0, "duplicates": 0}


class TestFloors:
    def test_a_good_run_breaks_none(self) -> None:
        assert _broken({"steady": GOOD, "killed": GOOD | {"messages_per_s": 100}}) == []

    def test_slowness_loss_and_repetition_break_theirs(self) -> None:
        bad = {"messages_per_s": 4999, "lost": 1, "duplicates": 2}
        assert _broken({"steady": bad}) == [
            "steady: 4999 messages/s, not 5000",
            "steady: 1 lost",
            "steady: 2 duplicates",
        ]
