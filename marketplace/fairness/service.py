"""The fairness report: who got more or less than an equal share, and why."""

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from uuid import UUID

from sqlalchemy.orm import Session

from kernel.clock import now
from kernel.settings import settings
from kernel.sheets import plain
from marketplace.fairness import queries
from marketplace.fairness.shares import Line
from marketplace.trust_terms.models import TrustTerms
from marketplace.trust_terms.queries import terms_in_force
from marketplace.waves.fairness import gini


@dataclass(frozen=True)
class Report:
    """All lines of the window, and the bound that waves keep to."""

    since: datetime
    until: datetime
    terms: TrustTerms
    currency: str
    lines: list[Line]
    names: Mapping[UUID, str]

    def is_within(self, line: Line) -> bool:
        return line.is_within(self.terms.most_ahead, self.terms.most_ahead_pct)

    @property
    def gini_of_offers(self) -> float:
        """Inequality of offers against equal shares: 0 all alike, towards 1 one has all."""
        return _gini([(line.asked, line.equal_share) for line in self.lines])

    @property
    def gini_of_pay(self) -> float:
        return _gini([(line.agreed_cents, line.equal_agreed_cents) for line in self.lines])


def report(session: Session, technician_ids: Collection[UUID] | None = None) -> Report:
    """Of the window that the rules of trust say, until now; of everybody when None."""
    terms, until, currency = terms_in_force(session), now(session), settings().currency
    since = until - timedelta(days=terms.window_days)
    lines = queries.list_lines(session, since, currency, technician_ids)
    names = queries.names_of(session, [line.technician_id for line in lines])
    return Report(since, until, terms, currency, lines, names)


def considered(
    session: Session, technician_id: UUID, limit: int, before: int | None = None
) -> list[queries.Told]:
    """The times within the window that somebody was thought of, newest first."""
    since = now(session) - timedelta(days=terms_in_force(session).window_days)
    rows = queries.list_considered(session, technician_id, since, limit, before)
    return queries.told(session, rows)


def as_csv(report: Report) -> str:
    """One row for each person, with how often each reason was why the person was not asked."""
    reasons = sorted({code for line in report.lines for code in line.reasons})
    out = StringIO()
    rows = csv.writer(out)
    rows.writerow(
        "technician_id name times_able asked equal_share ahead accepted currency agreed_cents"
        " equal_agreed_cents within_bound".split()
        + [f"not_asked_{code}" for code in reasons]
    )
    for line in report.lines:
        rows.writerow(
            [
                line.technician_id,
                plain(report.names[line.technician_id]),
                line.times_able,
                line.asked,
                f"{line.equal_share:.2f}",
                f"{line.ahead:.2f}",
                line.accepted,
                report.currency,
                line.agreed_cents,
                line.equal_agreed_cents,
                "yes" if report.is_within(line) else "no",
                *(line.reasons.get(code, 0) for code in reasons),
            ]
        )
    return out.getvalue()


def _gini(got: list[tuple[float, float]]) -> float:
    return gini([value / equal for value, equal in got if equal > 0])
