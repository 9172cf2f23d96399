"""Values that every phone sends: bounded, so that what is stored can be read again."""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

from kernel.clock import EARLIEST, LATEST


def _within_reason(moment: datetime) -> datetime:
    if not EARLIEST <= moment < LATEST:
        raise ValueError("a time between the years 2000 and 2200 is needed")
    return moment


def plausible(moment: datetime | None) -> datetime | None:
    """What a phone's clock said, or None when it is too wrong to be worth keeping."""
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware if EARLIEST <= aware < LATEST else None


Moment = Annotated[AwareDatetime, AfterValidator(_within_reason)]
Day = Annotated[date, Field(ge=EARLIEST.date(), lt=LATEST.date())]
Reason = Annotated[str, Field(max_length=500)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
