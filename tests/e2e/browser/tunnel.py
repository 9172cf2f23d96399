"""A way to the product that can be cut: a phone in a cellar, service worker and all."""

import contextlib
import socket
import threading
from urllib.parse import urlsplit


class Tunnel:
    """Forwards TCP connections from a port of its own; none while it is cut."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        assert place.hostname
        assert place.port
        self.target = (place.hostname, place.port)
        self.open: set[socket.socket] = set()
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.server.getsockname()[1]}"
        self.is_cut = False
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self.is_cut = True
        for end in list(self.open):
            _hang_up(end)

    def mend(self) -> None:
        self.is_cut = False

    def close(self) -> None:
        self.cut()
        _hang_up(self.server)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                phone, _ = self.server.accept()
                if self.is_cut:
                    phone.close()
                    continue
                product = socket.create_connection(self.target)
                self.open |= {phone, product}
                for ends in ((phone, product), (product, phone)):
                    threading.Thread(target=self._pump, args=ends, daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for end in (source, sink):
            self.open.discard(end)
            _hang_up(end)


def _hang_up(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
