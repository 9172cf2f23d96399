"""Refusing shifts that break the rules of working time."""

from sqlalchemy.orm import Session

from dispatch.technicians.models import Technician
from dispatch.technicians.working_time.days import Span
from dispatch.technicians.working_time.queries import broken_beside
from dispatch.technicians.working_time.rules import countries
from kernel.errors import Conflict, Invalid


def require_kept(session: Session, technician: Technician, span: Span) -> None:
    """Raise Conflict `working_time` with the broken rules, unless somebody answers for them."""
    if span.is_excused:
        return
    broken = broken_beside(session, technician, span)
    if broken:
        raise Conflict(
            broken[0].sentence,
            code="working_time",
            technician_id=str(technician.id),
            broken=[
                {
                    "code": str(rule.code),
                    "sentence": rule.sentence,
                    "limit_minutes": rule.limit_minutes,
                    "found_minutes": rule.found_minutes,
                    "source": rule.source,
                }
                for rule in broken
            ],
        )


def check_country(country: str | None) -> None:
    """Raise Invalid `country_unknown` where no rules are on file."""
    if country is not None and country not in countries():
        known = ", ".join(sorted(countries()))
        raise Invalid(f"Rules are on file for {known}.", code="country_unknown")
