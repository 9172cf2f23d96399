"""When a backtest is good enough to act on."""

from dataclasses import replace

import numpy as np
import pytest

from iot_ingest.prognosis import failures
from iot_ingest.prognosis.cards import card, failure_card
from iot_ingest.prognosis.machines import Machine
from iot_ingest.prognosis.remaining_life import Backtest

MACHINES, CYCLES = 25, 100


def close_backtest() -> Backtest:
    """Foretells with an error of five cycles; the bound holds nine times in ten."""
    draw = np.random.default_rng(1)
    true = np.tile(np.arange(CYCLES - 1, -1, -1.0), MACHINES)
    predicted = true + draw.normal(0, 5, len(true))
    machine = np.repeat(np.arange(MACHINES), CYCLES)
    return Backtest(machine, true, predicted, predicted - 6.4)


class TestCard:
    def test_passes_what_is_close(self) -> None:
        found = card(close_backtest())
        assert found["passes"]
        assert found["machines"] == MACHINES
        assert 4.5 < found["rmse"] < 5.5

    def test_refuses_bounds_that_do_not_hold(self) -> None:
        found = card(replace(close_backtest(), lower=close_backtest().predicted))
        assert not found["passes"]
        assert found["floors"] == {"machines": True, "rmse": True, "coverage90": False}

    def test_refuses_what_says_little_more_than_the_mean(self) -> None:
        mean = np.full(MACHINES * CYCLES, CYCLES / 2)
        assert not card(replace(close_backtest(), predicted=mean))["floors"]["rmse"]


def wearing_press(number: int) -> Machine:
    """Each month of errors of one kind that mean nothing; the other kind a failure follows."""
    draw = np.random.default_rng(number)
    begins = np.cumsum(draw.uniform(300, 700, 12))
    warned = draw.uniform(size=12) < 0.5
    errors = [
        (float(at), "worn" if bad else "noise") for at, bad in zip(begins, warned, strict=True)
    ]
    failed = [(float(at) + 10, "press") for at, bad in zip(begins, warned, strict=True) if bad]
    return Machine(str(number), "P-9", 3.0, tuple(errors), (), tuple(failed))


class TestFailureCard:
    def test_passes_what_warns_in_time_for_nothing_seldom(self) -> None:
        tested = failures.backtest([wearing_press(number) for number in range(25)])
        found = failure_card(tested)
        assert found["passes"], found
        assert found["recall"] > 0.9
        model = failures.train(tested.machines, tested)
        outlook = model.outlook(wearing_press(3), wearing_press(3).looks())
        assert outlook.is_known.all()
        assert outlook.probability.max() > 0.8 > 0.2 > outlook.probability.min()

    def test_refuses_guessing(self) -> None:
        tested = failures.backtest([wearing_press(number) for number in range(25)])
        guess = np.random.default_rng(1).uniform(size=len(tested.fails))
        assert not failure_card(replace(tested, probability=guess))["passes"]

    def test_learning_takes_failures(self) -> None:
        with pytest.raises(ValueError, match="failure"):
            failures.backtest([replace(wearing_press(n), failures=()) for n in range(9)])
