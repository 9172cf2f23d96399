"""Learning how long trips take, week by week."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.scheduling.calibration import service
from kernel.jobs import every


@every(timedelta(days=7), name="scheduling.calibrate_travel")
def calibrate_travel(session: Session, due_at: datetime) -> None:
    service.calibrate(session)
