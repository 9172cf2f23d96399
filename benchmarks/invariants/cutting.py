"""A TCP proxy that cuts connections once a request is on its way, and the API behind it."""

import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import uvicorn
from fastapi import FastAPI

from server.app import create_app

CUTS = ("at_once", "before_reply", "in_reply")
CHUNK = 65536


@dataclass
class Proxy:
    """Forwards one connection after the other; `share` of them are cut in one of three ways."""

    upstream: int
    share: float
    rng: random.Random
    cuts: Counter[str] = field(default_factory=Counter)
    listener: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def run(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            cut = self.rng.choice(CUTS) if self.rng.random() < self.share else ""
            threading.Thread(target=self._carry, args=(client, cut), daemon=True).start()

    def _carry(self, client: socket.socket, cut: str) -> None:
        with (
            client,
            suppress(OSError),
            socket.create_connection(("127.0.0.1", self.upstream)) as up,
        ):
            up.sendall(_whole_request(client))
            if cut:
                self.cuts[cut] += 1
            if cut == "at_once":
                return
            reply = up.recv(CHUNK)
            if cut == "before_reply":
                return
            if cut == "in_reply":
                client.sendall(reply[: len(reply) // 2])
                return
            while reply:
                client.sendall(reply)
                reply = up.recv(CHUNK)


def _whole_request(client: socket.socket) -> bytes:
    """One request with its body, as the length in its head says."""
    taken = b""
    while b"\r\n\r\n" not in taken:
        taken += client.recv(CHUNK)
    head, _, body = taken.partition(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    while len(body) < length:
        more = client.recv(CHUNK)
        body += more
        taken += more
    return taken


@contextmanager
def serving(make_app: Callable[[], FastAPI] = create_app) -> Iterator[int]:
    """The API on a port of this machine, in this process."""
    config = uvicorn.Config(make_app(), host="127.0.0.1", port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield int(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def cutting(upstream: int, share: float, seed: int) -> Iterator[Proxy]:
    proxy = Proxy(upstream, share, random.Random(seed))
    threading.Thread(target=proxy.run, daemon=True).start()
    try:
        yield proxy
    finally:
        proxy.listener.close()
