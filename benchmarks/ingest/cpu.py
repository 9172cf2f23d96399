"""How much processor time each part took: what others on the machine do changes it little."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import psutil


class Meter:
    """Processor seconds of named groups of processes since it was made."""

    def __init__(self, pids: Mapping[str, Sequence[int]]) -> None:
        self._pids = pids
        self._before = self._seconds()

    def us_each(self, messages: int) -> dict[str, float]:
        """Microseconds a message, by name."""
        return {
            name: round(1e6 * (seconds - self._before[name]) / max(1, messages), 1)
            for name, seconds in self._seconds().items()
        }

    def _seconds(self) -> dict[str, float]:
        return {name: sum(map(_seconds_of, pids)) for name, pids in self._pids.items()}


def _seconds_of(pid: int) -> float:
    """Of the process, its children and those of them that have ended; 0 when it is gone."""
    try:
        process = psutil.Process(pid)
        times = process.cpu_times()
        ended = times.children_user + times.children_system
        living = sum(_seconds_of(child.pid) for child in process.children())
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system + ended + living)
