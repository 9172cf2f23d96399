"""Request shapes keep out what the database could not hold."""

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from kernel.shapes import Moment, PatchSchema


class Change(PatchSchema):
    nullable = frozenset({"note"})

    name: str | None = None
    note: str | None = None


class TestMoment:
    def test_is_brought_to_utc(self) -> None:
        moment = TypeAdapter(Moment).validate_python("2026-11-23T08:00:00+01:00")
        assert moment == datetime(2026, 11, 23, 7, tzinfo=UTC)
        assert moment.tzinfo is UTC

    @pytest.mark.parametrize(
        "text", ["2026-11-23T08:00:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"]
    )
    def test_refuses_naive_and_absurd_times(self, text: str) -> None:
        with pytest.raises(ValidationError):
            TypeAdapter(Moment).validate_python(text)


class TestPatchSchema:
    def test_tells_only_what_was_given(self) -> None:
        assert Change(note=None).changes() == {"note": None}
        assert Change().changes() == {}

    def test_refuses_null_where_a_value_is_needed(self) -> None:
        with pytest.raises(ValidationError, match="name cannot be null"):
            Change(name=None)
