"""A line as it is at the field's edge: a real connection that breaks anywhere, loses answers, delivers twice, late and slowly,
and that others answer on."""

from __future__ import annotations

import http.client
import random
import socket
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

WAYS = ("cut", "lost", "twice", "late", "torn", "half", "slow", "broken", "unwell", "portal", "through")
FOREIGN = "<!doctype html><html><body><h1>{0}</h1>nginx</body></html>"
PORTALS = (
    (200, FOREIGN.format("Please sign in to this network")),
    (200, "{}"),
    (200, '{"results": []}'),
    (302, ""),
    (401, FOREIGN.format("")),
)


class BadLine:
    """A server between the phones and ours, at `address`. While `is_bad` what is sent goes some way of `WAYS`; what is asked for is
    cut or answered by somebody else now and then. What it holds back it delivers after what was sent later, or at the end."""

    def __init__(self, address: str, chance: random.Random) -> None:
        self.host = urlsplit(address).netloc
        self.chance = chance
        self.is_bad = False
        self.seen: list[str] = []
        self.held: list[tuple[str, dict[str, str], bytes]] = []
        self.turn = threading.Lock()
        self.server = Server(("127.0.0.1", 0), type("Call", (Call,), {"line": self}))
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def way(self, path: str) -> str:
        """How this call goes: those that carry slips or numbers some way, each about as often; others seldom badly."""
        with self.turn:
            if not self.is_bad or not path.startswith("/api/"):
                return "through"
            if path not in ("/api/v1/weighings", "/api/v1/slip-leases"):
                return self.chance.choice(("cut", "unwell", "portal", *["through"] * 12))
            missing = [way for way in WAYS if way not in self.seen]
            way = self.chance.choice(missing if missing and self.chance.random() < 0.8 else WAYS)
            self.seen.append(way)
            return way

    def one_of(self, choices):
        with self.turn:
            return self.chance.choice(choices)

    def hold(self, sent: tuple[str, dict[str, str], bytes]) -> None:
        with self.turn:
            self.held.append(sent)

    def late(self) -> tuple[str, dict[str, str], bytes] | None:
        """Something that was held back, now and then."""
        with self.turn:
            if self.is_bad and self.held and self.chance.random() < 0.4:
                return self.held.pop(self.chance.randrange(len(self.held)))
        return None

    def end(self) -> None:
        """All that is still held back arrives, in any order, and some of it twice."""
        self.is_bad = False
        self.held += self.chance.sample(self.held, len(self.held) // 2)
        self.chance.shuffle(self.held)
        while self.held:
            self.deliver(*self.held.pop())

    def deliver(self, path: str, headers: dict[str, str], body: bytes, method: str = "POST", octets: int | None = None):
        """Send it to the server; its status, headers and body. With `octets`, the line breaks after so many of the body."""
        line = http.client.HTTPConnection(self.host, timeout=20)
        try:
            if octets is None:
                line.request(method, path, body, headers)
                answer = line.getresponse()
                return answer.status, answer.getheaders(), answer.read()
            line.putrequest(method, path, skip_accept_encoding=True)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                line.putheader(name, value)
            line.endheaders(body[:octets])
            return None
        finally:
            line.close()


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address) -> None:
        """That a phone has gone away is no error here."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Call(BaseHTTPRequestHandler):
    """One call on the line."""

    line: BadLine
    protocol_version = "HTTP/1.1"  # a browser sends again by itself what breaks on a connection that it had before

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        way = self.line.way(self.path)
        size = int(self.headers.get("Content-Length") or 0)
        if way == "cut":
            self.rfile.read(self.line.one_of(range(size + 1)))
            return self.reset()
        body = self.rfile.read(size)
        kept = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection", "content-length")}
        sent = self.path, kept, body
        if way == "portal":
            return self.answer(*self.line.one_of(PORTALS))
        if way == "torn":
            self.line.deliver(*sent, octets=self.line.one_of(range(size)))
            return self.reset()
        if way == "late":
            self.line.hold(sent)
            return self.reset()
        if way == "unwell":  # a gateway answers for our server, which has heard nothing
            return self.answer(self.line.one_of((500, 502, 503, 504)), FOREIGN.format("Bad gateway"))
        if way == "twice":
            self.line.deliver(*sent, self.command)
        status, headers, said = self.line.deliver(*sent, self.command)
        if way == "lost":
            return self.reset()
        if way == "broken":  # the same, though it has heard all
            return self.answer(self.line.one_of((500, 502, 503, 504)), FOREIGN.format("Gateway timeout"))
        if way == "slow":
            time.sleep(self.line.one_of((0.1, 0.3, 0.6)))
        self.pass_on(status, headers, said, self.line.one_of(range(len(said))) if way == "half" else None)
        late = self.line.late()
        if late:
            self.line.deliver(*late)
        return None

    do_POST = do_GET

    def pass_on(self, status: int, headers: list[tuple[str, str]], said: bytes, octets: int | None) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in ("connection", "content-length", "transfer-encoding"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said if octets is None else said[:octets])
        if octets is not None:
            self.reset()

    def answer(self, status: int, said: str) -> None:
        headers = [("Content-Type", "application/json" if said.startswith("{") else "text/html"), ("Location", "http://127.0.0.1:9/")]
        self.pass_on(status, headers[: 2 if status == 302 else 1], said.encode(), None)

    def reset(self) -> None:
        """As a line breaks: with no goodbye."""
        self.close_connection = True
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
