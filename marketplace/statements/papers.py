"""Rows as CSV and as a PDF of text pages; plain Python."""

import csv
import io
from collections.abc import Sequence

from kernel.sheets import FORMULA

Row = Sequence[object]
A_PAGE = 54
WIDTH, HEIGHT, MARGIN, SIZE, LEADING = 595, 842, 50, 9, 14


def to_csv(rows: Sequence[Row]) -> str:
    """RFC 4180; text that a spreadsheet would take for a formula is quoted off."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(
        [[_safe(cell) for cell in row] for row in rows]
    )
    return out.getvalue()


def _safe(cell: object) -> str:
    text = "" if cell is None else str(cell)
    if text.startswith(FORMULA) and not text[1:].replace(".", "").isdigit():
        return "'" + text
    return text


def to_pdf(lines: Sequence[str]) -> bytes:
    """A4 pages of Courier, 90 signs a line (PDF 1.4, ISO 32000 7.5); signs beyond Latin become ?.

    Text alone needs no library.
    """
    pages = [lines[start : start + A_PAGE] for start in range(0, len(lines), A_PAGE)] or [[]]
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        _pages(len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in enumerate(pages):
        text = _text(page)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /Resources << /Font << /F1 3 0 R >> >>"
            b" /Contents %d 0 R >>" % (5 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text))
    return _file(objects)


def _pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(count))
    box = b"[0 0 %d %d]" % (WIDTH, HEIGHT)
    return b"<< /Type /Pages /Kids [%s] /Count %d /MediaBox %s >>" % (kids, count, box)


def _text(lines: Sequence[str]) -> bytes:
    shown = [_escaped(line) for line in lines]
    begin = b"BT /F1 %d Tf %d TL %d %d Td" % (SIZE, LEADING, MARGIN, HEIGHT - MARGIN)
    return b"\n".join([begin, *(b"(%s) Tj T*" % line for line in shown), b"ET"])


def _escaped(line: str) -> bytes:
    encoded = line[:90].encode("cp1252", "replace")
    return encoded.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _file(objects: Sequence[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % table)
