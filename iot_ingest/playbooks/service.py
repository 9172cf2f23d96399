"""Every write on the decision table."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.work_orders.queries import find_work_type
from iot_ingest.playbooks.models import Playbook
from kernel import db
from kernel.db import get
from kernel.errors import Invalid


def write(session: Session, fields: Mapping[str, Any]) -> Playbook:
    """A new row. Raises Invalid `danger_never_ignored`, `unknown_work_type` or
    `instructions_missing`."""
    return db.write(session, Playbook(), fields, _ensure_sound)


def rewrite(session: Session, playbook: Playbook, fields: Mapping[str, Any]) -> Playbook:
    """All fields anew; alerts already decided keep what was decided."""
    return db.write(session, playbook, fields, _ensure_sound)


def drop(session: Session, playbook_id: UUID) -> None:
    session.delete(get(session, Playbook, playbook_id))
    session.flush()


def _ensure_sound(session: Session, playbook: Playbook) -> None:
    if playbook.danger and playbook.offers_ignore:
        raise Invalid(
            "What threatens people is never offered to be ignored.", code="danger_never_ignored"
        )
    named = (
        playbook.work_type_code,
        playbook.loan_work_type_code,
        playbook.collect_work_type_code,
    )
    if any(code is not None and find_work_type(session, code) is None for code in named):
        raise Invalid("There is no such work type.", code="unknown_work_type")
    if playbook.workaround is not None and "en" not in playbook.workaround:
        raise Invalid("The instructions need English words.", code="instructions_missing")
    if playbook.offers_remote and not playbook.remote_command:
        raise Invalid("A remote fix needs a command.", code="remote_command_missing")
