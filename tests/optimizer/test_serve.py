"""The solver process answers what it is asked, and an error is an answer, too."""

import io
from typing import Any

from optimizer.codec import job_to_json, plan_from_json, plan_to_json, problem_to_json
from optimizer.limits import Limits
from optimizer.serve import answer, read_message, write_message
from optimizer.solve import solve
from tests.factories.optimizer import HOUR, make_job, make_problem


def request(**over: Any) -> dict[str, Any]:
    return {"kind": "solve", "problem": problem_to_json(make_problem()), "iterations": 2} | over


class TestMessages:
    def test_round_trip(self) -> None:
        pipe = io.BytesIO()
        write_message(pipe, {"kind": "grüße"})
        pipe.seek(0)
        assert read_message(pipe) == {"kind": "grüße"}
        assert read_message(pipe) is None


class TestAnswer:
    def test_solves(self) -> None:
        plan = plan_from_json(answer(request())["plan"])
        assert plan.seats("boiler")

    def test_goes_on_from_the_previous_plan(self) -> None:
        before = plan_to_json(solve(make_problem(), Limits(iterations=1)))
        assert answer(request(previous=before))["kind"] == "plan"

    def test_lists_insertions(self) -> None:
        plan = plan_to_json(solve(make_problem(), Limits(iterations=1)))
        reply = answer(
            request(
                kind="insertions",
                plan=plan,
                job=job_to_json(make_job("new")),
                within=[12 * HOUR, 13 * HOUR],
                keep_times=True,
            )
        )
        assert reply["insertions"][0]["earliest_start"] == 12 * HOUR

    def test_tells_what_is_wrong_with_the_problem(self) -> None:
        reply = answer(request(problem={"format": 1, "colour": "red"}))
        assert reply["kind"] == "error"
        assert "colour" in reply["sentence"]

    def test_refuses_a_kind_it_does_not_know(self) -> None:
        assert answer({"kind": "dance"})["kind"] == "error"
