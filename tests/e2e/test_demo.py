"""The demonstration day tells when a promise is broken: each check fires on its own sabotage."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from dispatch.accounts.roles import ADMIN
from kernel.principal import Principal
from server.demo import checks, sabotage
from tests.client import ApiClient
from tests.conftest import Database
from tests.marketplace.races import race_accepts

pytestmark = pytest.mark.committed


@pytest.fixture
def journal(database: Database, tmp_path: Path) -> Path:
    """An accepted offer in the database, and an acknowledged write in the city's own log."""
    race_accepts(database.transaction, rounds=1, threads=2)
    who = Principal(account_id=uuid4(), roles=frozenset({ADMIN}), name="city")
    key = uuid4().hex
    made = ApiClient(who, None, {"Idempotency-Key": key}).post(
        "/api/customers", json={"name": "Acknowledged"}
    )
    assert made.status_code == 201
    digest = hashlib.sha256(made.content).hexdigest()
    path = tmp_path / "journal.jsonl"
    path.write_text(json.dumps({"key": key, "status": 201, "sha256": digest}) + "\n")
    return path


class TestChecks:
    def test_find_nothing_in_a_sound_database(self, database: Database, journal: Path) -> None:
        with database.transaction() as session:
            assert checks.run(session, journal) == dict.fromkeys(checks.CHECKS, 0)

    @pytest.mark.parametrize("name", list(checks.CHECKS))
    def test_each_fires_on_its_sabotage(self, name: str, database: Database, journal: Path) -> None:
        with database.transaction() as session:
            sabotage.commit_one(session, name)
        with database.transaction() as session:
            assert checks.run(session, journal)[name] > 0


class TestDemo:
    def test_a_lost_write_ends_it_with_1(self, tmp_path: Path) -> None:
        told = tmp_path / "day.json"
        command = [sys.executable, "-P", "-m", "server.cli", "demo", "--once", "--hours", "0.1",
                   "--sabotage", "lost_writes", "--json", str(told),
                   "--data-dir", str(tmp_path / "data")]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 1, done.stdout + done.stderr
        sound = dict.fromkeys(checks.CHECKS, 0)
        assert json.loads(told.read_text())["invariants"] == {**sound, "lost_writes": 1}
