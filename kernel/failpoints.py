"""Named places where a test can make a process die, stop or fail."""

import os
import signal

from kernel.settings import settings


class FailpointError(RuntimeError):
    """A test asked for this failure."""


def failpoint(name: str) -> None:
    """Do what FIRSTFIX_FAILPOINTS (`name=kill|stop|error[@path]`) asks for here.

    With `@path` the action is taken once: creating that file is the token.
    """
    configured = settings().failpoints
    if not configured:
        return
    for entry in configured.split(","):
        point, _, action = entry.strip().partition("=")
        action, _, token = action.partition("@")
        if point != name or (token and not _take(token)):
            continue
        if action == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if action == "stop":
            os.kill(os.getpid(), signal.SIGSTOP)
        if action == "error":
            raise FailpointError(name)


def _take(token: str) -> bool:
    try:
        os.close(os.open(token, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True
