"""A Python file as the rules see it: tree, comments, and names resolved to what they import."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

ALLOWED = re.compile(r"# lint: allow (?P<rule>[a-z-]+): \S")
ALLOWED_IN_FILE = re.compile(r"(?m)^# lint: allow-file (?P<rule>[a-z-]+): \S")
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Finding:
    """One broken rule at one line."""

    path: str
    line: int
    rule: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.sentence}"


@dataclass
class Source:
    """`path` is relative to the root of the repository, with forward slashes."""

    path: str
    text: str
    tree: ast.Module = field(init=False)
    imported: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.tree = ast.parse(self.text, self.path)
        self.imported = dict(self._imported_names())

    @property
    def is_test(self) -> bool:
        return self.path.startswith("tests/")

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    def functions(self) -> Iterator[FunctionNode]:
        return (node for node in self.nodes if isinstance(node, FunctionNode))

    @cached_property
    def comments(self) -> list[tuple[int, str]]:
        """Line and text of each comment."""
        if "#" not in self.text:
            return []
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        return [(one.start[0], one.string) for one in tokens if one.type == tokenize.COMMENT]

    def allows(self, finding: Finding) -> bool:
        """True for a line with `# lint: allow RULE: why`, a file with `# lint: allow-file ...`."""
        line = self.lines[finding.line - 1] if finding.line <= len(self.lines) else ""
        allowed = [*ALLOWED.finditer(line), *ALLOWED_IN_FILE.finditer(self.text)]
        return finding.rule in {found["rule"] for found in allowed}

    def full_name(self, node: ast.AST) -> str | None:
        """`dt.now` -> `datetime.datetime.now`; None for anything but a dotted name."""
        if isinstance(node, ast.Name):
            return self.imported.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            owner = self.full_name(node.value)
            return None if owner is None else f"{owner}.{node.attr}"
        return None

    def docstrings(self) -> set[ast.AST]:
        """The nodes that are docstrings: prose, not code."""
        owners = (ast.Module, ast.ClassDef, *FunctionNode.__args__)
        return {
            node.body[0].value
            for node in self.nodes
            if isinstance(node, owners) and node.body and isinstance(node.body[0], ast.Expr)
        }

    def _imported_names(self) -> Iterator[tuple[str, str]]:
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for name in node.names:
                    yield (
                        name.asname or name.name.partition(".")[0],
                        (name.name if name.asname else name.name.partition(".")[0]),
                    )
            elif isinstance(node, ast.ImportFrom) and not node.level:
                for name in node.names:
                    yield name.asname or name.name, f"{node.module}.{name.name}"


def read(root: Path, path: Path) -> Source:
    return Source(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
