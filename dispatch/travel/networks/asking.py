"""Asking a routing server by HTTP: one client per process, a limit on time, errors in our words."""

from typing import Any

import httpx
import numpy as np

from dispatch.travel.ports import NetworkDown, Seconds

TOO_MANY = 429
SERVER_ERROR = 500
LONGEST_PAUSE_SECONDS = 24 * 3600.0
LONGEST_TRIP_SECONDS = 30 * 24 * 3600.0
"""Longer than any drive on Earth, and short enough to be added up."""


class Server:
    """One routing server; safe for threads."""

    def __init__(self, url: str, timeout_seconds: float, headers: dict[str, str] | None = None):
        self._client = httpx.Client(
            base_url=url.rstrip("/"), timeout=timeout_seconds, headers=headers, trust_env=False
        )

    def ask(self, method: str, path: str, json: Any = None) -> tuple[int, Any]:
        """Status and body below 500. Raises NetworkDown for everything else and for 429."""
        try:
            reply = self._client.request(method, path, json=json)
        except httpx.HTTPError as error:
            raise NetworkDown(f"{type(error).__name__}: {error}") from error
        if reply.status_code == TOO_MANY:
            raise NetworkDown("It asks us to slow down.", retry_after(reply))
        if reply.status_code >= SERVER_ERROR:
            raise NetworkDown(f"It answers {reply.status_code}.", retry_after(reply))
        try:
            return reply.status_code, reply.json()
        except (ValueError, RecursionError) as error:
            raise NetworkDown(f"It answers {reply.status_code} without JSON.") from error


def retry_after(reply: httpx.Response) -> float | None:
    """The seconds of the header; a date in it is not read."""
    text = reply.headers.get("retry-after", "")
    if not (text.isascii() and text.isdigit()):
        return None
    return min(float(text), LONGEST_PAUSE_SECONDS)


def table(rows: Any, origins: int, targets: int) -> Seconds:
    """Null means no way. Raises NetworkDown when it is not the table that was asked for, or holds
    what no trip takes."""
    try:
        found = np.array(
            [[np.inf if cell is None else float(cell) for cell in row] for row in rows]
        )
    except (TypeError, ValueError, OverflowError) as error:
        raise NetworkDown("It answers with something else than a table.") from error
    if found.shape != (origins, targets):
        raise NetworkDown(f"It answers with a table of {found.shape}.")
    if not ((found >= 0) & ((found <= LONGEST_TRIP_SECONDS) | (found == np.inf))).all():
        raise NetworkDown("It answers with times that no trip takes.")
    return found
