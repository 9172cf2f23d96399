"""Looking at the rules of working time and at the shifts that break them."""

from datetime import timedelta
from uuid import UUID

from dispatch.accounts.access import Office
from dispatch.technicians.models import Technician
from dispatch.technicians.working_time import queries
from dispatch.technicians.working_time.queries import BrokenShift
from dispatch.technicians.working_time.rules import Rules, all_rules
from dispatch.technicians.working_time.schemas import (
    BreakDutyOut,
    BrokenShiftOut,
    WorkingTimeRulesOut,
)
from kernel import clock
from kernel.db import get
from kernel.http import Router, Session
from kernel.shapes import Moment

router = Router(prefix="/api", tags=["technicians"])


@router.get("/working-time-rules")
def list_rules(_: Office) -> list[WorkingTimeRulesOut]:
    """Every version on file, with the place in the law for each figure."""
    return [_out(rules) for rules in all_rules()]


@router.get("/technicians/{technician_id}/working-time", response_model=list[BrokenShiftOut])
def list_broken(
    technician_id: UUID,
    session: Session,
    _: Office,
    start: Moment | None = None,
    end: Moment | None = None,
) -> list[BrokenShift]:
    """Shifts that break rules, from now for four weeks unless said otherwise."""
    technician = get(session, Technician, technician_id)
    first = start or clock.now(session)
    return queries.broken_shifts(session, technician, first, end or first + timedelta(weeks=4))


def _out(rules: Rules) -> WorkingTimeRulesOut:
    return WorkingTimeRulesOut(
        country=rules.country,
        version=rules.version,
        valid_from=rules.valid_from,
        law=rules.law,
        daily_rest_minutes=_minutes(rules.daily_rest),
        weekly_rest_minutes=_minutes(rules.weekly_rest),
        day_most_minutes=_optional(rules.day_most),
        span_most_minutes=_optional(rules.span_most),
        week_most_minutes=_optional(rules.week_most),
        average_week_minutes=_optional(rules.average_most),
        average_weeks=rules.average_weeks,
        breaks=[
            BreakDutyOut(after_minutes=_minutes(duty.after), minutes=_minutes(duty.length))
            for duty in rules.breaks
        ],
        call_out_rest=rules.call_out_rest,
        sources=dict(rules.sources),
    )


def _optional(length: timedelta | None) -> int | None:
    return None if length is None else _minutes(length)


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)
