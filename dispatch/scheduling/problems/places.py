"""Numbering places and counting time the way the optimizer does."""

from datetime import UTC, datetime, timedelta

from dispatch.travel.times import travel_times
from kernel.geo import Point
from optimizer.problem import Travel


class Places:
    """Every place once, by its number."""

    def __init__(self) -> None:
        self.points: list[Point] = []
        self._numbers: dict[Point, int] = {}
        self.estimated = 0
        """Pairs of the last matrix for which a road network should have spoken and did not."""

    def number(self, point: Point) -> int:
        if point not in self._numbers:
            self._numbers[point] = len(self.points)
            self.points.append(point)
        return self._numbers[point]

    def travel(self) -> Travel:
        found = travel_times().matrix(self.points)
        self.estimated = found.estimated
        return Travel(found.seconds)


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
