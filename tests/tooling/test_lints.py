"""Each house rule fires on code that breaks it and is silent on code that keeps it."""
# lint: allow-file sql-time: the texts that the rule must refuse

import pytest

from lints.rules import LONGEST_FILE, LONGEST_FUNCTION, findings_in
from lints.source import Source

DOC = '"""What it is for."""\n\n'


def rules_broken(text: str, path: str = "dispatch/visits/service.py") -> list[str]:
    return [finding.rule for finding in findings_in(Source(path, DOC + text))]


class TestTimeSource:
    @pytest.mark.parametrize(
        "text",
        [
            "from datetime import UTC, datetime\nstarted = datetime.now(UTC)\n",
            "from datetime import datetime as dt\nstarted = dt.utcnow()\n",
            "import datetime\nstarted = datetime.datetime.now()\n",
            "import datetime as dt\nday = dt.date.today()\n",
            "import time\nstarted = time.time()\n",
            "from time import time\nstarted = time()\n",
            "import sqlalchemy as sa\nnow = sa.func.now()\n",
            "from sqlalchemy import func\nnow = func.current_timestamp()\n",
            "from datetime import datetime\nfrom dataclasses import field\n"
            "at = field(default_factory=datetime.now)\n",
        ],
    )
    def test_refuses_every_other_source_of_now(self, text: str) -> None:
        assert rules_broken(text) == ["time-source"]

    @pytest.mark.parametrize(
        "text",
        [
            "import time\nstarted = time.monotonic()\n",
            "from kernel import clock\nstarted = clock.now(session)\n",
            "from sqlalchemy import func\nnow = func.app_now()\n",
            "from datetime import UTC, datetime\nat = datetime(2026, 3, 29, tzinfo=UTC)\n",
        ],
    )
    def test_accepts_the_clock_and_monotonic_time(self, text: str) -> None:
        assert rules_broken(text) == []

    def test_leaves_the_clock_itself_alone(self) -> None:
        text = "from datetime import UTC, datetime\nstarted = datetime.now(UTC)\n"
        assert rules_broken(text, "kernel/clock.py") == []


class TestSqlTime:
    @pytest.mark.parametrize(
        "text",
        [
            'query = "SELECT 1 WHERE due_at <= now()"\n',
            'query = f"{table} WHERE due_at <= now( )"\n',
            'query = """SELECT\n  CURRENT_TIMESTAMP"""\n',
            'query = "SELECT transaction_timestamp()"\n',
        ],
    )
    def test_refuses_the_database_own_now(self, text: str) -> None:
        assert rules_broken(text) == ["sql-time"]

    def test_tells_the_line_inside_a_long_string(self) -> None:
        source = Source("a.py", DOC + 'query = """SELECT\n  1,\n  now()"""\n')
        assert [finding.line for finding in findings_in(source)] == [5]

    @pytest.mark.parametrize(
        "text",
        [
            'query = "SELECT app_now(), clock_timestamp()"\n',
            'def f():\n    """Unlike now(), this one can be frozen."""\n',
            'sentence = "Ask kernel.clock.now() for the time."\n',
        ],
    )
    def test_accepts_our_functions_and_prose(self, text: str) -> None:
        assert rules_broken(text) == []


class TestCommit:
    def test_refuses_it_in_business_code(self) -> None:
        assert rules_broken("session.commit()\n") == ["commit"]

    def test_accepts_it_in_the_kernel(self) -> None:
        assert rules_broken("session.commit()\n", "kernel/db.py") == []


class TestLocalImport:
    def test_refuses_an_import_inside_a_function(self) -> None:
        assert rules_broken("def f():\n    import kernel.db\n") == ["local-import"]

    def test_accepts_one_for_type_checking(self) -> None:
        text = (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from kernel.db import Base\n"
        )
        assert rules_broken(text) == []


class TestSleepInTest:
    def test_refuses_it_in_tests(self) -> None:
        text = "from time import sleep\nsleep(1)\n"
        assert rules_broken(text, "tests/test_it.py") == ["sleep-in-test"]

    def test_accepts_it_outside(self) -> None:
        assert rules_broken("import time\ntime.sleep(1)\n") == []


class TestLongFile:
    def test_refuses_one_line_too_many(self) -> None:
        filler = "x = 1\n" * (LONGEST_FILE - 2)
        assert rules_broken(filler) == []
        assert rules_broken(filler + "x = 1\n") == ["long-file"]


class TestLongFunction:
    def test_refuses_one_line_too_many(self) -> None:
        text = "def f():\n" + "    x = 1\n" * (LONGEST_FUNCTION - 1)
        assert rules_broken(text) == []
        assert rules_broken(text + "    x = 1\n") == ["long-function"]


class TestModuleDocstring:
    def test_refuses_a_file_without(self) -> None:
        broken = findings_in(Source("kernel/db.py", "x = 1\n"))
        assert [finding.rule for finding in broken] == ["module-docstring"]

    def test_accepts_an_empty_file(self) -> None:
        assert findings_in(Source("kernel/__init__.py", "")) == []


class TestVagueName:
    def test_refuses_a_manager(self) -> None:
        assert rules_broken("class VisitManager:\n    pass\n") == ["vague-name"]

    def test_refuses_a_file_of_utilities(self) -> None:
        assert rules_broken("x = 1\n", "kernel/utils.py") == ["vague-name"]


class TestBareSuppression:
    @pytest.mark.parametrize(
        "comment",
        ["# type: ignore", "# type: ignore[attr-defined]", "# noqa", "# noqa: E501, F401"],
    )
    def test_refuses_one_without_a_reason(self, comment: str) -> None:
        assert rules_broken(f"x = 1  {comment}\n") == ["bare-suppression"]

    def test_accepts_one_with_a_reason(self) -> None:
        assert rules_broken("x = 1  # type: ignore[attr-defined]  # set by the metaclass\n") == []


class TestTodo:
    def test_refuses_one_without_an_issue(self) -> None:
        assert rules_broken("x = 1  # TODO: later\n") == ["todo"]

    def test_accepts_one_with_an_issue(self) -> None:
        assert rules_broken("x = 1  # TODO: later, #12\n") == []


class TestAllow:
    def test_needs_the_rule_and_a_reason(self) -> None:
        assert rules_broken("db.commit()  # lint: allow commit: not a session\n") == []
        assert rules_broken("db.commit()  # lint: allow commit:\n") == ["commit"]
        assert rules_broken("db.commit()  # lint: allow todo: not a session\n") == ["commit"]

    def test_can_cover_a_file(self) -> None:
        text = "# lint: allow-file commit: talks to git\nrepository.commit()\n"
        assert rules_broken(text) == []
