"""Writes kinds of credentials, and has holders reminded by them."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy.orm import Session

from dispatch.events import CredentialEnding
from dispatch.technicians import queries
from dispatch.technicians.clearance.rules import valid_until
from dispatch.technicians.credential_kinds.queries import REMIND_DAYS, find_kind, list_kinds
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.models import CredentialKind
from dispatch.technicians.qualifications.service import tell_changed
from dispatch.technicians.queries import technicians_matching
from kernel import clock
from kernel.events import publish


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


def remind_of_ending(session: Session) -> int:
    """Publish CredentialEnding once for each step of days before the end; gives how many.

    Nobody is reminded of what another credential of the kind proves for longer.
    """
    at = clock.now(session)
    steps = {kind.kind: kind.remind_days for kind in list_kinds(session)}
    longest = max([*REMIND_DAYS, *(day for days in steps.values() for day in days)])
    count = 0
    for credential in queries.list_credentials_between(session, at, at + timedelta(days=longest)):
        assert credential.expires_at is not None
        left = credential.expires_at - at
        reached = [
            days for days in steps.get(credential.kind, REMIND_DAYS) if left <= timedelta(days=days)
        ]
        if not reached or min(reached) >= (credential.reminded_days or longest + 1):
            continue
        held = valid_until(queries.list_credentials(session, credential.technician_id))
        if held[credential.kind] != credential.expires_at:
            continue
        credential.reminded_days = min(reached)
        session.flush()
        publish(
            session,
            CredentialEnding(
                technician_id=credential.technician_id,
                credential_id=credential.id,
                days=-(-left // timedelta(days=1)),
            ),
        )
        count += 1
    return count
