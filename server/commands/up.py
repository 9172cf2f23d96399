"""firstfix up: the product on this machine, empty but for one sign-in."""

import time
from pathlib import Path

from rich.console import Console

from kernel import db, log
from kernel.settings import settings
from server.bootstrap import OWNER, PASSWORD, ensure_owner
from server.stack import running


def run(data_dir: Path | None = None, port: int = 8000) -> None:
    log.configure(json=settings().log_json, level="WARNING")
    console = Console()
    with running(data_dir or settings().data_dir / "up", port=port) as stack:
        with db.transaction() as session:
            ensure_owner(session)
        console.print(f"Dispatcher console  {stack.url}/console   {OWNER} / {PASSWORD}")
        console.print(f"Technician's app    {stack.url}/technician")
        console.print(f"Customer's booking  {stack.url}/customer")
        console.print(f"Inbox of messages   {stack.url}/inbox")
        console.print(f"API                 {stack.url}/api/docs")
        console.print("Ctrl-C stops everything.")
        try:
            while True:
                time.sleep(1)
                for name in stack.revive():
                    console.print(f"[yellow]{name} had died and was started again[/]")
        except KeyboardInterrupt:
            console.print("Stopping.")
