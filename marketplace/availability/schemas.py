"""Shapes of weekly hours."""

from datetime import time
from typing import Self

from pydantic import Field, model_validator

from kernel.http import RequestSchema, Schema


class WeeklyHoursIn(RequestSchema):
    """`weekday` 0 is Monday; times are local."""

    weekday: int = Field(ge=0, le=6)
    opens: time
    closes: time

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.opens.tzinfo or self.closes.tzinfo:
            raise ValueError("times are local and carry no offset")
        if self.closes <= self.opens:
            raise ValueError("closes after it opens")
        return self


class WeeklyHoursOut(Schema):
    weekday: int
    opens: time
    closes: time
