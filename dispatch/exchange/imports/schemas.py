"""Shapes of what an import reports."""

from kernel.http import Schema


class LineErrorOut(Schema):
    """One mistake; the header is line 1. Without a column the whole line is meant."""

    line: int
    column: str | None
    value: str | None
    message: str


class ImportReportOut(Schema):
    kind: str
    dry_run: bool
    created: int
    updated: int
    errors: list[LineErrorOut]
