"""Connections that were idle are asked whether they are alive; sessions that only read take one
question to the database."""

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from kernel import db
from tests.conftest import Database

PRESENT = text("SELECT pg_backend_pid()")


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every connection counts as idle for too long."""
    monkeypatch.setattr(db, "SURE_SECONDS", 0.0)


def close_others(session: Session) -> None:
    """As when the database has been started anew."""
    session.execute(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    )


class TestEnsureAlive:
    def test_replaces_a_connection_that_was_closed_while_idle(
        self, database: Database, idle: None
    ) -> None:
        with db.new_session() as session:
            before = session.scalar(PRESENT)
        with db.new_session(aside=True) as session:
            close_others(session)
        with db.new_session() as session:
            assert session.scalar(PRESENT) != before

    def test_uses_one_that_answered_just_now_again(self, database: Database) -> None:
        found = []
        for _ in range(2):
            with db.new_session() as session:
                found.append(session.scalar(PRESENT))
        assert len(set(found)) == 1


class TestReading:
    def test_leaves_no_transaction_behind_and_names_nobody(self, database: Database) -> None:
        asked: list[str] = []
        event.listen(
            db.engine(), "before_cursor_execute", lambda c, cur, words, *_: asked.append(words)
        )
        with db.reading(aside=False) as session:
            db.act_from_begin(session, "somebody")
            alone = text("SELECT txid_current()")
            assert session.scalar(alone) != session.scalar(alone)
        assert len(asked) == 2
