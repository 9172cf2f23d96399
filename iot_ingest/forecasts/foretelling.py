"""What a trained model says of one asset now; plain Python over what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import Any

from iot_ingest.forecasts.subjects import HOUR, Subject
from iot_ingest.prognosis import failures, remaining_life
from iot_ingest.prognosis.bounds import BOUND, CHANCES
from iot_ingest.prognosis.machines import HORIZON_HOURS, Machine
from iot_ingest.prognosis.repairs import RepairModel
from iot_ingest.prognosis.trees import Table

MISSED = CHANCES[BOUND]
FEWEST_CYCLES = 5
DAY_HOURS = 24.0


@dataclass(frozen=True, slots=True)
class Foretold:
    """`predicted_minutes` are lasted nine times in ten; `is_due`: the model itself would go."""

    is_known: bool = False
    is_due: bool = False
    hours_left: float | None = None
    lower_hours: float | None = None
    probability: float | None = None
    predicted_minutes: int | None = None
    failure_curve: Mapping[str, Any] | None = None
    failures: int | None = None
    """Repairs that it comes from, where they are all that is known."""

    @property
    def value(self) -> float | None:
        """What a rule compares with its limit: the hours that are lasted nine times in ten, or the
        probability of a failure within a day; None where the model says nothing."""
        if not self.is_known:
            return None
        return self.lower_hours if self.probability is None else self.probability


NOTHING = Foretold()


def of_life(
    model: remaining_life.RemainingLife, subject: Subject, readings: Table | None
) -> Foretold:
    """From the cycles of the asset's present life."""
    if readings is None or len(readings) < FEWEST_CYCLES:
        return NOTHING
    outlook = model.outlook_now(readings)
    hours = subject.cycle / HOUR
    left, lower = (float(one[0]) * hours for one in (outlook.cycles, outlook.lower))
    curve = model.bounds.curve(float(outlook.cycles[0]))
    return Foretold(
        is_known=bool(outlook.is_known[0]),
        is_due=True,
        hours_left=max(left, lower),
        lower_hours=lower,
        predicted_minutes=round(lower * 60),
        failure_curve={
            "hours": [round(cycles * hours, 2) for cycles, _ in curve],
            "probability": [chance for _, chance in curve],
        },
    )


def of_repairs(model: RepairModel, asset_model: str, age_days: float) -> Foretold:
    """So many days after the last repair; nobody is sent where machines do not wear."""
    lasting = model.lasting.get(asset_model)
    if lasting is None:
        return NOTHING
    weibull = lasting.weibull
    hours = [DAY_HOURS * weibull.days_at(1 - chance, age_days=age_days) for chance in CHANCES]
    lower, left = hours[BOUND], hours[CHANCES.index(0.5)]
    return Foretold(
        is_known=lasting.knows(age_days),
        is_due=weibull.shape > 1,
        hours_left=left,
        lower_hours=lower,
        predicted_minutes=round(lower * 60),
        failure_curve={
            "hours": [round(one, 2) for one in hours],
            "probability": list(CHANCES),
        },
        failures=weibull.failures,
    )


def of_events(model: failures.FailureModel, machine: Machine) -> Foretold:
    """At the asset's last error."""
    looks = machine.looks()
    if not looks:
        return NOTHING
    outlook = model.outlook(machine, looks[-1:])
    probability = float(outlook.probability[0])
    within = None
    if MISSED <= probability < 1:  # at an even pace over the day
        within = round(HORIZON_HOURS * 60 * log(1 - MISSED) / log(1 - probability))
    return Foretold(
        is_known=bool(outlook.is_known[0]),
        is_due=bool(outlook.is_due[0]),
        probability=probability,
        predicted_minutes=0 if probability >= 1 else within,
        failure_curve={"hours": [HORIZON_HOURS], "probability": [round(probability, 4)]},
    )
