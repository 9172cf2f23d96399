"""Reads of stand-bys and of who can be asked for one."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from dispatch.on_call.lifecycle import ChangeStatus
from dispatch.on_call.models import DutyChange, Rota
from dispatch.technicians.models import Technician
from kernel.errors import NotFound
from marketplace.crowd.matching import CROWD, Interval
from marketplace.offers.lifecycle import OPEN, OfferStatus
from marketplace.stand_bys.lifecycle import FALLEN, HAD, StandByStatus
from marketplace.stand_bys.models import StandBy, StandByOffer


def get_offer(session: Session, offer_id: UUID, technician_id: UUID) -> StandByOffer:
    """The offer, or NotFound when it was made to somebody else."""
    found = session.scalar(
        select(StandByOffer).where(
            StandByOffer.id == offer_id, StandByOffer.technician_id == technician_id
        )
    )
    if found is None:
        raise NotFound("stand_by_offer", offer_id)
    return found


def list_offers(session: Session, stand_by_ids: Collection[UUID]) -> list[StandByOffer]:
    return list(
        session.scalars(
            select(StandByOffer)
            .where(StandByOffer.stand_by_id.in_(stand_by_ids))
            .order_by(StandByOffer.id)
        )
    )


def select_stand_bys(
    status: StandByStatus | None = None, territory_id: UUID | None = None
) -> Select[StandBy]:
    """To be paginated by id."""
    statement = select(StandBy)
    if status is not None:
        statement = statement.where(StandBy.status == status)
    if territory_id is not None:
        statement = statement.join(Rota, Rota.id == StandBy.rota_id).where(
            Rota.territory_id == territory_id
        )
    return statement


def list_of_technician(
    session: Session, technician_id: UUID, now: datetime
) -> list[tuple[StandByOffer, StandBy, Rota, int]]:
    """What somebody can still answer, and what is the person's and not over; with how many were
    asked."""
    everybody = (
        select(func.count())
        .where(StandByOffer.stand_by_id == StandBy.id)
        .correlate(StandBy)
        .scalar_subquery()
    )
    rows = session.execute(
        select(StandByOffer, StandBy, Rota, everybody)
        .join(StandBy, StandBy.id == StandByOffer.stand_by_id)
        .join(Rota, Rota.id == StandBy.rota_id)
        .where(
            StandByOffer.technician_id == technician_id,
            StandByOffer.status.in_([*OPEN, OfferStatus.ACCEPTED]),
            StandBy.status.not_in(FALLEN),
            StandBy.ends_at > now,
        )
        .order_by(StandBy.starts_at, StandBy.id)
    )
    return [(offer, stand_by, rota, asked) for offer, stand_by, rota, asked in rows]


def list_uncovered(session: Session, territory_id: UUID, at: datetime) -> list[tuple[StandBy, str]]:
    """Duties that fell back to the rota and are not over, with its name; without those that were
    offered again since, or that the office gave to somebody."""
    later = aliased(StandBy)
    since = func.greatest(StandBy.starts_at, at)
    offered_again = exists().where(
        later.rota_id == StandBy.rota_id,
        later.id > StandBy.id,
        later.starts_at <= since,
        later.ends_at >= StandBy.ends_at,
    )
    given = exists().where(
        DutyChange.rota_id == StandBy.rota_id,
        DutyChange.status == ChangeStatus.ACCEPTED,
        DutyChange.created_at >= StandBy.updated_at,
        DutyChange.starts_at <= since,
        DutyChange.ends_at >= StandBy.ends_at,
    )
    rows = session.execute(
        select(StandBy, Rota.name)
        .join(Rota, Rota.id == StandBy.rota_id)
        .where(
            Rota.territory_id == territory_id,
            StandBy.status.in_(FALLEN),
            StandBy.ends_at > at,
            ~offered_again,
            ~given,
        )
        .order_by(StandBy.starts_at, StandBy.id)
    )
    return [(stand_by, name) for stand_by, name in rows]


def lock_taken_by(session: Session, technician_id: UUID) -> Sequence[StandBy]:
    """Those that somebody has and that are not over, locked."""
    return session.scalars(
        select(StandBy)
        .join(StandByOffer, StandByOffer.stand_by_id == StandBy.id)
        .where(
            StandByOffer.technician_id == technician_id,
            StandByOffer.status == OfferStatus.ACCEPTED,
            StandBy.status == StandByStatus.TAKEN,
            StandBy.ends_at > select(func.app_now()).scalar_subquery(),
        )
        .order_by(StandBy.id)
        .with_for_update(key_share=True, of=StandBy)
        .execution_options(populate_existing=True)
    ).all()


def crowd_of(session: Session, territory_id: UUID) -> set[UUID]:
    return set(
        session.scalars(
            select(Technician.id).where(
                Technician.territory_id == territory_id,
                Technician.active,
                Technician.employment.in_(CROWD),
            )
        )
    )


def find_taker(session: Session, stand_by_id: UUID) -> UUID | None:
    """Who said yes to it."""
    return session.scalar(
        select(StandByOffer.technician_id).where(
            StandByOffer.stand_by_id == stand_by_id, StandByOffer.status == OfferStatus.ACCEPTED
        )
    )


def said_no(session: Session, stand_by: StandBy) -> set[UUID]:
    """Who declined this duty or gave it back, each time that it was offered."""
    return set(
        session.scalars(
            select(StandByOffer.technician_id)
            .join(StandBy, StandBy.id == StandByOffer.stand_by_id)
            .where(
                StandBy.rota_id == stand_by.rota_id,
                StandBy.starts_at == stand_by.starts_at,
                StandBy.ends_at == stand_by.ends_at,
                StandBy.status.in_(FALLEN),
                StandByOffer.status.in_([OfferStatus.DECLINED, OfferStatus.ACCEPTED]),
            )
        )
    )


def taken_by(
    session: Session, technician_ids: Collection[UUID], period: Interval
) -> dict[UUID, list[Interval]]:
    """The stand-bys that touch the period, by who has them."""
    found: dict[UUID, list[Interval]] = defaultdict(list)
    for technician_id, starts_at, ends_at in session.execute(
        select(StandByOffer.technician_id, StandBy.starts_at, StandBy.ends_at)
        .join(StandBy, StandBy.id == StandByOffer.stand_by_id)
        .where(
            StandByOffer.technician_id.in_(technician_ids),
            StandByOffer.status == OfferStatus.ACCEPTED,
            StandBy.status.in_(HAD),
            StandBy.starts_at < period[1],
            StandBy.ends_at > period[0],
        )
    ):
        found[technician_id].append((starts_at, ends_at))
    return found


def lock_due(session: Session, limit: int) -> Sequence[StandBy]:
    """Open ones that nobody took in time, and taken ones that are over; locked, those in
    somebody's hands left out."""
    at = select(func.app_now()).scalar_subquery()
    is_due = ((StandBy.status == StandByStatus.OPEN) & (StandBy.answer_by <= at)) | (
        (StandBy.status == StandByStatus.TAKEN) & (StandBy.ends_at <= at)
    )
    return session.scalars(
        select(StandBy)
        .where(is_due)
        .order_by(StandBy.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    ).all()
