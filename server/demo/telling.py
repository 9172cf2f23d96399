"""Says how far the city is: with a bar on a terminal, in plain lines anywhere else."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

SECONDS_BETWEEN_LINES = 15.0

Tell = Callable[[str, float | None], None]
"""Takes words, and the share of the day that has passed; a step before or after it has none."""


@contextmanager
def telling(console: Console) -> Iterator[Tell]:
    if not console.is_terminal:
        yield _Lines(console).tell
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:.0f} %"))
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=1.0)
        yield lambda words, share: progress.update(task, completed=share, description=words)


class _Lines:
    """A line for each step, and one now and then while the day passes."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.last = ""
        self.at = 0.0

    def tell(self, words: str, share: float | None) -> None:
        now = time.monotonic()
        if words == self.last or (share is not None and now - self.at < SECONDS_BETWEEN_LINES):
            return
        self.last, self.at = words, now
        passed = "" if share is None else f"{share:.0%}"
        self.console.print(f"{passed:>4}  {words}", soft_wrap=True, highlight=False)
