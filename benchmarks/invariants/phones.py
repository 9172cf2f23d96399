"""I12 and I13: offline commands through a network that drops, repeats and reorders them."""

import random
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from benchmarks.invariants.jobs import Outcome
from kernel import clock
from tests.invariants.test_i12_offline_commands import STEPS, Model, Phone

COMMANDS = 12
WEEK_MINUTES = 7 * 24 * 60


def attack_order(session: Session, *, queues: int, seed: int = 1) -> Outcome:
    """Each queue is delivered in wild batches, then whole, then again a week later."""
    outcome, rng = Outcome(), random.Random(seed)
    for number in range(queues):
        with session.begin_nested() as nested:
            phone, model = Phone.make(session), Model()
            queue = [_command(rng) for _ in range(COMMANDS)]
            everything = list(range(COMMANDS))
            for numbers, minutes in [*_network(rng), (everything, 1), (everything, WEEK_MINUTES)]:
                model.now += timedelta(minutes=minutes)
                clock.freeze(session, model.now)
                reply = phone.send([phone.command(n + 1, queue[n]) for n in numbers])
                expected = model.deliver([(n + 1, queue[n]) for n in numbers])
                told = [(result.seq, str(result.status)) for result in reply.results]
                outcome.operations += len(numbers)
                outcome.faults += sum(status == "duplicate" for _, status in told)
                if told != expected or phone.state() != (model.statuses, model.on_duty):
                    outcome.violations.append(f"I12: queue {number} of seed {seed} went astray")
                    break
            nested.rollback()
        session.expire_all()
    return outcome


def attack_poison(session: Session, *, queues: int, length: int = 500, seed: int = 1) -> Outcome:
    """One impossible command in a long queue: the others are applied, it is explained."""
    outcome, rng = Outcome(), random.Random(seed)
    poisons: list[dict[str, Any]] = [
        {"kind": "dance"},
        {"payload": None},
        {"payload": {"on_duty": "perhaps"}},
        {"id": None},
        {"kind": "move", "visit_id": "tomorrow", "payload": {"to": "on_site"}},
    ]
    for number in range(queues):
        with session.begin_nested() as nested:
            phone, place = Phone.make(session), rng.randrange(length)
            queue: list[Any] = [phone.command(n + 1, ("duty", n % 2 == 0)) for n in range(length)]
            queue[place] |= poisons[number % len(poisons)]
            results = phone.send(queue).results
            outcome.operations += length
            outcome.faults += 1
            statuses = [str(result.status) for result in results]
            applied, refused = statuses.count("applied"), statuses.count("refused")
            if (applied, refused) != (length - 1, 1) or not results[place].message:
                outcome.violations.append(f"I13: {applied} applied, {refused} refused")
            nested.rollback()
        session.expire_all()
    return outcome


def _command(rng: random.Random) -> tuple[str, Any]:
    if rng.random() < 0.5:
        return "duty", rng.random() < 0.5
    return "move", (rng.randrange(2), rng.choice(STEPS))


def _network(rng: random.Random) -> list[tuple[list[int], int]]:
    """Batches of any commands in any order, with the minutes before each."""
    return [
        ([rng.randrange(COMMANDS) for _ in range(rng.randrange(9))], rng.randrange(21))
        for _ in range(rng.randrange(7))
    ]
