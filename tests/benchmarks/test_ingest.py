"""The bench of ingest speaks MQTT, and says which floor is broken."""

from benchmarks.ingest import packets
from benchmarks.ingest.__main__ import _broken

GOOD = {"messages_per_s": 6000, "lost": 0, "duplicates": 0}


class TestParser:
    def test_packets_cut_anywhere_come_out_whole(self) -> None:
        stream = (
            packets.publish(b"a/b", 0, b"x" * 200)
            + packets.subscribe("a/ack")
            + packets.connect("me", ("user", "secret"))
        )
        for cut in range(1, len(stream)):
            parser = packets.Parser()
            found = [*parser.feed(stream[:cut]), *parser.feed(stream[cut:])]
            assert [kind for kind, _ in found] == [packets.PUBLISH, 8, 1]
            assert found[0][1] == b"\x00\x03a/b\x00\x01" + b"x" * 200

    def test_the_payload_of_a_message_without_acknowledgement(self) -> None:
        assert packets.payload_of(b"\x00\x03a/b{}") == b"{}"


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
