"""Every SELECT on the decision table."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from iot_ingest.playbooks.models import Playbook


def find_playbook(session: Session, fault_class: str, criticality: int) -> Playbook | None:
    """The row for an asset of that criticality."""
    return session.scalar(
        select(Playbook)
        .where(Playbook.fault_class == fault_class, Playbook.criticality <= criticality)
        .order_by(Playbook.criticality.desc())
        .limit(1)
    )


def select_playbooks() -> Select[Playbook]:
    return select(Playbook)
