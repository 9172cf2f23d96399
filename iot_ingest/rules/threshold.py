"""A limit, and the second limit at which it is quiet again."""

from dataclasses import dataclass
from enum import StrEnum


class Op(StrEnum):
    ABOVE = "gt"
    AT_LEAST = "ge"
    BELOW = "lt"
    AT_MOST = "le"

    @property
    def upwards(self) -> bool:
        return self in {Op.ABOVE, Op.AT_LEAST}


@dataclass(frozen=True, slots=True)
class Threshold:
    """`clear` lies on the quiet side of `limit`; between the two a firing rule keeps firing."""

    op: Op
    limit: float
    clear: float

    def __post_init__(self) -> None:
        if self.op.upwards and self.clear > self.limit:
            raise ValueError("The clear threshold of an upper limit lies at or below it.")
        if not self.op.upwards and self.clear < self.limit:
            raise ValueError("The clear threshold of a lower limit lies at or above it.")

    def is_beyond(self, value: float) -> bool:
        match self.op:
            case Op.ABOVE:
                return value > self.limit
            case Op.AT_LEAST:
                return value >= self.limit
            case Op.BELOW:
                return value < self.limit
            case Op.AT_MOST:
                return value <= self.limit

    def is_quiet(self, value: float) -> bool:
        """Past the clear threshold, and not beyond the limit where the two are equal."""
        if self.is_beyond(value):
            return False
        return value <= self.clear if self.op.upwards else value >= self.clear
