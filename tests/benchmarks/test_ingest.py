"""The bench of ingest says which floor is broken."""

from argparse import Namespace

from benchmarks.ingest.__main__ import NEVER, _broken, _crossings

GOOD = {"messages_per_s": 6000, "crossed": 1000, **dict.fromkeys(NEVER, 0)}


class TestFloors:
    def test_a_good_run_breaks_none(self) -> None:
        assert _broken({"steady": GOOD, "killed": GOOD | {"messages_per_s": 100}}) == []

    def test_slowness_loss_and_repetition_break_theirs(self) -> None:
        bad = GOOD | {"messages_per_s": 4999, "lost": 1, "duplicates": 2}
        assert _broken({"steady": bad}) == [
            "steady: 4999 messages/s, not 5000",
            "steady: 1 lost",
            "steady: 2 duplicates",
        ]

    def test_each_crossing_is_one_alert_and_without_crossings_nothing_is_proved(self) -> None:
        assert _broken({"killed": GOOD | {"missing_alerts": 1, "duplicate_alerts": 2}}) == [
            "killed: 1 missing_alerts",
            "killed: 2 duplicate_alerts",
        ]
        (complaint,) = _broken({"killed": GOOD | {"crossed": 0}})
        assert "not proved" in complaint


class TestCrossings:
    def test_lie_around_both_kills(self) -> None:
        found = _crossings(Namespace(seconds=30.0, connections=1000))
        assert len(found) == 1000
        assert all(-1 <= at - kill <= 3 for at, kill in zip(found, [10, 20] * 500, strict=True))
