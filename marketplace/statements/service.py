"""Makes papers of what the queries find."""

from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.statements import queries
from marketplace.statements.papers import to_csv, to_pdf

Format = Literal["csv", "pdf"]
MEDIA = {"csv": "text/csv; charset=utf-8", "pdf": "application/pdf"}


def statement(session: Session, payee_id: UUID, year: int, month: int, form: Format) -> bytes:
    """What a payee earned and was paid in a month of UTC."""
    start = datetime(year, month, 1, tzinfo=UTC)
    end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    rows = queries.statement_rows(session, payee_id, start, end)
    if form == "csv":
        return to_csv(rows).encode()
    head = [f"Statement {year}-{month:02d}", queries.payee_name(session, payee_id), ""]
    lines = [
        f"{day!s:<11}{what!s:<14}{status!s:<10}{amount!s:>12} {currency!s:<4} {note or ''}"
        for day, what, status, amount, currency, note in rows
    ]
    return to_pdf(head + lines)


def tax_export(session: Session, year: int) -> bytes:
    """CSV of what reached each payee's bank in a year of UTC."""
    start, end = (datetime(y, 1, 1, tzinfo=UTC) for y in (year, year + 1))
    return to_csv(queries.tax_rows(session, start, end)).encode()
