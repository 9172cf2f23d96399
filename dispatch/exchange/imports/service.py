"""Imports: all rows of a file or none."""

from dataclasses import dataclass, field

from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from dispatch.exchange.imports.kinds import KINDS
from dispatch.exchange.imports.rows import CellError, Kind, Known
from dispatch.exchange.imports.sheets import LineError, Row, read_sheet
from kernel.db import because
from kernel.errors import DomainError, Invalid, NotFound

MOST_ERRORS = 500
"""A file with more mistakes is told about these only."""


@dataclass
class ImportReport:
    """What an import did, or would do (`dry_run`)."""

    kind: str
    dry_run: bool
    created: int = 0
    updated: int = 0
    errors: list[LineError] = field(default_factory=list)


def import_csv(
    session: Session, kind_name: str, data: bytes, *, dry_run: bool = False
) -> ImportReport:
    """Import a CSV file of one kind, matching records by external id (parts by number).

    All rows are saved or none: mistakes raise Invalid `import_refused` with `errors`, a list of
    {line, column, value, message}. A dry run saves nothing and reports mistakes instead.
    Raises NotFound for a kind that cannot be imported.
    """
    kind = KINDS.get(kind_name)
    if kind is None:
        raise NotFound("kind_of_import", kind_name)
    because(session, f"import of {kind.name}")
    sheet = read_sheet(data, kind.columns, kind.key if kind.unique else "")
    report = ImportReport(kind.name, dry_run, errors=list(sheet.errors))
    with session.begin_nested() as whole:
        _save_rows(session, kind, sheet.rows, report)
        if report.errors or dry_run:
            whole.rollback()
    report.errors.sort(key=lambda error: error.line)
    del report.errors[MOST_ERRORS:]
    if report.errors and not dry_run:
        raise Invalid(
            f"Nothing was imported: {len(report.errors)} mistakes, the first in line"
            f" {report.errors[0].line}.",
            code="import_refused",
            errors=[vars(error) for error in report.errors],
        )
    return report


def _save_rows(session: Session, kind: Kind, rows: list[Row], report: ImportReport) -> None:
    known = Known(session, rows)
    for row in rows:
        try:
            with session.begin_nested():
                is_new = kind.save(session, row, known)
        except (CellError, DomainError, IntegrityError, DataError) as error:
            report.errors.append(_as_line_error(row, error))
            if len(report.errors) >= MOST_ERRORS:
                return
            continue
        report.created += is_new
        report.updated += not is_new


def _as_line_error(row: Row, error: Exception) -> LineError:
    if isinstance(error, CellError):
        return LineError(row.line, error.column, row.texts.get(error.column), error.message)
    if isinstance(error, DomainError):
        named = [name for name in row.texts if name in error.code]
        column = max(named, key=len, default=None)
        value = row.texts.get(column) if column else None
        return LineError(row.line, column, value, error.message)
    return LineError(
        row.line, None, None, "The database refuses this: a value is taken or too big."
    )
