"""Every write on silences: keep alerts quiet for a time, and let them speak again."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.assets.queries import get_asset
from iot_ingest.alerts.lifecycle import QuietReason
from iot_ingest.alerts.models import Alert
from iot_ingest.events import AlertQuietEnded
from iot_ingest.silences import queries
from iot_ingest.silences.models import Inhibition, Silence
from kernel import clock
from kernel.db import get, locked
from kernel.errors import Invalid
from kernel.events import later, publish

LONGEST = timedelta(days=92)


def silence(session: Session, fields: Mapping[str, Any]) -> Silence:
    """A silence or a maintenance window. Raises Invalid `silence_unbounded` or
    `silence_too_long`."""
    made = Silence(**fields)
    scope = (made.rule_id, made.fault_class, made.asset_id, made.site_id, made.territory_id)
    if not any(scope) and not made.model:
        raise Invalid("Say what is to be silent.", code="silence_unbounded")
    if not timedelta(0) < made.ends_at - made.starts_at <= LONGEST:
        raise Invalid("A silence ends, within 92 days.", code="silence_too_long")
    session.add(made)
    session.flush()
    return made


def end(session: Session, silence_id: UUID) -> Silence:
    """Before its time; what was silent is looked at anew. Twice is once."""
    (found,) = locked(session, Silence, [silence_id])
    now = clock.now(session)
    if found.ends_at > now:
        found.ends_at = max(now, found.starts_at + timedelta(microseconds=1))
        session.flush()
        for alert_id in queries.ids_silenced(session):
            publish(session, AlertQuietEnded(alert_id=alert_id))
    return found


def inhibit(session: Session, fields: Mapping[str, Any]) -> Inhibition:
    made = Inhibition(**fields)
    session.add(made)
    session.flush()
    return made


def lift(session: Session, inhibition_id: UUID) -> None:
    """What waits goes on waiting until the alert that made it wait ends."""
    session.delete(get(session, Inhibition, inhibition_id))
    session.flush()


def keep_quiet(session: Session, alert: Alert) -> bool:
    """Whether the alert, which the caller has locked, waits for the end of a silence or of
    another alert. What threatens people never does."""
    alert.quiet_until = alert.quiet_reason = alert.inhibited_by = None
    if not alert.danger.threatens_people:
        _look_for_reason(session, alert)
    session.flush()
    return alert.quiet_reason is not None


def _look_for_reason(session: Session, alert: Alert) -> None:
    model = get_asset(session, alert.asset_id).model
    found = queries.find_silence(session, alert, model, clock.now(session))
    if found is not None:
        alert.quiet_until, alert.quiet_reason = found.ends_at, QuietReason(str(found.kind))
        later(session, AlertQuietEnded(alert_id=alert.id), found.ends_at)
        return
    source = queries.find_source(session, alert)
    if source is not None:
        alert.quiet_reason, alert.inhibited_by = QuietReason.INHIBITED, source.id
