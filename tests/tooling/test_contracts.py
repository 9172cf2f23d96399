"""Each import contract fires when code in a copy of the project breaks it on purpose."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("kernel optimizer dispatch marketplace iot_ingest mobile_api server simulator").split()


@dataclass(frozen=True)
class Sabotage:
    """Files added to the copy, and the contract that must refuse them."""

    contract: str
    files: dict[str, str]


SABOTAGES = {
    "core imports a channel": Sabotage(
        "layers", {"dispatch/planted/service.py": "import marketplace"}
    ),
    "channel imports its sibling": Sabotage(
        "layers", {"marketplace/planted/service.py": "import iot_ingest"}
    ),
    "kernel imports business": Sabotage("layers", {"kernel/planted.py": "import dispatch"}),
    "package imports the composition root": Sabotage(
        "layers", {"mobile_api/planted/api.py": "import server"}
    ),
    "optimizer reads the database": Sabotage(
        "optimizer-is-pure", {"optimizer/planted.py": "import sqlalchemy"}
    ),
    "optimizer validates with pydantic": Sabotage(
        "optimizer-is-pure", {"optimizer/planted.py": "from pydantic import BaseModel"}
    ),
    "another slice solves": Sabotage(
        "one-way-to-the-optimizer", {"dispatch/planted/service.py": "import optimizer"}
    ),
    "an edge solves": Sabotage(
        "one-way-to-the-optimizer", {"marketplace/planted/service.py": "import optimizer"}
    ),
    "lifecycle reaches the tables": Sabotage(
        "rules-are-plain",
        {
            "dispatch/planted/lifecycle.py": "from dispatch.planted import states",
            "dispatch/planted/states.py": "import sqlalchemy",
        },
    ),
    "matching asks the network": Sabotage(
        "rules-are-plain", {"marketplace/planted/matching.py": "import httpx"}
    ),
    "detector writes": Sabotage(
        "rules-are-plain", {"iot_ingest/planted/detectors/drift.py": "import sqlalchemy"}
    ),
    "decoder knows the broker": Sabotage(
        "rules-are-plain", {"iot_ingest/planted/decoders/tasmota.py": "import paho.mqtt.client"}
    ),
    "service reaches HTTP through a neighbour": Sabotage(
        "business-knows-no-transport",
        {
            "dispatch/planted/service.py": "from dispatch.planted import replies",
            "dispatch/planted/replies.py": "import fastapi",
        },
    ),
    "service raises HTTP errors": Sabotage(
        "business-knows-no-transport", {"dispatch/planted/service.py": "import starlette"}
    ),
    "table knows the queue": Sabotage(
        "business-knows-no-transport", {"iot_ingest/planted/models.py": "import celery"}
    ),
    "query calls service": Sabotage(
        "roles-in-a-slice",
        {
            "dispatch/planted/queries.py": "from dispatch.planted import service",
            "dispatch/planted/service.py": "",
        },
    ),
    "task goes through the API": Sabotage(
        "roles-in-a-slice",
        {
            "marketplace/planted/tasks.py": "from marketplace.planted import api",
            "marketplace/planted/api.py": "",
        },
    ),
    "roles of a slice inside a slice": Sabotage(
        "roles-in-a-slice",
        {
            "dispatch/scheduling/planted/models.py": "from dispatch.scheduling.planted import api",
            "dispatch/scheduling/planted/api.py": "",
        },
    ),
    "two slices import each other": Sabotage(
        "no-cycles",
        {
            "marketplace/planted/service.py": "import marketplace.planted_too.service",
            "marketplace/planted_too/service.py": "import marketplace.planted.service",
        },
    ),
    "customers look up at work orders": Sabotage(
        "order-of-the-core", {"dispatch/customers/planted.py": "import dispatch.work_orders"}
    ),
    "a slice has no place in the order": Sabotage(
        "order-of-the-core", {"dispatch/planted/service.py": ""}
    ),
    "city reads the database": Sabotage(
        "city-outside", {"simulator/planted.py": "import sqlalchemy"}
    ),
    "city uses our code": Sabotage("city-outside", {"simulator/planted.py": "import kernel"}),
    "business knows the city": Sabotage(
        "city-is-started-by-server", {"dispatch/planted/service.py": "import simulator"}
    ),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / ".importlinter", copy)
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    return copy


@pytest.fixture
def plant(project: Path) -> Iterator[Path]:
    yield project
    for path in sorted(project.rglob("planted*"), reverse=True):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def lint(project: Path, contract: str) -> tuple[bool, str]:
    """Whether the contract is kept in that copy, and what the linter printed."""
    done = subprocess.run(
        [
            Path(sys.executable).with_name("lint-imports"),
            "--no-cache",
            "--no-logo",
            "--contract",
            contract,
        ],
        cwd=project,
        env={"PYTHONPATH": str(project), "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )
    assert "Contracts: " in done.stdout, done.stdout + done.stderr
    return done.returncode == 0, done.stdout


class TestContracts:
    @pytest.mark.parametrize("contract", sorted({one.contract for one in SABOTAGES.values()}))
    def test_is_kept_by_the_project(self, project: Path, contract: str) -> None:
        kept, printed = lint(project, contract)
        assert kept, printed

    @pytest.mark.parametrize("name", SABOTAGES)
    def test_fires_when_broken(self, plant: Path, name: str) -> None:
        sabotage = SABOTAGES[name]
        for path, text in sabotage.files.items():
            target = plant / path
            target.parent.mkdir(parents=True, exist_ok=True)
            for folder in target.relative_to(plant).parents[:-1]:
                (plant / folder / "__init__.py").touch()
            target.write_text(text + "\n")
        kept, printed = lint(plant, sabotage.contract)
        assert not kept
        assert "planted" in printed

    def test_every_contract_is_tried(self) -> None:
        configured = {
            line.removeprefix("[importlinter:contract:").rstrip("]")
            for line in (ROOT / ".importlinter").read_text().splitlines()
            if line.startswith("[importlinter:contract:")
        }
        assert configured == {one.contract for one in SABOTAGES.values()}
