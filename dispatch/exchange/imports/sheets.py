"""CSV text read into rows that know their line, with every mistake named by line and column."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dispatch.exchange.imports.cells import Column


@dataclass(frozen=True)
class LineError:
    """One mistake; the header is line 1. Without a column the whole line is meant."""

    line: int
    column: str | None
    value: str | None
    message: str


@dataclass(frozen=True)
class Row:
    """The values of the columns that the file has; `texts` are the cells as written."""

    line: int
    values: dict[str, Any]
    texts: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    rows: list[Row]
    errors: list[LineError]


def read_sheet(data: bytes, columns: Sequence[Column], key: str) -> Sheet:
    """Read comma or semicolon separated UTF-8 with a header; `key` must differ in every row.

    Rows with mistakes are left out of `rows`. Pass an empty `key` to allow repetition.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return Sheet([], [LineError(line, None, None, "The file is not UTF-8 text.")])
    lines = _lines(text)
    try:
        _, header = next(lines)
    except StopIteration:
        return Sheet([], [LineError(1, None, None, "The file is empty.")])
    except csv.Error as error:
        return Sheet([], [LineError(1, None, None, f"This is not CSV: {error}.")])
    names = [name.strip() for name in header]
    errors = _check_header(names, columns)
    if errors:
        return Sheet([], errors)
    return _read_rows(lines, names, {column.name: column for column in columns}, key)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that hold something, each with the number of its first physical line."""
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    start = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield start, cells
        start = reader.line_num + 1


def _check_header(names: Sequence[str], columns: Sequence[Column]) -> list[LineError]:
    known = {column.name for column in columns}
    errors = []
    for place, name in enumerate(names):
        if name not in known:
            message = f"There is no such column. Known are {', '.join(sorted(known))}."
            errors.append(LineError(1, name, None, message))
        elif name in names[:place]:
            errors.append(LineError(1, name, None, "This column is there twice."))
    errors += [
        LineError(1, column.name, None, "This column is missing.")
        for column in columns
        if column.is_required and column.name not in names
    ]
    return errors


def _read_rows(
    lines: Iterator[tuple[int, list[str]]],
    names: Sequence[str],
    columns: dict[str, Column],
    key: str,
) -> Sheet:
    rows: list[Row] = []
    errors: list[LineError] = []
    seen: dict[str, int] = {}
    line = 1
    try:
        for line, cells in lines:
            if len(cells) != len(names):
                message = f"This line has {len(cells)} cells, the header has {len(names)}."
                errors.append(LineError(line, None, None, message))
                continue
            row, wrong = _read_row(line, dict(zip(names, cells, strict=True)), columns)
            if key and not wrong:
                first = seen.setdefault(row.texts[key], line)
                if first != line:
                    message = f"This value is in line {first} already."
                    wrong = [LineError(line, key, row.texts[key], message)]
            errors += wrong
            if not wrong:
                rows.append(row)
    except csv.Error as error:
        errors.append(LineError(line + 1, None, None, f"This is not CSV: {error}."))
    return Sheet(rows, errors)


def _read_row(
    line: int, cells: dict[str, str], columns: dict[str, Column]
) -> tuple[Row, list[LineError]]:
    values: dict[str, Any] = {}
    texts: dict[str, str] = {}
    errors = []
    for name, cell in cells.items():
        column = columns[name]
        text = texts[name] = cell.strip()
        if not text:
            if column.is_required:
                errors.append(LineError(line, name, text, "This must not be empty."))
            values[name] = column.default
            continue
        try:
            values[name] = column.parse(text)
        except ValueError as error:
            errors.append(LineError(line, name, text, f"This {error}."))
    return Row(line, values, texts), errors
