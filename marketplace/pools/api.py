"""HTTP for the office's talent pools."""

from uuid import UUID

from fastapi import Response

from dispatch.accounts.access import Office, Planner
from kernel.http import (
    IfMatch,
    Page,
    Router,
    Session,
    ensure_version,
    paginate,
    set_etag,
)
from kernel.shapes import page_of
from marketplace.pools import queries, service
from marketplace.pools.models import PoolMember, TalentPool
from marketplace.pools.schemas import (
    MemberIn,
    NamedMember,
    PoolIn,
    PoolMembersOut,
    PoolOut,
    PoolPatch,
)

router = Router(prefix="/api/talent-pools", tags=["crowd"])


@router.get("")
def list_pools(_: Office, session: Session, cursor: str | None = None) -> Page[PoolOut]:
    return page_of(PoolOut, paginate(session, queries.select_pools(), TalentPool.id, cursor))


@router.post("", response_model=PoolOut, status_code=201)
def create_pool(body: PoolIn, _: Planner, session: Session, response: Response) -> TalentPool:
    pool = service.create_pool(session, **body.model_dump(mode="json"))
    set_etag(response, pool.version)
    return pool


@router.patch("/{pool_id}", response_model=PoolOut)
def update_pool(
    pool_id: UUID,
    body: PoolPatch,
    _: Planner,
    session: Session,
    seen: IfMatch,
    response: Response,
) -> TalentPool:
    pool = queries.get_pool(session, pool_id)
    ensure_version(pool, seen)
    service.update_pool(session, pool, body.model_dump(mode="json", exclude_unset=True))
    set_etag(response, pool.version)
    return pool


@router.delete("/{pool_id}", status_code=204)
def drop_pool(pool_id: UUID, _: Planner, session: Session) -> None:
    """Nobody in it is touched."""
    service.drop_pool(session, pool_id)


@router.get("/{pool_id}/members")
def list_members(pool_id: UUID, _: Office, session: Session) -> PoolMembersOut:
    """Who belongs to it now."""
    return PoolMembersOut(
        technician_ids=sorted(queries.technician_ids_of(session, pool_id)),
        named=[NamedMember.model_validate(row) for row in queries.list_named(session, pool_id)],
    )


@router.put("/{pool_id}/members/{technician_id}", response_model=NamedMember)
def name_member(
    pool_id: UUID, technician_id: UUID, body: MemberIn, _: Planner, session: Session
) -> PoolMember:
    """Put somebody in, or keep them out whatever the rule says."""
    return service.name_member(session, pool_id, technician_id, kept_out=body.kept_out)


@router.delete("/{pool_id}/members/{technician_id}", status_code=204)
def forget_member(pool_id: UUID, technician_id: UUID, _: Planner, session: Session) -> None:
    """The rule alone decides about this person."""
    service.forget_member(session, pool_id, technician_id)
