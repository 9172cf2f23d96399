"""Where the data lie: what may be learned from, and what is judged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class NotRunError(Exception):
    """A part that could not be measured, and why."""


@dataclass(frozen=True, slots=True)
class Data:
    """Two folders `iot/`; they are the same when the development data are judged themselves."""

    development: Path
    judged: Path

    @property
    def is_development(self) -> bool:
        return self.development.resolve() == self.judged.resolve()


def find(folder: Path, *names: str) -> Path:
    """Raises NotRunError when the file or folder is missing."""
    path = folder.joinpath(*names)
    if not path.exists():
        raise NotRunError(f"no {'/'.join(names)} in {folder.name}/")
    return path
