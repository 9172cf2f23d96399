"""Writes kinds of credentials."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from dispatch.technicians.credential_kinds.queries import find_kind
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.models import CredentialKind
from dispatch.technicians.qualifications.service import tell_changed
from dispatch.technicians.queries import technicians_matching


def describe_kind(
    session: Session,
    kind: str,
    *,
    name: str,
    required_of: Collection[Employment],
    remind_days: Collection[int],
) -> CredentialKind:
    """Say who needs a kind of credential and when holders are reminded; a new kind is made.

    Everybody who needs it now and has none gets no further work.
    """
    found = find_kind(session, kind)
    if found is None:
        found = CredentialKind(kind=kind, required_of=[])
        session.add(found)
    concerned = {*found.required_of} ^ {*required_of}
    found.name, found.required_of = name, sorted(required_of)
    found.remind_days = sorted(set(remind_days), reverse=True)
    session.flush()
    for employment in sorted(concerned):
        for person in session.scalars(technicians_matching(employment=Employment(employment))):
            tell_changed(session, person, "credentials")
    return found
