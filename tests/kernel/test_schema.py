"""The database guards versions, moves and names by itself."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from kernel.schema import record_tables


class TestRecordTables:
    def test_each_has_its_version_and_audit_triggers(self, session: Session) -> None:
        found: dict[str, set[str]] = {}
        for table, trigger in session.execute(
            text("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal")
        ):
            found.setdefault(table, set()).add(trigger)
        assert record_tables()
        for record in record_tables():
            assert {"touch", "audit"} <= found[record.name]
            if "lifecycle" in record.info:
                assert "legal_move" in found[record.name]
