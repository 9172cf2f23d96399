"""Problems and plans survive JSON, and equal values give equal bytes."""

import json

import pytest
from hypothesis import given, settings

from optimizer.codec import (
    dumps,
    job_from_json,
    job_to_json,
    plan_from_json,
    plan_to_json,
    problem_from_json,
    problem_to_json,
)
from optimizer.limits import Limits
from optimizer.problem import Problem
from optimizer.solve import solve
from tests.factories.optimizer import make_job, make_problem
from tests.optimizer.strategies import problems


class TestCodec:
    @settings(max_examples=40, deadline=None, derandomize=True)
    @given(problems())
    def test_round_trips_byte_by_byte(self, problem: Problem) -> None:
        text = dumps(problem_to_json(problem))
        again = problem_from_json(json.loads(text))
        assert again == problem
        assert dumps(problem_to_json(again)) == text

    @settings(max_examples=20, deadline=None, derandomize=True)
    @given(problems())
    def test_round_trips_plans(self, problem: Problem) -> None:
        plan = solve(problem, Limits(iterations=1))
        text = dumps(plan_to_json(plan))
        again = plan_from_json(json.loads(text))
        assert again == plan
        assert dumps(plan_to_json(again)) == text

    def test_round_trips_a_job(self) -> None:
        assert job_from_json(job_to_json(make_job())) == make_job()

    def test_refuses_another_format(self) -> None:
        with pytest.raises(ValueError, match="The format is 1"):
            problem_from_json({**problem_to_json(make_problem()), "format": 2})

    def test_refuses_a_field_it_does_not_know(self) -> None:
        with pytest.raises(ValueError, match="Job has no field colour"):
            job_from_json({**job_to_json(make_job()), "colour": "red"})

    def test_refuses_a_value_that_breaks_a_rule(self) -> None:
        with pytest.raises(ValueError, match="lasts more than 0 seconds"):
            job_from_json({**job_to_json(make_job()), "duration_seconds": 0})
