"""Every SELECT on silences and inhibitions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from dispatch.assets.models import Asset
from iot_ingest.alerts.lifecycle import AlertStatus
from iot_ingest.alerts.models import Alert
from iot_ingest.silences.lifecycle import Reach
from iot_ingest.silences.models import Inhibition, Silence


def find_silence(session: Session, alert: Alert, model: str, at: datetime) -> Silence | None:
    """The one in force that ends last."""
    named = (
        (Silence.rule_id, alert.rule_id),
        (Silence.fault_class, alert.fault_class),
        (Silence.asset_id, alert.asset_id),
        (Silence.site_id, alert.site_id),
        (Silence.territory_id, alert.territory_id),
        (Silence.model, model),
    )
    matches = [or_(column.is_(None), column == value) for column, value in named]
    return session.scalar(
        select(Silence)
        .where(Silence.starts_at <= at, Silence.ends_at > at, *matches)
        .order_by(Silence.ends_at.desc())
        .limit(1)
    )


def find_source(session: Session, alert: Alert) -> Alert | None:
    """The open alert that makes this one redundant. One that waits for another itself keeps nobody
    quiet: else alerts could wait for each other for ever."""
    source, asset = aliased(Alert), aliased(Asset)
    within = or_(
        and_(Inhibition.reach == Reach.SAME_ASSET, source.asset_id == alert.asset_id),
        and_(Inhibition.reach == Reach.PARENT_ASSET, source.asset_id == asset.parent_id),
        and_(Inhibition.reach == Reach.SAME_SITE, source.site_id == alert.site_id),
    )
    return session.scalar(
        select(source)
        .join(Inhibition, Inhibition.source_fault_class == source.fault_class)
        .join(asset, asset.id == alert.asset_id)
        .where(
            Inhibition.target_fault_class == alert.fault_class,
            source.status != AlertStatus.CLEARED,
            source.id != alert.id,
            source.inhibited_by.is_(None),
            within,
        )
        .order_by(source.opened_at)
        .limit(1)
    )


def ids_silenced(session: Session) -> Sequence[UUID]:
    """The open alerts that wait for the end of a silence."""
    return session.scalars(
        select(Alert.id).where(Alert.status != AlertStatus.CLEARED, Alert.quiet_until.is_not(None))
    ).all()


def select_silences(at: datetime | None = None) -> Select[Silence]:
    """All, or those that have not ended by then."""
    return select(Silence) if at is None else select(Silence).where(Silence.ends_at > at)


def list_inhibitions(session: Session) -> Sequence[Inhibition]:
    return session.scalars(select(Inhibition).order_by(Inhibition.id)).all()
