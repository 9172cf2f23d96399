"""firstfix warm: what is slow the first time happens now."""

import time

from dispatch.scheduling import solver


def run() -> None:
    """Needs no server: the caches on disk are filled."""
    started = time.monotonic()
    solver.warm()
    print(f"Warm after {time.monotonic() - started:.1f} s.")
