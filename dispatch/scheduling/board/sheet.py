"""The day sheet as a page for the printer."""

from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from dispatch.scheduling.board.cards import Card, DaySheet

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}, {day}</title><style>{style}</style></head><body>
<header><h1>{name}</h1><p class="day">{day}</p>
<p class="facts">{shifts}<br>{count} &middot; printed {printed}</p></header>
{cards}
<footer>Firstfix day sheet &middot; {name} &middot; {day}</footer>
</body></html>"""

STYLE = """
@page { size: A4; margin: 14mm 12mm 16mm; }
* { box-sizing: border-box; }
body { font: 11pt/1.4 system-ui, sans-serif; color: #111; margin: 0 auto; max-width: 190mm; }
header { border-bottom: 2px solid #111; margin-bottom: 5mm; padding-bottom: 2mm; }
h1 { font-size: 18pt; margin: 0; }
h2 { font-size: 12.5pt; margin: 0 0 1mm; }
.day { font-size: 13pt; margin: 0; }
.facts, footer { color: #444; font-size: 9.5pt; margin: 1mm 0 0; }
article { border: 1px solid #999; border-radius: 2mm; padding: 3mm 4mm; margin: 0 0 4mm;
  break-inside: avoid; page-break-inside: avoid; display: grid; grid-template-columns: 27mm 1fr; }
.time { font-size: 14pt; font-weight: 700; font-variant-numeric: tabular-nums; }
.time small { display: block; font-size: 9pt; font-weight: 400; color: #444; }
dl { margin: 1mm 0 0; display: grid; grid-template-columns: 28mm 1fr; row-gap: .5mm; }
dt { color: #555; } dd { margin: 0; }
.notes { border-bottom: 1px solid #bbb; height: 9mm; }
.empty { padding: 10mm 0; text-align: center; color: #555; }
@media screen { body { padding: 8mm; } }
@media print { a { color: inherit; text-decoration: none; } }
"""

CARD = """<article>
<div class="time">{start}<small>until {end}</small><small>trip {trip}</small></div>
<div><h2>{title}</h2><dl>{rows}</dl><div class="notes"></div><div class="notes"></div></div>
</article>"""


def render(sheet: DaySheet) -> str:
    """HTML with everything escaped; confidential access notes stay in the app."""
    zone = ZoneInfo(sheet.time_zone)
    cards = "\n".join(_card(card, sheet, zone) for card in sheet.cards)
    shifts = ", ".join(
        f"{_time(shift.starts_at, zone)} to {_time(shift.ends_at, zone)}" for shift in sheet.shifts
    )
    count = len(sheet.cards)
    return PAGE.format(
        style=STYLE,
        name=escape(sheet.technician.name),
        day=sheet.day.strftime("%A, %d %B %Y"),
        shifts=f"Shift {shifts}" if shifts else "No shift",
        count="1 visit" if count == 1 else f"{count} visits",
        printed=sheet.printed_at.astimezone(zone).strftime("%d %b %H:%M"),
        cards=cards or '<p class="empty">Nothing is planned for this day.</p>',
    )


def _card(card: Card, sheet: DaySheet, zone: ZoneInfo) -> str:
    seat = next(s for s in card.seats if s.row.technician_id == sheet.technician.id)
    others = [s.technician_name for s in card.seats if s is not seat]
    facts = [
        ("Address", card.site.address),
        ("Customer", " ".join(filter(None, (card.customer.name, card.customer.phone)))),
        ("Promised", _promised(card, zone)),
        ("Work", f"{card.work_type.name}, usually {card.visit.duration_minutes} minutes"),
        ("With", ", ".join(others)),
        ("Access", card.site.access_notes),
        ("Note", card.visit.note),
        ("Description", card.order.description),
    ]
    rows = "".join(f"<dt>{label}</dt><dd>{escape(value)}</dd>" for label, value in facts if value)
    return CARD.format(
        start=_time(seat.row.starts_at, zone),
        end=_time(seat.row.ends_at, zone),
        trip=f"{seat.row.travel_seconds // 60} min",
        title=f"{escape(card.order.number)} {escape(card.order.title)}",
        rows=rows,
    )


def _promised(card: Card, zone: ZoneInfo) -> str:
    if card.booking is None:
        return ""
    start, end = card.booking.arrival_start, card.booking.arrival_end
    return f"arrival {_time(start, zone)} to {_time(end, zone)}"


def _time(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%H:%M")
