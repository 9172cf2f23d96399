"""Writes to technicians and freelancers, at their account or the address they gave."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.accounts.queries import find_account_of
from dispatch.messaging.models import Message
from dispatch.messaging.service import send
from dispatch.technicians.credential_kinds.queries import name_of
from dispatch.technicians.models import Credential
from dispatch.technicians.queries import get_technician
from dispatch.technicians.suspensions.models import Suspension
from kernel.db import get


def tell_field(
    session: Session, technician_id: UUID, template: str, values: Mapping[str, object]
) -> Message | None:
    """None where the person is reached nowhere."""
    technician = get_technician(session, technician_id)
    account = find_account_of(session, technician_id)
    named = {"name": technician.name, **values}
    if account is not None and (account.email or account.phone):
        return send(session, template=template, values=named, account_id=account.id)
    address = technician.email or technician.phone
    return send(session, template=template, values=named, address=address) if address else None


def tell_of_credential(
    session: Session, credential_id: UUID, template: str, values: Mapping[str, object]
) -> Message | None:
    credential = get(session, Credential, credential_id)
    kind = name_of(session, credential.kind)
    return tell_field(session, credential.technician_id, template, {"kind": kind, **values})


def tell_of_suspension(session: Session, suspension_id: UUID, template: str) -> Message | None:
    suspension = get(session, Suspension, suspension_id)
    reason = suspension.lift_reason or suspension.reason
    return tell_field(session, suspension.technician_id, template, {"reason": reason})
