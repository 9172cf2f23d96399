"""Shapes of the times of a provider's people."""

from dispatch.technicians.schemas import AbsenceOut, ShiftOut
from kernel.http import Schema
from mobile_api.provider.schemas import OwnJobShown


class OwnTimes(Schema):
    """Of one person, from now on; `time_zone` is where the person works."""

    time_zone: str
    shifts: list[ShiftOut]
    absences: list[AbsenceOut]


class JobInAbsence(Schema):
    """A job that an absence would touch: it `stays` with the person where work has begun, else it
    is given back, which costs `fee_cents` at this moment."""

    job: OwnJobShown
    stays: bool
    fee_cents: int
    currency: str
