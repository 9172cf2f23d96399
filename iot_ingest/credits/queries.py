"""Every SELECT on credits, and the list for those who write bills."""

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.customers.models import Customer
from iot_ingest.alerts.models import Alert
from iot_ingest.credits.lifecycle import CreditStatus
from iot_ingest.credits.models import Credit
from iot_ingest.incidents.models import IncidentAlert
from kernel.db import among
from kernel.sheets import plain

COLUMNS = (
    "granted_at", "customer_id", "customer", "amount", "currency", "reason", "status",
    "redeemed_at", "reference", "credit_id",
)  # fmt: skip


def find_credit(session: Session, alert_id: UUID) -> Credit | None:
    return session.scalar(select(Credit).where(Credit.alert_id == alert_id))


def select_credits(
    customer_id: UUID | None = None, status: CreditStatus | None = None
) -> Select[Credit]:
    found = select(Credit)
    if customer_id is not None:
        found = found.where(Credit.customer_id == customer_id)
    return found.where(Credit.status == status) if status is not None else found


def list_of_customer(session: Session, customer_id: UUID) -> Sequence[Credit]:
    """Newest first."""
    found = select_credits(customer_id).order_by(Credit.granted_at.desc(), Credit.id)
    return session.scalars(found).all()


@dataclass(frozen=True, slots=True)
class Origin:
    """What a credit was granted for."""

    fault_class: str
    asset_name: str
    incident_id: UUID | None


def origins_of(session: Session, credits: Collection[Credit]) -> dict[UUID, Origin]:
    rows = session.execute(
        select(Alert.id, Alert.fault_class, Asset.name, IncidentAlert.incident_id)
        .join(Asset, Asset.id == Alert.asset_id)
        .outerjoin(IncidentAlert, IncidentAlert.alert_id == Alert.id)
        .where(among(Alert.id, {credit.alert_id for credit in credits}))
    )
    return {row[0]: Origin(*row[1:]) for row in rows}


def as_csv(session: Session, since: datetime, until: datetime) -> str:
    """A line for each credit granted in `[since, until)`, amounts in units of the currency."""
    rows = session.execute(
        select(Credit, Customer.name)
        .join(Customer, Customer.id == Credit.customer_id)
        .where(Credit.granted_at >= since, Credit.granted_at < until)
        .order_by(Credit.granted_at, Credit.id)
    )
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for credit, name in rows:
        amount = f"{credit.amount_cents / 100:.2f}"
        line = (
            credit.granted_at.isoformat(), credit.customer_id, plain(name), amount,
            credit.currency, credit.words.get("en", ""), credit.status,
            credit.redeemed_at.isoformat() if credit.redeemed_at else "",
            plain(credit.reference or ""), credit.id,
        )  # fmt: skip
        writer.writerow(line)
    return text.getvalue()
