"""Writes talent pools."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.technicians.queries import get_technician
from kernel.errors import Conflict, Invalid
from marketplace.crowd.matching import CROWD
from marketplace.pools import queries
from marketplace.pools.models import PoolMember, TalentPool


def create_pool(
    session: Session, *, name: str, description: str = "", rule: list[dict[str, Any]]
) -> TalentPool:
    """Raises Conflict `pool_name_taken`."""
    _check_name(session, name)
    pool = TalentPool(name=name, description=description, rule=rule)
    session.add(pool)
    session.flush()
    return pool


def update_pool(session: Session, pool: TalentPool, changes: Mapping[str, Any]) -> TalentPool:
    """Raises Conflict `pool_name_taken`."""
    if changes.get("name", pool.name) != pool.name:
        _check_name(session, changes["name"])
    for column, value in changes.items():
        setattr(pool, column, value)
    session.flush()
    return pool


def drop_pool(session: Session, pool_id: UUID) -> None:
    """The pool with its list; nobody in it is touched."""
    pool = queries.get_pool(session, pool_id)
    for member in queries.list_named(session, pool_id):
        session.delete(member)
    session.flush()
    session.delete(pool)
    session.flush()


def name_member(
    session: Session, pool_id: UUID, technician_id: UUID, *, kept_out: bool = False
) -> PoolMember:
    """Put somebody into a pool, or keep them out of it whatever its rule says.

    Raises Invalid `not_in_crowd` for staff.
    """
    queries.get_pool(session, pool_id)
    if get_technician(session, technician_id).employment not in CROWD:
        raise Invalid("Staff belong to no talent pool.", code="not_in_crowd")
    member = queries.find_member(session, pool_id, technician_id)
    if member is None:
        member = PoolMember(pool_id=pool_id, technician_id=technician_id)
        session.add(member)
    member.kept_out = kept_out
    session.flush()
    return member


def forget_member(session: Session, pool_id: UUID, technician_id: UUID) -> None:
    """The rule alone decides about this person; repeating it changes nothing."""
    queries.get_pool(session, pool_id)
    member = queries.find_member(session, pool_id, technician_id)
    if member is not None:
        session.delete(member)
        session.flush()


def _check_name(session: Session, name: str) -> None:
    if queries.find_pool(session, name) is not None:
        raise Conflict("Another talent pool has this name.", code="pool_name_taken")
