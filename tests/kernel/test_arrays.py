"""Lists arrive in the database as they were, whatever is in them."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


def there_and_back(session: Session, kind: str, values: list[Any]) -> list[Any]:
    found: list[Any] = session.execute(
        text(f"SELECT CAST(:values AS {kind}[]) AS found"), {"values": values}
    ).scalar_one()
    return found


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("uuid", st.uuids()),
        ("bigint", st.integers(-(2**63), 2**63 - 1)),
        ("float8", st.floats(allow_nan=False)),
        ("boolean", st.booleans()),
        ("timestamptz", MOMENTS),
        ("text", TEXTS),
    ],
)
def test_lists_with_and_without_gaps(session: Session, kind: str, values: Any) -> None:
    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(st.lists(st.none() | values), st.lists(values))
    def check(gaps: list[Any], whole: list[Any]) -> None:
        assert there_and_back(session, kind, gaps) == gaps
        assert there_and_back(session, kind, whole) == whole

    check()


def test_other_time_zones_and_nested_lists(session: Session) -> None:
    there = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    assert there_and_back(session, "timestamptz", [there]) == [there]
    nested = [[UUID(int=1)], [UUID(int=2)]]
    assert there_and_back(session, "uuid", nested) == nested
