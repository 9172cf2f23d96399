"""What the API answers has the shape that its OpenAPI schema tells, and is never a failure."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from kernel.embedded import Embedded
from tests.authorization.expected import EXPECTED
from tests.contract.ground import Ground, standing

# collections before what is in them; a live stream does not end
OPERATIONS = sorted(
    EXPECTED.keys() - {"GET /api/stream"}, key=lambda operation: operation.split()[::-1]
)
FEW = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def ground(servers: Embedded) -> Iterator[Ground]:
    """Each process judges its share: were mere refusals looked at, that would prove little."""
    with standing() as made:
        yield made
        assert len(made.answered) > 0.5 * len(made.tried) - 10, made.tried - made.answered


@pytest.mark.parametrize("operation", OPERATIONS)
def test_answers_have_their_shape(ground: Ground, operation: str) -> None:
    method, path = operation.split(" ")

    @FEW
    @given(case=ground.schema[path][method].as_strategy())
    def ask(case: Any) -> None:
        ground.check(case)

    ask()
