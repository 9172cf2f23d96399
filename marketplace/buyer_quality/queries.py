"""Measures how soon we answer and approve, and how often we refuse or take away."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from marketplace.disputes.lifecycle import DisputeStatus
from marketplace.disputes.models import Dispute
from marketplace.ledger.lifecycle import Movement
from marketplace.ledger.models import LedgerEntry
from marketplace.offers.lifecycle import OfferStatus
from marketplace.offers.models import Offer
from marketplace.payouts.lifecycle import PayoutKind, PayoutStatus
from marketplace.payouts.models import Payout
from marketplace.reviews.models import Review

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Quality:
    """Of what happened since then; None where nothing did. Hours are medians."""

    since: datetime
    reply_hours: float | None
    approve_hours: float | None
    refused_pct: float | None
    cancelled_pct: float | None


def measure(session: Session, since: datetime) -> Quality:
    return Quality(
        since=since,
        reply_hours=_median([*_review_spans(session, since), *_dispute_spans(session, since)]),
        approve_hours=_median(_approval_spans(session, since)),
        refused_pct=_refused_pct(session, since),
        cancelled_pct=_cancelled_pct(session, since),
    )


def _review_spans(session: Session, since: datetime) -> list[timedelta]:
    rows = session.execute(
        select(Review.created_at, Review.answered_at).where(Review.created_at >= since)
    )
    return [answered - asked for asked, answered in rows if answered is not None]


def _dispute_spans(session: Session, since: datetime) -> list[timedelta]:
    rows = session.execute(
        select(Dispute.created_at, Dispute.updated_at).where(
            Dispute.created_at >= since, Dispute.status == DisputeStatus.SETTLED
        )
    )
    return [settled - opened for opened, settled in rows]


def _approval_spans(session: Session, since: datetime) -> list[timedelta]:
    approved = aliased(LedgerEntry)
    rows = session.execute(
        select(LedgerEntry.created_at, approved.created_at)
        .select_from(LedgerEntry)
        .join(approved, approved.subject_id == LedgerEntry.subject_id)
        .where(
            LedgerEntry.movement == Movement.EARN,
            approved.movement == Movement.APPROVE,
            LedgerEntry.created_at >= since,
        )
    )
    return [said - earned for earned, said in rows]


def _refused_pct(session: Session, since: datetime) -> float | None:
    is_refused = Payout.status.in_([PayoutStatus.DISPUTED, PayoutStatus.REVERSED])
    many, refused = session.execute(
        select(func.count(), func.count().filter(is_refused)).where(
            Payout.kind == PayoutKind.PAY, Payout.created_at >= since
        )
    ).one()
    return _share(refused, many)


def _cancelled_pct(session: Session, since: datetime) -> float | None:
    taken = session.scalar(
        select(func.count()).where(Offer.status == OfferStatus.ACCEPTED, Offer.created_at >= since)
    )
    cancelled = session.scalar(
        select(func.count()).where(
            Payout.kind == PayoutKind.CANCELLATION, Payout.created_at >= since
        )
    )
    return _share(cancelled or 0, taken or 0)


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _median(spans: list[timedelta]) -> float | None:
    if not spans:
        return None
    return round(sorted(spans)[len(spans) // 2] / HOUR, 1)
