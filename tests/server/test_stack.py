"""Starting the product where it cannot be started: one sentence, and nothing is touched."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kernel import embedded
from kernel.embedded import EmbeddedError
from kernel.jobs import QUEUES
from server.stack import PROCESSES, StackError, running


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """A data folder from an earlier time."""
    embedded.hold(tmp_path).close()
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("18")
    return tmp_path


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def content(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


def served() -> list[list[str]]:
    """The queues of each worker."""
    return [
        words[words.index("--queues") + 1].split(",")
        for words in PROCESSES.values()
        if "--queues" in words
    ]


class TestProcesses:
    def test_serve_each_queue_once(self) -> None:
        assert sorted(queue for queues in served() for queue in queues) == sorted(QUEUES)

    def test_train_where_no_plan_waits(self) -> None:
        assert ["training"] in served()


class TestRunning:
    def test_refuses_a_folder_in_use_and_leaves_it_alone(self, used: Path) -> None:
        before = content(used)
        with (
            embedded.hold(used),
            pytest.raises(EmbeddedError, match="Another process already runs the servers in"),
            running(used, fresh=True),
        ):
            pass
        assert content(used) == before

    def test_refuses_a_taken_port_and_leaves_the_folder_alone(
        self, used: Path, taken_port: int
    ) -> None:
        before = content(used)
        sentence = f"Port {taken_port} is in use by another program; give another with --port."
        with pytest.raises(StackError, match=sentence), running(used, port=taken_port, fresh=True):
            pass
        assert content(used) == before
        embedded.hold(used).close()

    def test_does_not_empty_a_folder_that_is_not_ours(self, tmp_path: Path) -> None:
        (tmp_path / "letters").mkdir()
        with pytest.raises(StackError, match="other things"), running(tmp_path, fresh=True):
            pass
        assert content(tmp_path) == [tmp_path / "letters"]


class TestCommand:
    def test_says_it_in_one_line(self, used: Path) -> None:
        command = [sys.executable, "-P", "-m", "server.cli", "demo", "--data-dir", str(used)]
        with embedded.hold(used):
            done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 1
        assert done.stderr == f"Another process already runs the servers in {used}.\n"
