"""Learning how long work takes, and what to plan for a visit."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.scheduling.durations import queries
from dispatch.scheduling.durations.learning import (
    FEWEST_AT_SITE,
    FEWEST_IN_TERRITORY,
    Learned,
    Speeds,
    access,
    of_person,
    of_type,
)
from dispatch.scheduling.durations.models import LearnedAccess, LearnedDuration
from dispatch.scheduling.durations.queries import Worked
from dispatch.technicians.models import Technician, TechnicianSkill
from dispatch.work_orders.models import WorkType, pace_skill
from kernel import clock
from kernel.db import locked
from kernel.settings import settings

LOOK_BACK = timedelta(days=365)


def learn(session: Session) -> int:
    """Compute everything anew from the visits of a year; gives how many work types are known."""
    now = clock.now(session)
    worked = queries.worked_since(session, now - LOOK_BACK)
    session.execute(delete(LearnedDuration))
    session.execute(delete(LearnedAccess))
    if settings().learned_durations == "off":
        _set_speeds(session, Speeds())
        return 0
    by_type: dict[UUID, list[Worked]] = defaultdict(list)
    for item in worked:
        by_type[item.work_type_id].append(item)
    speeds, known = Speeds(), 0
    for work_type in queries.list_work_types(session):
        known += _learn_type(session, work_type, by_type[work_type.id], speeds, now)
    _learn_access(session, worked, now)
    _set_speeds(session, speeds)
    return known


def _learn_type(
    session: Session,
    work_type: WorkType,
    worked: Sequence[Worked],
    speeds: Speeds,
    now: datetime,
) -> bool:
    standard = work_type.expected_minutes
    percents = [100 * item.work_minutes / standard for item in worked]
    whole = of_type(percents, 100 * work_type.p80_minutes / standard)
    if whole is None:
        return False
    session.add(_row(work_type.id, None, whole, now))
    if settings().learned_durations != "personal":
        return True
    own: dict[UUID, list[float]] = defaultdict(list)
    for item, percent in zip(worked, percents, strict=True):
        if item.crew_size == 1:
            own[item.technician_id].append(percent)
    for technician_id, personal in own.items():
        found = of_person(personal, len(own), whole)
        if found is not None:
            session.add(_row(work_type.id, technician_id, found, now))
            speeds.add(technician_id, pace_skill(work_type.skills), found, whole)
    return True


def _row(
    work_type_id: UUID, technician_id: UUID | None, found: Learned, now: datetime
) -> LearnedDuration:
    return LearnedDuration(
        work_type_id=work_type_id,
        technician_id=technician_id,
        p50_pct=found.p50,
        p80_pct=found.p80,
        low_pct=found.low,
        high_pct=found.high,
        visits=found.visits,
        learned_at=now,
    )


def _learn_access(session: Session, worked: Sequence[Worked], now: datetime) -> None:
    at_site: dict[UUID, list[float]] = defaultdict(list)
    in_territory: dict[UUID, list[float]] = defaultdict(list)
    for item in worked:
        at_site[item.site_id].append(item.access_minutes)
        if item.territory_id is not None:
            in_territory[item.territory_id].append(item.access_minutes)
    places = [("site_id", key, own, FEWEST_AT_SITE) for key, own in at_site.items()]
    places += [("territory_id", k, own, FEWEST_IN_TERRITORY) for k, own in in_territory.items()]
    for column, key, minutes, fewest in places:
        found = access(minutes, fewest)
        if found is not None:
            session.add(
                LearnedAccess(
                    **{column: key},
                    p50_minutes=found.p50,
                    p80_minutes=found.p80,
                    visits=found.visits,
                    learned_at=now,
                )
            )
    session.flush()


def _set_speeds(session: Session, speeds: Speeds) -> None:
    """Only where it changed; nobody but the planner reads it."""
    whole, with_skill = speeds.of_people(), speeds.with_skills()
    rows = session.execute(select(Technician.id, Technician.learned_speed_pct))
    changed = [key for key, before in rows if before != whole.get(key)]
    for technician in locked(session, Technician, changed):
        technician.learned_speed_pct = whole.get(technician.id)
    for held in session.scalars(select(TechnicianSkill)):
        found = with_skill.get((held.technician_id, held.skill))
        if held.learned_speed_pct != found:
            held.learned_speed_pct = found
    session.flush()


def planned_minutes(session: Session, work_type: WorkType, site: Site) -> tuple[int, int]:
    """Minutes on site, usually and rarely exceeded: getting to the work, and the work.

    The standard of the type where nothing was learned; it is thought to hold both.
    """
    learned = None
    if settings().learned_durations != "off":
        learned = queries.find_of_type(session, work_type.id)
    if learned is None:
        return work_type.expected_minutes, work_type.p80_minutes
    way_in = queries.find_access(session, site.id, site.territory_id)
    usually = work_type.expected_minutes * learned.p50_pct / 100
    rarely = work_type.expected_minutes * learned.p80_pct / 100
    if way_in is not None:
        usually, rarely = usually + way_in.p50_minutes, rarely + way_in.p80_minutes
    return ceil(usually), max(ceil(rarely), ceil(usually))
