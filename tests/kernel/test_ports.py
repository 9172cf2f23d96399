"""Ports are wired from outside, and for a while by tests."""

import pytest

from kernel.ports import Port


class TestPort:
    def test_gives_what_was_wired_last(self) -> None:
        port: Port[str] = Port("test.port")
        port.wire("first")
        port.wire("second")
        assert port() == "second"

    def test_says_its_name_when_nothing_is_wired(self) -> None:
        port: Port[str] = Port("test.port")
        with pytest.raises(RuntimeError, match=r"test\.port"):
            port()

    def test_goes_back_after_a_while(self) -> None:
        port: Port[str] = Port("test.port")
        port.wire("first")
        with port.wired("other"):
            assert port() == "other"
        assert port() == "first"
