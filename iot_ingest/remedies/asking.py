"""Writes to those who may decide about remedies that wait."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from iot_ingest.escalations.queries import accounts_with
from iot_ingest.escalations.telling import tell_accounts
from iot_ingest.incidents.models import Incident
from iot_ingest.remedies.lifecycle import GRANTING
from iot_ingest.remedies.models import Remedy
from iot_ingest.remedies.queries import terms_in_force

LIST = "page=incidents&tab=waiting"


def ask_for_decisions(session: Session, incident: Incident, waiting: Sequence[Remedy]) -> int:
    """One message, with the way to the list, to everybody who may decide about some of these
    remedies of an incident; gives how many were written to."""
    if not waiting:
        return 0
    in_force = terms_in_force(session)
    theirs = {
        account: [r for r in waiting if r.cost_cents <= in_force[r.kind].limit_of(account.roles)]
        for account in accounts_with(session, GRANTING)
    }
    return tell_accounts(
        session,
        [account for account, remedies in theirs.items() if remedies],
        "remedies_wait",
        lambda account: _values(incident, theirs[account]),
        where=LIST,
    )


def _values(incident: Incident, remedies: Sequence[Remedy]) -> dict[str, object]:
    cents = sum(one.cost_cents for one in remedies)
    return {
        "count": len(remedies),
        "fault": incident.fault_class.replace("_", " "),
        "amount": f"{cents / 100:.2f} {remedies[0].currency}",
    }
