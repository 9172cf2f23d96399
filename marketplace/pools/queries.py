"""Reads talent pools and finds who belongs to them now."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.preferences.lifecycle import Stance, Wisher
from dispatch.technicians.preferences.models import Preference
from dispatch.technicians.queries import TechnicianForPlanning, list_for_planning
from kernel.clock import now
from kernel.db import among, get
from kernel.geo import Point
from marketplace.crowd.matching import CROWD
from marketplace.pools.matching import Person, belongs
from marketplace.pools.models import PoolMember, TalentPool
from marketplace.pools.ports import scores_of


def get_pool(session: Session, pool_id: UUID) -> TalentPool:
    return get(session, TalentPool, pool_id)


def select_pools() -> Select[TalentPool]:
    return select(TalentPool)


def find_pool(session: Session, name: str) -> TalentPool | None:
    return session.scalar(select(TalentPool).where(TalentPool.name == name))


def find_member(session: Session, pool_id: UUID, technician_id: UUID) -> PoolMember | None:
    return session.scalar(
        select(PoolMember).where(
            PoolMember.pool_id == pool_id, PoolMember.technician_id == technician_id
        )
    )


def list_named(session: Session, pool_id: UUID) -> Sequence[PoolMember]:
    return session.scalars(
        select(PoolMember).where(PoolMember.pool_id == pool_id).order_by(PoolMember.id)
    ).all()


def technician_ids_of(session: Session, pool_id: UUID) -> set[UUID]:
    """Who belongs to the pool now: the active crowd that is named or meets the rule.

    Whether each can be asked for some visit is for `marketplace.crowd` to say. Raises NotFound.
    """
    pool = get_pool(session, pool_id)
    named = {row.technician_id: row.kept_out for row in list_named(session, pool_id)}
    wanted = {key for key, kept_out in named.items() if not kept_out}
    # A rule may find anybody; without one only the named have to be looked at.
    people = list_people(session, None if pool.rule else wanted)
    return {
        person.technician_id
        for person in people
        if person.technician_id in wanted
        or (pool.rule and person.technician_id not in named and belongs(pool.rule, person))
    }


def list_people(session: Session, technician_ids: Collection[UUID] | None = None) -> list[Person]:
    """The active crowd as rules see it; of all when None."""
    at = now(session)
    known = list_for_planning(
        session,
        None,
        at,
        at,
        technician_ids=technician_ids,
        employments=[Employment(name) for name in CROWD],
    )
    ids = [one.technician.id for one in known]
    done, scores, liked = _jobs_done(session, ids), scores_of()(session, ids), _liked(session, ids)
    return [
        _person(one, at, done.get(one.technician.id, 0), scores.get(one.technician.id), liked)
        for one in known
    ]


def _person(
    known: TechnicianForPlanning,
    at: datetime,
    jobs_done: int,
    score: int | None,
    liked: defaultdict[UUID, set[UUID]],
) -> Person:
    technician = known.technician
    return Person(
        technician_id=technician.id,
        employment=technician.employment,
        territory_id=technician.territory_id,
        provider_id=technician.provider_id,
        home=Point(technician.latitude, technician.longitude),
        hourly_cents=technician.hourly_cents,
        skills={held.skill: known.level_of(held.skill, at) for held in known.skills},
        credentials=frozenset(
            held.kind for held in known.credentials if known.has_credential(held.kind, at)
        ),
        languages=frozenset(technician.languages),
        jobs_done=jobs_done,
        score=score,
        prefers=frozenset(liked[technician.id]),
    )


def _jobs_done(session: Session, technician_ids: Collection[UUID]) -> dict[UUID, int]:
    rows = session.execute(
        select(Assignment.technician_id, func.count())
        .where(
            among(Assignment.technician_id, technician_ids),
            Assignment.status == AssignmentStatus.DONE,
        )
        .group_by(Assignment.technician_id)
    )
    return {row[0]: row[1] for row in rows}


def _liked(session: Session, technician_ids: Collection[UUID]) -> defaultdict[UUID, set[UUID]]:
    found: defaultdict[UUID, set[UUID]] = defaultdict(set)
    rows = session.execute(
        select(Preference.technician_id, Preference.customer_id).where(
            among(Preference.technician_id, technician_ids),
            Preference.side == Wisher.TECHNICIAN,
            Preference.stance == Stance.PREFER,
        )
    )
    for technician_id, customer_id in rows:
        found[technician_id].add(customer_id)
    return found
