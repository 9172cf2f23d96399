"""Every write on escalations: raise them, tell those who can act, and settle them."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.accounts.models import Account
from dispatch.assets.queries import get_asset
from dispatch.customers.queries import get_site
from dispatch.messaging.field_notices.service import tell_field
from dispatch.messaging.notices.wording import moment_words
from dispatch.messaging.templates import language_of
from iot_ingest.alerts.lifecycle import AlertStatus
from iot_ingest.alerts.models import Alert
from iot_ingest.escalations import queries
from iot_ingest.escalations.lifecycle import TOLD_LAST, TOLD_OF_RULES, EscalationKind, roles_told
from iot_ingest.escalations.models import Escalation
from iot_ingest.escalations.telling import tell_accounts
from iot_ingest.events import EscalationRaised
from iot_ingest.rules.lifecycle import Severity, Standing
from iot_ingest.rules.models import Rule
from kernel import clock
from kernel.db import get, locked, present_actor
from kernel.events import publish


def raise_alert(session: Session, alert_id: UUID, level: int) -> Escalation | None:
    """Tell the office, and outside hours whoever is on call, that nobody took an alert on. Once
    for each level; None when somebody has meanwhile."""
    (alert,) = locked(session, Alert, [alert_id])
    known = queries.find_of_alert(session, alert.id)
    if alert.status is not AlertStatus.ACTIVE or (known is not None and known.level >= level):
        return None
    rule, now = get(session, Rule, alert.rule_id), clock.now(session)
    asset = get_asset(session, alert.asset_id).name
    raised = known or Escalation(
        kind=EscalationKind.ALERT_UNATTENDED, alert_id=alert.id, territory_id=alert.territory_id
    )
    raised.level, raised.raised_at = level, now
    raised.settled_at = raised.settled_by = None
    raised.words = {
        "en": f"Nobody has taken this on: {rule.name}, {asset}.",
        "de": f"Niemand hat das übernommen: {rule.name}, {asset}.",
    }
    session.add(raised)
    values = {"asset": asset, "problem": rule.name}
    is_pressing = alert.danger.threatens_people or alert.severity is Severity.CRITICAL
    raised.told = tell_accounts(
        session,
        _who_acts(session, roles_told(level)),
        "alert_unattended",
        lambda account: {**values, "since": _since(session, alert, account.locale)},
        where=f"page=alerts&item={alert.id}",
        is_pressing=is_pressing,
        alert_id=alert.id,
    )
    for technician_id in queries.on_duty(session, alert.territory_id, now):
        told = tell_field(session, technician_id, "alert_on_call", values)
        raised.told += told is not None
    return _raised(session, raised)


def raise_rule(session: Session, rule_id: UUID) -> Escalation | None:
    """Tell the office that the alerts of a rule, or of the model it listens to, need review first,
    and why. None when somebody trusts it again, or knows this already."""
    (rule,) = locked(session, Rule, [rule_id])
    words, known = _demoted(rule), queries.find_open_of_rule(session, rule.id)
    if rule.standing is not Standing.TRIAGE or (known is not None and known.words == words):
        return None
    if known is not None:  # of an earlier demotion
        settle(session, known.id)
    raised = Escalation(
        kind=EscalationKind.RULE_DEMOTED, rule_id=rule.id, raised_at=clock.now(session)
    )
    raised.words = words
    session.add(raised)
    raised.told = tell_accounts(
        session,
        _who_acts(session, TOLD_OF_RULES),
        "rule_demoted",
        lambda account: {"rule": rule.name, "reason": words[language_of(account.locale)]},
        where="page=watch",
    )
    return _raised(session, raised)


def settle(session: Session, escalation_id: UUID) -> Escalation:
    """Somebody has seen to it. Twice is once."""
    (raised,) = locked(session, Escalation, [escalation_id])
    if raised.settled_at is None:
        raised.settled_at, raised.settled_by = clock.now(session), present_actor(session)
        session.flush()
    return raised


def _who_acts(session: Session, roles: Collection[str]) -> Sequence[Account]:
    """Everybody with one of the roles, and where nobody has one all who may act."""
    return queries.accounts_with(session, roles) or queries.accounts_with(session, TOLD_LAST)


def _since(session: Session, alert: Alert, locale: str) -> str:
    zone = get_site(session, alert.site_id).time_zone
    return moment_words(alert.opened_at, zone, locale)


def _demoted(rule: Rule) -> dict[str, str]:
    """The reason of a demotion, per language."""
    told = (rule.standing_reason or {}).get("words") or {}
    return {
        "en": f"{rule.name}: {told.get('en') or 'Needs review first.'}",
        "de": f"{rule.name}: {told.get('de') or 'Wird erst geprüft.'}",
    }


def _raised(session: Session, raised: Escalation) -> Escalation:
    session.flush()
    event = EscalationRaised(escalation_id=raised.id, territory_id=raised.territory_id)
    publish(session, event)
    return raised
