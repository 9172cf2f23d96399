"""`python -m lints [paths]`: check our own rules; exits 1 and prints what breaks them."""

import sys
from collections.abc import Iterator
from pathlib import Path

from lints.rules import findings_in
from lints.source import read

ROOT = Path(__file__).resolve().parent.parent
SKIPPED = {".dev", ".git", ".venv", "build", "dist", "node_modules", "web"}


def python_files(root: Path) -> Iterator[Path]:
    """Every Python file of the project, `./dev` included."""
    if (root / "dev").is_file():
        yield root / "dev"
    for path in sorted(root.rglob("*.py")):
        if not SKIPPED.intersection(path.relative_to(root).parts):
            yield path


def main() -> int:
    paths = [Path(word).resolve() for word in sys.argv[1:]] or list(python_files(ROOT))
    findings = [finding for path in paths for finding in findings_in(read(ROOT, path))]
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
