"""MQTT packets: what is sent can be read, cut anywhere, and garbage is refused."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.ingest import packets


def stream() -> bytes:
    return (
        packets.publish(b"a/b", b"x" * 200, 0)
        + packets.subscribe(["a/ack", "b"], qos=1)
        + packets.connect(
            "me", ("user", "secret"), keepalive_seconds=60, clean=True, will=("a/status", b"off")
        )
        + packets.puback(7)
        + packets.PING
    )


class TestParser:
    def test_packets_cut_anywhere_come_out_whole(self) -> None:
        whole = stream()
        for cut in range(1, len(whole)):
            parser = packets.Parser()
            found = [*parser.feed(whole[:cut]), *parser.feed(whole[cut:])]
            assert [kind for kind, _, _ in found] == [packets.PUBLISH, 8, 1, packets.PUBACK, 12]
            assert packets.published(*found[0][1:]) == ("a/b", 1, b"x" * 200)
            assert found[3][2] == b"\x00\x07"

    def test_a_length_that_never_ends_is_refused(self) -> None:
        with pytest.raises(packets.MalformedError):
            list(packets.Parser().feed(b"\x30\xff\xff\xff\xff\x01"))

    @given(st.binary(max_size=300))
    def test_what_comes_out_of_any_bytes_was_in_them(self, data: bytes) -> None:
        found = []
        with contextlib.suppress(packets.MalformedError):
            for kind, flags, body in packets.Parser().feed(data):
                found.append(bytes((kind << 4 | flags,)) + body)
                if kind == packets.PUBLISH:
                    topic, _, payload = packets.published(flags, body)
                    assert topic.encode() in body
                    assert body.endswith(payload)
        assert sum(map(len, found)) <= len(data)
        assert all(packet[1:] in data for packet in found)


class TestPublished:
    def test_a_message_without_acknowledgement_has_no_id(self) -> None:
        ((_, flags, body),) = packets.Parser().feed(packets.publish(b"a/b", b"{}"))
        assert packets.published(flags, body) == ("a/b", 0, b"{}")

    @pytest.mark.parametrize("body", [b"", b"\x00", b"\x00\x05ab", b"\x00\x02\xff\xfe\x00\x01"])
    def test_a_broken_head_is_refused(self, body: bytes) -> None:
        with pytest.raises(packets.MalformedError):
            packets.published(0x02, body)
