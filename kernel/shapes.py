"""What request and response shapes share: bounded field types, partial changes, pages."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar, Self, TypeVar

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints, model_validator

from kernel.clock import EARLIEST, LATEST
from kernel.http import Page, RequestSchema, Schema

S = TypeVar("S", bound=Schema)


def _within_reason(at: datetime) -> datetime:
    if not EARLIEST <= at < LATEST:
        raise ValueError("must lie between the years 2000 and 2200")
    return at.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_within_reason)]
"""A time with its offset; arithmetic with hours and days cannot overflow."""

Day = Annotated[date, Field(ge=EARLIEST.date(), lt=LATEST.date())]
"""A day of the calendar; as safe to reckon with."""

Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Line = Annotated[str, StringConstraints(max_length=500)]
Words = Annotated[str, StringConstraints(max_length=10_000)]
Reason = Annotated[str, StringConstraints(min_length=3, max_length=500, strip_whitespace=True)]


class NoteIn(RequestSchema):
    """Why something is refused, sent back or withdrawn; whom it is about reads it."""

    note: Reason


class PatchSchema(RequestSchema):
    """A partial change: what is left out stays, and only `nullable` fields can be emptied."""

    nullable: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="after")
    def refuse_null(self) -> Self:
        for name in self.model_fields_set - self.nullable:
            if getattr(self, name) is None:
                raise ValueError(f"{name} cannot be null")
        return self

    def changes(self) -> dict[str, Any]:
        """The fields that were given, by name."""
        return self.model_dump(exclude_unset=True)


def page_of(shape: type[S], found: tuple[Sequence[Any], str | None]) -> Page[S]:
    """What `paginate` found, in its shape."""
    rows, following = found
    return Page(items=[shape.model_validate(row) for row in rows], next_cursor=following)
