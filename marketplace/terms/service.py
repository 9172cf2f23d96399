"""Publishes terms, and notes who agrees."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from kernel.clock import now
from kernel.errors import Conflict, Invalid, Stale
from marketplace.terms import queries
from marketplace.terms.models import Consent, Terms


def publish_terms(
    session: Session,
    *,
    title: str,
    text: str,
    binding_from: datetime | None = None,
    after: int | None = None,
) -> Terms:
    """The next version; nobody is bound before it can be read.

    `after` is the number of the newest one that was read, 0 where there was none. Raises Invalid
    `terms_backdated`, Stale when there is a newer one.
    """
    at = now(session)
    if binding_from is not None and binding_from < at:
        raise Invalid("Terms bind from now on at the earliest.", code="terms_backdated")
    newest = queries.find_newest(session)
    number = newest.number if newest else 0
    if after is not None and after != number:
        raise Stale("There is a newer version to read.", seen=after, present=number)
    terms = Terms(
        number=number + 1,
        title=title,
        text=text,
        binding_from=binding_from or at,
    )
    session.add(terms)
    session.flush()
    return terms


def consent(session: Session, technician_id: UUID, number: int) -> Consent:
    """Agree to the newest version; doing it again changes nothing.

    Raises NotFound, Conflict `terms_outdated` when there is a newer one.
    """
    terms = queries.get_terms(session, number)
    known = queries.find_consent(session, technician_id, terms.id)
    if known is not None:
        return known
    newest = queries.find_newest(session)
    if newest is not None and newest.number != number:
        raise Conflict("There is a newer version to read.", code="terms_outdated")
    made = Consent(technician_id=technician_id, terms_id=terms.id)
    session.add(made)
    session.flush()
    return made
