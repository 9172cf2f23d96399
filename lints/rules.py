"""The house rules that no published linter knows; each is one function in the list RULES."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from lints.source import Finding, Source

Rule = Callable[[Source], Iterator[Finding]]

CLOCK = "kernel/clock.py"
LONGEST_FILE = 400
LONGEST_TEST_FILE = 600
LONGEST_FUNCTION = 60

TIME_SOURCES = {
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "time.gmtime",
    "time.localtime",
    "time.time",
    "time.time_ns",
    *(
        f"sqlalchemy.{module}.{name}"
        for module in ("func", "sql.func", "sql.expression.func")
        for name in (
            "current_date",
            "current_time",
            "current_timestamp",
            "localtime",
            "localtimestamp",
            "now",
            "statement_timestamp",
            "transaction_timestamp",
        )
    ),
}
SQL_WORDS = r"\b(CURRENT_(DATE|TIME|TIMESTAMP)|LOCALTIME(STAMP)?)\b"  # lint: allow sql-time: it
SQL_TIME = re.compile(
    rf"(?<![\w.])(now|statement_timestamp|transaction_timestamp)\s*\(\s*\)|{SQL_WORDS}"
)
SLEEPS = {"asyncio.sleep", "time.sleep", "trio.sleep", "anyio.sleep"}
VAGUE_CLASS = re.compile(r"(Manager|Helper|Utils?)$")
VAGUE_MODULES = {"utils", "util", "helpers", "helper", "misc"}
BARE_SUPPRESSION = re.compile(
    r"#\s*(type:\s*ignore(\[[^\]]*\])?|noqa(:\s*[A-Z]+\d+([,\s]+[A-Z]+\d+)*)?)\s*$"
)
TODO = re.compile(r"\b(TODO|FIXME|XXX)\b(?!.*#\d+)")


def time_source(source: Source) -> Iterator[Finding]:
    """Time comes from kernel.clock, so that the demo can scale it and tests can freeze it."""
    if source.path == CLOCK:
        return
    for node in source.nodes:
        if not isinstance(node, ast.Attribute | ast.Name):
            continue
        name = source.full_name(node)
        if name in TIME_SOURCES and isinstance(node.ctx, ast.Load):
            yield Finding(
                source.path,
                node.lineno,
                "time-source",
                f"{name} is not a source of time here; use kernel.clock.now(session), "
                "SQL app_now(), or kernel.clock.real_now() and time.monotonic().",
            )


def sql_time(source: Source) -> Iterator[Finding]:
    """SQL asks app_now() for business time and clock_timestamp() for real time."""
    if source.path == CLOCK:
        return
    docstrings = source.docstrings()
    for node in source.nodes:
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node not in docstrings
            and (found := SQL_TIME.search(node.value))
        ):
            line = node.lineno + node.value[: found.start()].count("\n")
            yield Finding(
                source.path,
                line,
                "sql-time",
                f"{found.group()} in SQL; write app_now() or clock_timestamp().",
            )


def commit(source: Source) -> Iterator[Finding]:
    """One request or task is one transaction, ended by the kernel."""
    if source.path.startswith("kernel/") or source.is_test:
        return
    for node in source.nodes:
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "commit"
        ):
            yield Finding(
                source.path,
                node.lineno,
                "commit",
                "only the kernel commits; use kernel.db.transaction() or the request's session.",
            )


def local_import(source: Source) -> Iterator[Finding]:
    """An import inside a function hides a dependency from the import contracts."""
    for function in source.functions():
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield Finding(
                    source.path,
                    node.lineno,
                    "local-import",
                    f"import inside {function.name}(); publish an event or move the thing.",
                )


def sleep_in_test(source: Source) -> Iterator[Finding]:
    """A test waits for what it expects, not for a number of seconds."""
    if not source.is_test:
        return
    for node in source.nodes:
        if isinstance(node, ast.Call) and source.full_name(node.func) in SLEEPS:
            yield Finding(
                source.path, node.lineno, "sleep-in-test", "wait for the outcome, not for time."
            )


def long_file(source: Source) -> Iterator[Finding]:
    """A long file holds more than one thing."""
    count = len(source.lines)
    most = LONGEST_TEST_FILE if source.path.startswith("tests/") else LONGEST_FILE
    if count > most:
        yield Finding(
            source.path,
            1,
            "long-file",
            f"{count} lines, {most} is the most; split it by noun.",
        )


def long_function(source: Source) -> Iterator[Finding]:
    """A long function is a list of steps that have no names yet."""
    for function in source.functions():
        count = (function.end_lineno or function.lineno) - function.lineno + 1
        if count > LONGEST_FUNCTION and not source.path.startswith("server/migrations/"):
            yield Finding(
                source.path,
                function.lineno,
                "long-function",
                f"{function.name}() has {count} lines, {LONGEST_FUNCTION} is the most.",
            )


def module_docstring(source: Source) -> Iterator[Finding]:
    """Each file says in one sentence what it is for."""
    if source.tree.body and ast.get_docstring(source.tree) is None:
        yield Finding(source.path, 1, "module-docstring", "say what this file is for.")


def vague_name(source: Source) -> Iterator[Finding]:
    """Names say what a thing is in the domain."""
    if PurePosixPath(source.path).stem in VAGUE_MODULES:
        yield Finding(source.path, 1, "vague-name", "name the file after the noun it is about.")
    for node in source.nodes:
        if isinstance(node, ast.ClassDef) and VAGUE_CLASS.search(node.name):
            yield Finding(
                source.path, node.lineno, "vague-name", f"{node.name} does not say what it is."
            )


def bare_suppression(source: Source) -> Iterator[Finding]:
    """A suppression carries its code and its reason on the line."""
    for line, comment in source.comments:
        if BARE_SUPPRESSION.search(comment):
            yield Finding(
                source.path, line, "bare-suppression", f"{comment!r} needs a code and a reason."
            )


def todo(source: Source) -> Iterator[Finding]:
    """What is left to do lives in an issue."""
    for line, comment in source.comments:
        if TODO.search(comment):
            yield Finding(source.path, line, "todo", "give the number of the issue, or do it.")


RULES: list[Rule] = [
    time_source,
    sql_time,
    commit,
    local_import,
    sleep_in_test,
    long_file,
    long_function,
    module_docstring,
    vague_name,
    bare_suppression,
    todo,
]


def findings_in(source: Source) -> list[Finding]:
    found = {finding for rule in RULES for finding in rule(source)}
    return sorted(
        (finding for finding in found if not source.allows(finding)),
        key=lambda finding: (finding.line, finding.rule),
    )
