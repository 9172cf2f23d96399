"""What the repair history of its model says of an asset on which nothing is measured."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from iot_ingest.predictions import queries
from iot_ingest.prognosis.weibull import Weibull, fit
from kernel import clock
from kernel.db import get

DAY = timedelta(days=1)
LOOK_BACK = timedelta(days=5 * 365)
LOWER, USUAL = 0.9, 0.5
CHANCES = (0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)


@dataclass(frozen=True, slots=True)
class Prior:
    """`lower_days` are survived nine times in ten, `usual_days` every second time; `curve` has
    pairs of days from now and the chance to last so long."""

    weibull: Weibull
    days_since_repair: float
    lower_days: float
    usual_days: float
    curve: list[tuple[float, float]]


def find_prior(session: Session, asset_id: UUID) -> Prior | None:
    """None while too few assets of the model have failed."""
    now = clock.now(session)
    model = get(session, Asset, asset_id).model
    if not model:
        return None
    lives = queries.repairs_of_model(session, model, now - LOOK_BACK)
    failed: list[float] = []
    survived: list[float] = []
    for begin, repairs in lives.values():
        moments = [begin, *repairs]
        failed += [_days(a, b) for a, b in zip(moments, repairs, strict=False)]
        survived.append(_days(moments[-1], now))
    found = fit(failed, survived)
    if found is None:
        return None
    begin, repairs = lives[asset_id]
    age = _days(repairs[-1] if repairs else begin, now)
    curve = [(round(found.days_at(chance, age_days=age), 1), chance) for chance in CHANCES]
    lower, usual = (found.days_at(chance, age_days=age) for chance in (LOWER, USUAL))
    return Prior(found, round(age, 1), round(lower, 1), round(usual, 1), curve)


def _days(begin: datetime, end: datetime) -> float:
    return max(0.0, (end - begin) / DAY)
