"""Free-form JSON is bounded."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from kernel.facts import Facts


class TestFacts:
    def test_keeps_what_people_write(self) -> None:
        report = {"note": "valve", "checklist": [{"title": "Pressure read", "done": True}]}
        assert TypeAdapter(Facts).validate_python(report) == report

    def test_refuses_what_could_not_be_answered_again(self) -> None:
        deep: dict[str, Any] = {}
        for _ in range(400):
            deep = {"a": deep}
        for facts in (deep, {"note": "x" * 50_001}):
            with pytest.raises(ValidationError):
                TypeAdapter(Facts).validate_python(facts)
