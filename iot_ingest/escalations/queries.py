"""Every SELECT on escalations, and who is there to hear of them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, any_, literal, or_, select
from sqlalchemy.orm import Session

from dispatch.accounts.models import Account
from dispatch.on_call.queries import is_outside_hours, list_rotas, on_call_at
from iot_ingest.alerts.lifecycle import AlertStatus
from iot_ingest.alerts.models import Alert
from iot_ingest.escalations.models import Escalation
from iot_ingest.rules.lifecycle import Standing
from iot_ingest.rules.models import Rule


def select_open(territory_id: UUID | None = None) -> Select[Escalation]:
    """What still waits: an alert that somebody took on does not, nor a rule that is trusted again.
    Rules are of every territory."""
    found = (
        select(Escalation)
        .outerjoin(Alert, Alert.id == Escalation.alert_id)
        .outerjoin(Rule, Rule.id == Escalation.rule_id)
        .where(
            Escalation.settled_at.is_(None),
            or_(Alert.status == AlertStatus.ACTIVE, Rule.standing == Standing.TRIAGE),
        )
    )
    if territory_id is None:
        return found
    here = or_(Escalation.territory_id.is_(None), Escalation.territory_id == territory_id)
    return found.where(here)


def find_of_alert(session: Session, alert_id: UUID) -> Escalation | None:
    return session.scalar(select(Escalation).where(Escalation.alert_id == alert_id))


def find_open_of_rule(session: Session, rule_id: UUID) -> Escalation | None:
    return session.scalar(
        select(Escalation).where(Escalation.rule_id == rule_id, Escalation.settled_at.is_(None))
    )


def accounts_with(session: Session, roles: Collection[str]) -> Sequence[Account]:
    """Enabled accounts that have any of the roles."""
    return session.scalars(
        select(Account)
        .where(Account.disabled.is_(False))
        .where(or_(*(literal(role) == any_(Account.roles) for role in roles)))
        .order_by(Account.id)
    ).all()


def on_duty(session: Session, territory_id: UUID | None, at: datetime) -> list[UUID]:
    """Technicians on call there while nobody has a shift: the first of each rota."""
    if territory_id is None or not is_outside_hours(session, territory_id, at):
        return []
    first = (on_call_at(session, rota, at)[:1] for rota in list_rotas(session, territory_id))
    return list(dict.fromkeys(person for people in first for person in people))
