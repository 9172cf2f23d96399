"""Every SELECT on verdicts: the track record of rules and models."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from iot_ingest.alerts.models import Alert
from iot_ingest.learning.lifecycle import Estimate, FaultFound, share
from iot_ingest.learning.models import Verdict
from iot_ingest.rules.models import Rule
from kernel import clock

YEAR = timedelta(days=365)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Tally:
    """Verdicts counted: `false_rolls` are visits for a false alarm, `avoided` true faults that
    were seen to before they failed."""

    true_faults: int = 0
    false_alarms: int = 0
    other_faults: int = 0
    false_rolls: int = 0
    avoided: int = 0

    @property
    def verdicts(self) -> int:
        return self.true_faults + self.false_alarms + self.other_faults

    @property
    def precision(self) -> Estimate | None:
        return share(self.true_faults, self.verdicts)

    @property
    def false_rolls_per_avoided(self) -> float | None:
        return round(self.false_rolls / self.avoided, 3) if self.avoided else None


@dataclass(frozen=True, slots=True)
class WeekOfVerdicts:
    week: datetime
    tally: Tally


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """How good a rule has been. Lead times in minutes: usual (p50), and short (p10)."""

    rule: Rule
    tally: Tally
    lead_p50: float | None
    lead_p10: float | None
    alerts_this_week: int
    weeks: list[WeekOfVerdicts] = field(default_factory=list)


def find_verdict(session: Session, alert_id: UUID) -> Verdict | None:
    return session.scalar(select(Verdict).where(Verdict.alert_id == alert_id))


def tally_of(session: Session, rule_id: UUID) -> Tally:
    """The verdicts of the last year that count for the rule as it is now."""
    counts: list[int] = list(
        session.execute(
            select(*_counts())
            .join(Rule, Rule.id == Verdict.rule_id)
            .where(Verdict.rule_id == rule_id, _counted(clock.now(session)))
        ).one()
    )
    return Tally(*counts)


def track_records(session: Session, rule_ids: Collection[UUID] = ()) -> list[TrackRecord]:
    """Of the rules named (none: of all), by name."""
    now = clock.now(session)
    rules = session.scalars(
        select(Rule).where(Rule.id.in_(rule_ids) if rule_ids else Rule.active).order_by(Rule.name)
    ).all()
    figures = _figures(session, rules, now)
    alerts = _alerts_since(session, now - WEEK)
    weeks = _weeks(session, rules, now)
    nothing = (Tally(), None, None)
    return [
        TrackRecord(
            rule,
            *figures.get(rule.id, nothing),
            alerts_this_week=alerts.get(rule.id, 0),
            weeks=weeks.get(rule.id, []),
        )
        for rule in rules
    ]


def _figures(
    session: Session, rules: Sequence[Rule], now: datetime
) -> dict[UUID, tuple[Tally, float | None, float | None]]:
    lead = case((Verdict.found == FaultFound.TRUE_FAULT, Verdict.lead_minutes))
    rows = session.execute(
        select(
            Verdict.rule_id,
            func.percentile_cont(0.5).within_group(lead),
            func.percentile_cont(0.1).within_group(lead),
            *_counts(),
        )
        .join(Rule, Rule.id == Verdict.rule_id)
        .where(Verdict.rule_id.in_([rule.id for rule in rules]), _counted(now))
        .group_by(Verdict.rule_id)
    )
    return {row[0]: (Tally(*row[3:]), row[1], row[2]) for row in rows}


def _weeks(
    session: Session, rules: Sequence[Rule], now: datetime
) -> dict[UUID, list[WeekOfVerdicts]]:
    week = func.date_trunc("week", Verdict.judged_at).label("week")
    rows = session.execute(
        select(Verdict.rule_id, week, *_counts())
        .where(Verdict.rule_id.in_([rule.id for rule in rules]), Verdict.judged_at >= now - YEAR)
        .group_by(Verdict.rule_id, week)
        .order_by(Verdict.rule_id, week)
    )
    found: dict[UUID, list[WeekOfVerdicts]] = {}
    for rule_id, begun, *counts in rows:
        found.setdefault(rule_id, []).append(WeekOfVerdicts(begun, Tally(*counts)))
    return found


def _alerts_since(session: Session, since: datetime) -> dict[UUID, int]:
    rows = session.execute(
        select(Alert.rule_id, func.count()).where(Alert.opened_at >= since).group_by(Alert.rule_id)
    )
    return {row[0]: row[1] for row in rows}


def _counted(now: datetime) -> ColumnElement[bool]:
    since = or_(Rule.judged_since.is_(None), Verdict.judged_at >= Rule.judged_since)
    return and_(Verdict.judged_at >= now - YEAR, since)


def _counts() -> tuple[ColumnElement[int], ...]:
    """The columns of a Tally."""
    true, false, other = (
        func.count().filter(Verdict.found == found)
        for found in (FaultFound.TRUE_FAULT, FaultFound.FALSE_ALARM, FaultFound.OTHER_FAULT)
    )
    rolls = func.count().filter(Verdict.found == FaultFound.FALSE_ALARM, Verdict.truck_rolled)
    avoided = func.count().filter(
        Verdict.found == FaultFound.TRUE_FAULT, Verdict.had_failed.is_(False)
    )
    return true, false, other, rolls, avoided
