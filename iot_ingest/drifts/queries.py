"""Every SELECT on drifts."""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from iot_ingest.devices.queries import any_of, ids_of_asset
from iot_ingest.readings.models import Reading
from iot_ingest.rules.detector import Companion, Measure
from iot_ingest.rules.models import Rule
from iot_ingest.rules.threshold import Op

BEYOND: dict[Op, Callable[[Any, Any], Any]] = {
    Op.ABOVE: operator.gt,
    Op.AT_LEAST: operator.ge,
    Op.BELOW: operator.lt,
    Op.AT_MOST: operator.le,
}


@dataclass(frozen=True, slots=True)
class Unseen:
    """An asset with readings that its rule has not judged; `device_id` sent the first of them."""

    asset_id: UUID
    asset_model: str
    device_id: UUID
    first_ts: datetime


def list_rules(session: Session, model_name: str) -> list[Rule]:
    statement = select(Rule).where(
        Rule.active, Rule.measure == Measure.MODEL, Rule.model_name == model_name
    )
    return list(session.scalars(statement.order_by(Rule.id)))


def list_unseen(
    session: Session, rule: Rule, *, since: datetime, until: datetime, limit: int
) -> list[Unseen]:
    """Assets that sent the rule's first metric before `until` and after what it has judged; those
    longest unseen first."""
    rows = session.execute(
        text(
            """
            SELECT a.id, a.model, r.device_id, r.ts
              FROM assets a
              LEFT JOIN drift_states s ON s.asset_id = a.id AND s.rule_id = :rule
              JOIN LATERAL (
                   SELECT r.device_id, r.ts FROM devices d JOIN readings r ON r.device_id = d.id
                    WHERE d.asset_id = a.id AND r.metric = :metric
                      AND r.ts >= coalesce(s.seen_until, :since) AND r.ts < :until
                    ORDER BY r.ts LIMIT 1) r ON true
             WHERE :model ::text IS NULL OR a.model = :model
             ORDER BY s.seen_until NULLS FIRST, a.id
             LIMIT :limit
            """
        ),
        {
            "rule": rule.id,
            "metric": rule.metric,
            "model": rule.model,
            "since": since,
            "until": until,
            "limit": limit,
        },
    )
    return [Unseen(*row) for row in rows]


def first_error(
    session: Session, asset_id: UUID, error: Companion, since: datetime, until: datetime
) -> tuple[datetime, float] | None:
    """The first reading of an asset's devices in `[since, until]` that lies beyond the limit."""
    compared = BEYOND[error.threshold.op](Reading.value, error.threshold.limit)
    row = session.execute(
        select(Reading.ts, Reading.value)
        .where(
            Reading.device_id == any_of(ids_of_asset(session, asset_id)),
            Reading.metric == error.metric,
            Reading.ts >= since,
            Reading.ts <= until,
            compared,
        )
        .order_by(Reading.ts)
        .limit(1)
    ).first()
    return None if row is None else (row.ts, row.value)


def group_of(rule: Rule) -> Sequence[str]:
    """The metrics that the rule watches together, its own first."""
    return (rule.metric, *rule.together)
