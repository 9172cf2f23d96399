"""`python -m tests.e2e.browser.stack FOLDER`: the product with the small company in it, until
standard input closes; prints the world as one line of JSON.

A process of its own, because the product's settings live in its environment.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from kernel import clock, db
from server.bootstrap import OWNER, PASSWORD, ensure_owner
from server.stack import running
from tests.e2e.browser import world


def main() -> None:
    folder = Path(sys.argv[1])
    with running(folder, FIRSTFIX_OPTIMIZER_ENABLED="false") as stack:
        with db.transaction("world") as session:
            ensure_owner(session)
            clock.set_clock(session, world.NOW, rate=1)
        company = world.move_in(stack.url, OWNER, PASSWORD)
        world.work_the_morning(company)
        print(json.dumps(asdict(company)), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
