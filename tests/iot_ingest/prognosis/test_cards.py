"""When a backtest is good enough to act on."""

from dataclasses import replace

import numpy as np

from iot_ingest.prognosis.cards import card
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
