"""I19: every write leaves its audit row, and none is changed unnoticed."""

from sqlalchemy import exc, text
from sqlalchemy.orm import Session

from benchmarks.invariants.jobs import Outcome
from kernel import audit, db
from kernel.schema import record_tables

APPEND_ONLY = "FF004"
SEAL_BATCHES = 4

REFUSED = {
    "a changed entry": "UPDATE audit_entry SET why = 'never mind'",
    "a removed entry": "DELETE FROM audit_entry",
    "a cleared table": "TRUNCATE audit_entry",
}
ONE = "(SELECT entry_id FROM audit_sealed ORDER BY entry_id OFFSET 3 LIMIT 1)"
TAMPERED = {
    **{
        f"another {column}": f"UPDATE audit_entry SET {column} = {value} WHERE id = {ONE}"
        for column, value in {
            "actor": "'somebody else'",
            "why": "'because'",
            "at": "at + interval '1 second'",
            "written_at": "written_at + interval '1 second'",
            "device_at": "app_now()",
            "request_id": "'another'",
            "table_name": "'customers_'",
            "record_id": "uuidv7()",
            "record_version": "record_version + 1",
            "action": "'noted'",
            "changes": '\'{"name": "forged"}\'',
        }.items()
    },
    "an entry less": f"DELETE FROM audit_entry WHERE id = {ONE}",
    "an entry that is sealed no more": f"DELETE FROM audit_sealed WHERE entry_id = {ONE}",
    "an entry in another link": (
        f"UPDATE audit_sealed SET seal_id = (SELECT max(id) FROM audit_seal) WHERE entry_id = {ONE}"
    ),
    "a link less": "DELETE FROM audit_seal WHERE id = (SELECT min(id) FROM audit_seal)",
    "another digest": (
        "UPDATE audit_seal SET digest = sha256('forged')"
        " WHERE id = (SELECT max(id) FROM audit_seal)"
    ),
    "another signature": (
        "UPDATE audit_seal SET signature = sha256('forged')"
        " WHERE id = (SELECT min(id) FROM audit_seal)"
    ),
}


def attack() -> Outcome:
    """Look at whatever the database holds: run it after an attack that wrote a lot."""
    outcome = Outcome()
    with db.transaction("audit") as session:
        _compare(session, outcome)
        _refuse(session, outcome)
    _seal_all(outcome)
    with db.transaction("audit") as session:
        _tamper(session, outcome)
    return outcome


def _compare(session: Session, outcome: Outcome) -> None:
    """A record's version counts its changes, so it counts its audit rows."""
    for table in record_tables():
        outcome.operations += int(
            session.scalar(text(f"SELECT coalesce(sum(version), 0) FROM {table.name}")) or 0
        )
        missing = session.scalar(
            text(
                f"SELECT count(*) FROM {table.name} r WHERE version <> (SELECT count(*)"
                " FROM audit_entry e WHERE e.record_id = r.id AND e.table_name = :name)"
            ),
            {"name": table.name},
        )
        if missing:
            outcome.violations.append(f"I19: {missing} {table.name} not audited")


def _refuse(session: Session, outcome: Outcome) -> None:
    for what, statement in REFUSED.items():
        outcome.faults += 1
        with session.begin_nested() as nested:
            try:
                session.execute(text(statement))
                outcome.violations.append(f"I19: {what} was not refused")
            except exc.DBAPIError as error:
                if getattr(error.orig, "sqlstate", "") != APPEND_ONLY:
                    outcome.violations.append(f"I19: {what}: {error.orig}")
            finally:
                nested.rollback()


def _seal_all(outcome: Outcome) -> None:
    """In several links, so that there is an order to break."""
    with db.transaction("audit") as session:
        entries = int(session.scalar(text("SELECT count(*) FROM audit_entry")) or 0)
    size = max(1, -(-entries // SEAL_BATCHES))
    sealed = 0
    for _ in range(SEAL_BATCHES + 1):
        with db.transaction("audit") as session:
            sealed += audit.seal(session, size)
    outcome.figures["entries"] = entries
    with db.transaction("audit") as session:
        if sealed != entries or audit.verify_chain(session):
            outcome.violations.append(f"I19: {sealed} of {entries} entries sealed, chain broken")


def _tamper(session: Session, outcome: Outcome) -> None:
    """As somebody would who may switch triggers off."""
    for what, statement in TAMPERED.items():
        outcome.faults += 1
        with session.begin_nested() as nested:
            session.execute(text("SET LOCAL session_replication_role = replica"))
            session.execute(text(statement))
            session.expire_all()
            if not audit.verify_chain(session):
                outcome.violations.append(f"I19: {what} was not noticed")
            nested.rollback()
        session.expire_all()
