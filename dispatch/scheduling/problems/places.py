"""Numbering places and counting time the way the optimizer does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dispatch.travel.times import Matrix, travel_times
from kernel.geo import Point
from optimizer.problem import Travel


class Places:
    """Every place once, by its number; those of `before` keep theirs."""

    def __init__(self, before: "Places | None" = None) -> None:
        self.points: list[Point] = [] if before is None else list(before.points)
        self._numbers = {point: number for number, point in enumerate(self.points)}
        self._travel: Travel | None = None if before is None else before._travel
        self._matrix: Matrix | None = None if before is None else before._matrix
        self.estimated = 0
        """Pairs of the last matrix for which a road network should have spoken and did not."""

    def number(self, point: Point) -> int:
        if point not in self._numbers:
            self._numbers[point] = len(self.points)
            self.points.append(point)
        return self._numbers[point]

    def travel(self) -> Travel:
        found = travel_times().matrix(self.points, self._matrix)
        self.estimated = found.estimated
        if self._travel is None or found is not self._matrix:
            self._travel = Travel(found.seconds)
            self._matrix = replace(found, seconds=self._travel.seconds)
        return self._travel


class Epoch:
    """Seconds from the start of the horizon, which lies on a whole minute."""

    def __init__(self, start: datetime) -> None:
        self.at = -(-int(start.timestamp()) // 60) * 60

    def seconds(self, at: datetime) -> int:
        return int(at.timestamp()) - self.at

    def seconds_up(self, at: datetime) -> int:
        """Rounded up to the whole minute."""
        return -(-self.seconds(at) // 60) * 60

    def time(self, seconds: int) -> datetime:
        return datetime.fromtimestamp(self.at, UTC) + timedelta(seconds=seconds)
