"""firstfix export: every record as one JSON line."""

import sys

from dispatch.exchange.exports.queries import lines
from kernel.db import transaction
from server import registry


def run() -> None:
    registry.load()
    with transaction("cli") as session:
        for line in lines(session):
            sys.stdout.write(line)
