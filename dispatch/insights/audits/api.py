"""The history of records, for the office."""

from collections.abc import Sequence
from uuid import UUID

from dispatch.accounts.access import Office
from dispatch.insights.audits import queries
from dispatch.insights.audits.schemas import AuditEntryOut
from kernel import audit
from kernel.http import Router, Session

router = Router(prefix="/api", tags=["audit"])


@router.get("/audit/{record_id}", response_model=list[AuditEntryOut])
def history(record_id: UUID, session: Session, _: Office) -> list[audit.AuditEntry]:
    """Every change of one record, oldest first; nothing for a record that never was."""
    return audit.history(session, record_id)


@router.get("/work-orders/{work_order_id}/audit", response_model=list[AuditEntryOut])
def history_of_order(
    work_order_id: UUID, session: Session, _: Office
) -> Sequence[audit.AuditEntry]:
    """Every change of an order, its visits, clocks, pauses, prerequisites and parts."""
    return queries.list_changes_of_order(session, work_order_id)
