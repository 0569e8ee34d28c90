"""A load of signed webhooks over loopback: one thread, plain sockets, ready-made bytes.

The client shares the processors with the server that it measures, so it must cost next to nothing: 40 µs a message.
"""

import selectors
import socket
import statistics
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

PATH = "/webhooks/twilio/messages"
FIELDS = {  # what a real SMS webhook carries beside the text (twilio.md: about twenty fields)
    "ToCountry": "ML",
    "ToState": "",
    "SmsStatus": "received",
    "NumMedia": "0",
    "ToCity": "",
    "FromZip": "",
    "FromState": "",
    "FromCity": "",
    "FromCountry": "ML",
    "To": "+15005550006",
    "ToZip": "",
    "NumSegments": "1",
    "ApiVersion": "2010-04-01",
    "MessageType": "text",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What a load came to: messages a second and latencies in milliseconds."""

    a_second: float
    p50: float
    p99: float
    failed: int


@dataclass(frozen=True, slots=True)
class Signed:
    """One form ready to be posted: as parts, and as the bytes of the whole request."""

    body: bytes
    headers: dict[str, str]

    @property
    def request(self) -> bytes:
        """Return what goes over the wire."""
        lines = [f"POST {PATH} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(self.body)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True, slots=True)
class Door:
    """Whose webhooks are played: the address that is signed, the account and its token."""

    url: str
    account: str
    token: str


def signed(texts: Sequence[str], door: Door, *, count: int, people: int, tag: str) -> list[Signed]:
    """Make `count` signed forms of `people` senders who write through the texts in turn."""
    validator, lines = RequestValidator(door.token), cycle(texts)
    forms = []
    for number in range(count):
        sid = f"SM{tag}{number:030x}"[:34]
        fields = FIELDS | {
            "MessageSid": sid,
            "SmsSid": sid,
            "SmsMessageSid": sid,
            "AccountSid": door.account,
            "From": f"+2237{number % people:07d}",
            "Body": next(lines),
        }
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": validator.compute_signature(door.url + PATH, fields),
        }
        forms.append(Signed(urlencode(fields).encode(), headers))
    return forms


def closed_loop(forms: Sequence[Signed], *, port: int, connections: int) -> Figures:
    """Post as fast as `connections` keep-alive connections can."""
    return _Load([form.request for form in forms], port, connections).run()


def open_loop(forms: Sequence[Signed], *, port: int, connections: int, rate: float) -> Figures:
    """Post at a fixed rate; a late answer counts from when it was due, not from when it was sent."""
    return _Load([form.request for form in forms], port, connections, rate).run()


@dataclass(slots=True)
class _Load:
    """One run: requests in order, on whichever connection has had its answer the longest ago."""

    requests: Sequence[bytes]
    port: int
    connections: int
    rate: float | None = None
    sent: int = 0
    failed: int = 0
    times: list[float] = field(default_factory=list)
    idle: deque[socket.socket] = field(default_factory=deque)
    busy: dict[socket.socket, tuple[float, bytes]] = field(default_factory=dict)  # since when, what has come
    start: float = 0.0

    def run(self) -> Figures:
        """Send everything and wait for every answer."""
        with selectors.DefaultSelector() as selector:
            for _ in range(self.connections):
                one = socket.create_connection(("127.0.0.1", self.port), timeout=30)
                selector.register(one, selectors.EVENT_READ)
                self.idle.append(one)
            self.start = time.perf_counter()
            while len(self.times) + self.failed < len(self.requests):
                self._send()
                for key, _ in selector.select(self._wait()):
                    if isinstance(key.fileobj, socket.socket):
                        self._take(key.fileobj)
            took = time.perf_counter() - self.start
            for one in self.idle:
                one.close()
        cuts = statistics.quantiles(self.times, n=100)
        return Figures(len(self.times) / took, cuts[49] * 1000, cuts[98] * 1000, self.failed)

    def _due(self) -> float:
        """Say when the next request is to be sent."""
        return self.start + self.sent / self.rate if self.rate else 0.0

    def _wait(self) -> float | None:
        if self.rate is None or self.sent == len(self.requests) or not self.idle:
            return None
        return max(0.0, self._due() - time.perf_counter())

    def _send(self) -> None:
        while self.idle and self.sent < len(self.requests) and self._due() <= (now := time.perf_counter()):
            one = self.idle.popleft()
            self.busy[one] = (self._due() or now, b"")
            one.sendall(self.requests[self.sent])
            self.sent += 1

    def _take(self, one: socket.socket) -> None:
        since, before = self.busy[one]
        answer = before + (came := one.recv(65536))
        head, _, body = answer.partition(b"\r\n\r\n")
        length = head.lower().rpartition(b"content-length: ")[2].split(b"\r\n")[0]
        if not came:
            msg = "The server that is measured closed a connection."
            raise ConnectionError(msg)
        if not length.isdigit() or len(body) < int(length):
            self.busy[one] = (since, answer)
            return
        self.busy.pop(one)
        self.idle.append(one)
        if head.startswith(b"HTTP/1.1 200"):
            self.times.append(time.perf_counter() - since)
        else:
            self.failed += 1
