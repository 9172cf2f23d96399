"""Drafting a migration without a database of one's own."""

from typing import Any

import pytest

from kernel import db
from kernel.errors import StartError
from kernel.settings import Settings
from server import migrate
from server.commands import migrate as command


@pytest.fixture
def without_database(monkeypatch: pytest.MonkeyPatch) -> Any:
    made = Settings()
    made.database_url = ""
    for module in (command, db):
        monkeypatch.setattr(module, "settings", lambda: made)
    db.forget_engines(close=True)
    yield
    monkeypatch.undo()
    db.forget_engines(close=True)


class TestNew:
    def test_compares_with_an_embedded_database_where_none_is_named(
        self, without_database: None, monkeypatch: pytest.MonkeyPatch, capsys: Any
    ) -> None:
        asked: list[bool] = []

        def draft(message: str) -> str:
            asked.append(migrate.is_current())
            return f"{message}.py"

        monkeypatch.setattr(migrate, "draft", draft)
        command.run(new="tools")
        assert asked == [True]
        assert "Look through tools.py" in capsys.readouterr().out

    def test_otherwise_a_database_must_be_named(self, without_database: None) -> None:
        with pytest.raises(StartError, match="Set DATABASE_URL"):
            command.run()
