"""A payment server that drops, repeats and forgets, and counts what it has paid."""

import json
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

FAULTS = ("dropped_before", "dropped_after", "error_after", "in_flight", "stale", "forgets")
HEALTHY = "healthy"


@dataclass
class Bank:
    """`fault_share` of the requests go wrong, each in one of `FAULTS`."""

    seed: int = 0
    fault_share: float = 0.0
    paid: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Every transfer that was made, by its id."""
    remembered: dict[str, str] = field(default_factory=dict)
    """Idempotency keys and the id that was answered."""
    bitten: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)
    url: str = ""

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def fault(self) -> str:
        wrong = self.chance.random() < self.fault_share
        name = self.chance.choice(FAULTS) if wrong else HEALTHY
        self.bitten[name] += 1
        return name

    def pay(self, key: str, form: dict[str, str]) -> dict[str, Any]:
        """Once for each key that is remembered."""
        if key not in self.remembered:
            number = f"tr_{len(self.paid) + 1}"
            self.paid[number] = {
                "id": number,
                "amount": int(form["amount"]),
                "currency": form["currency"],
                "destination": form["destination"],
                "transfer_group": form["transfer_group"],
            }
            self.remembered[key] = number
        return self.paid[self.remembered[key]]

    def totals(self) -> Counter[str]:
        """Cents by destination."""
        found: Counter[str] = Counter()
        for transfer in self.paid.values():
            found[transfer["destination"]] += transfer["amount"]
        return found


class Teller(BaseHTTPRequestHandler):
    """`POST` and `GET /v1/transfers`."""

    bank: Bank

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        form = {k: v[0] for k, v in parse_qs(self.rfile.read(length).decode()).items()}
        key = self.headers["Idempotency-Key"]
        with self.bank.lock:
            fault = self.bank.fault()
            if fault == "dropped_before":
                return self._drop()
            if fault == "in_flight":
                return self._answer(409, {"error": {"type": "idempotency_error"}})
            told = self.bank.pay(key, form)
            if fault == "forgets":
                # a day later the provider does not know the key any more
                del self.bank.remembered[key]
                return self._drop()
            if fault == "stale":
                told = {**told, "id": "tr_of_somebody_else", "amount": told["amount"] + 1}
        if fault == "dropped_after":
            return self._drop()
        if fault == "error_after":
            return self._answer(500, {"error": {"type": "api_error"}})
        return self._answer(200, told)

    def do_GET(self) -> None:
        group = parse_qs(urlsplit(self.path).query).get("transfer_group", [""])[0]
        with self.bank.lock:
            found = [t for t in self.bank.paid.values() if t["transfer_group"] == group]
        self._answer(200, {"data": found[:1]})

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what matters is counted."""

    def _drop(self) -> None:
        self.close_connection = True

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        sent = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)


@contextmanager
def open_bank(bank: Bank) -> Iterator[Bank]:
    """Serve it on this machine; its address is `bank.url`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Open", (Teller,), {"bank": bank}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    bank.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield bank
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
