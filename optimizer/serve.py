"""A solver process: `python -m optimizer.serve`; requests on stdin, answers on stdout.

Each message is 4 bytes of length (big endian) and a JSON object. The process says
`{"kind": "ready"}` once its libraries are loaded and warm, then answers one request at a time:
`solve` with a plan, `insertions` with a list, anything it cannot do with `error`. It ends with
its input, or with its parent.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np

from optimizer import codec
from optimizer.insertions import insertions
from optimizer.job import Job, Window
from optimizer.limits import Limits
from optimizer.problem import Problem, Travel
from optimizer.shift import Shift
from optimizer.solve import solve

NICE = 10
"""Behind the API and the database, whose answers people wait for."""
MOST_CHAINS = 8
"""A chain a core that this process may use, up to so many."""
PR_SET_PDEATHSIG = 1


def read_message(stream: BinaryIO) -> dict[str, Any] | None:
    """The next message; None at the end of the input."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    message = json.loads(stream.read(int.from_bytes(head, "big")))
    if not isinstance(message, dict):
        raise ValueError("A message is a JSON object.")
    return message


def write_message(stream: BinaryIO, message: Mapping[str, Any]) -> None:
    body = codec.dumps(message)
    stream.write(len(body).to_bytes(4, "big") + body)
    stream.flush()


def answer(message: Mapping[str, Any]) -> dict[str, Any]:
    """The reply to one request; an error is a reply, too."""
    try:
        return KINDS[message["kind"]](message)
    except (KeyError, TypeError, ValueError) as error:
        return {"kind": "error", "sentence": f"{type(error).__name__}: {error}"}


def _solve(message: Mapping[str, Any]) -> dict[str, Any]:
    previous = message.get("previous")
    plan = solve(
        codec.problem_from_json(message["problem"]),
        Limits(
            seconds=message.get("seconds"),
            iterations=message.get("iterations"),
            chains=message.get("chains") or _cores(),
        ),
        message.get("seed", 0),
        None if previous is None else codec.plan_from_json(previous),
    )
    return {"kind": "plan", "plan": codec.plan_to_json(plan)}


def _cores() -> int:
    return min(MOST_CHAINS, len(os.sched_getaffinity(0)))


def _insertions(message: Mapping[str, Any]) -> dict[str, Any]:
    within = message.get("within")
    found = insertions(
        codec.problem_from_json(message["problem"]),
        codec.plan_from_json(message["plan"]),
        codec.job_from_json(message["job"]),
        within=None if within is None else Window(*within),
        most=message.get("most", 20),
        keep_times=message.get("keep_times", False),
    )
    return {"kind": "insertions", "insertions": [codec.insertion_to_json(one) for one in found]}


KINDS = {"solve": _solve, "insertions": _insertions}


def warm() -> None:
    """Solves a problem of one job, so that the first real one is not slower."""
    problem = Problem(
        epoch=0,
        shifts=(Shift("shift", "technician", 0, 3600, 0),),
        jobs=(Job("job", 1, 600, 100),),
        travel=Travel(np.array([[0, 60], [60, 0]])),
    )
    solve(problem, Limits(iterations=3))


def end_with_parent(parent: int) -> None:
    """Asks Linux to kill this process when the one that started it is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)


def main() -> None:
    if len(sys.argv) > 1:
        end_with_parent(int(sys.argv[1]))
    os.nice(NICE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not get between the messages
    warm()
    write_message(replies, {"kind": "ready"})
    while (message := read_message(sys.stdin.buffer)) is not None:
        write_message(replies, answer(message))


if __name__ == "__main__":
    main()
