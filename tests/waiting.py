"""Waiting for what other threads and processes do."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PAUSE_SECONDS = 0.05


def eventually(asked: Callable[[], T], seconds: float = 40.0) -> T:
    """The first answer that is true; the last one when the time is over."""
    deadline = time.monotonic() + seconds
    while not (answer := asked()) and time.monotonic() < deadline:
        time.sleep(PAUSE_SECONDS)  # lint: allow sleep-in-test: others work meanwhile
    return answer
