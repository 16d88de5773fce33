"""A line as it is at the field's edge: it cuts, loses answers, delivers twice, and late."""

from __future__ import annotations

import http.client
import random
from urllib.parse import urlsplit

WAYS = ("cut", "lost", "twice", "late", "torn", "portal", "through")


class BadLine:
    """A route's handler. What it holds back it delivers after what was sent later, at some call or at the end."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.seen: list[str] = []
        self.held: list[tuple[str, dict[str, str], bytes]] = []

    def __call__(self, route) -> None:
        way = self.chance.choice(WAYS)
        self.seen.append(way)
        request = route.request
        sent = (
            request.url,
            {"Authorization": request.headers["authorization"], "Content-Type": "application/json"},
            request.post_data_buffer,
        )
        if way == "portal":
            route.fulfill(status=200, content_type="text/html", body="<html>Please sign in to this network</html>")
        elif way == "through":
            route.continue_()
        elif way == "twice":
            deliver(*sent)
            route.fulfill(body=deliver(*sent), content_type="application/json")
        else:
            if way == "lost":
                deliver(*sent)
            elif way == "late":
                self.held.append(sent)
            elif way == "torn":
                deliver(*sent, octets=self.chance.randrange(len(sent[2])))
            route.abort("connectionreset")
        if self.held and self.chance.random() < 0.4:
            deliver(*self.held.pop(self.chance.randrange(len(self.held))))

    def end(self) -> None:
        """All that is still held back arrives, in any order, and some of it twice."""
        self.held += self.chance.sample(self.held, len(self.held) // 2)
        self.chance.shuffle(self.held)
        while self.held:
            deliver(*self.held.pop())


def deliver(url: str, headers: dict[str, str], body: bytes, octets: int | None = None) -> bytes:
    """Send it to the server; its answer. With `octets`, the line breaks after so many of the body."""
    line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    try:
        if octets is None:
            line.request("POST", urlsplit(url).path, body, headers)
            return line.getresponse().read()
        line.putrequest("POST", urlsplit(url).path)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            line.putheader(name, value)
        line.endheaders(body[:octets])
        return b""
    finally:
        line.close()
