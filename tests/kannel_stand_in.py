"""A small Kannel on loopback: its sendsms and its status page, with the answers that the real one was seen to give."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bot.gateway_settings import Kannel

STATUS_PASSWORD = "status-word"


@dataclass(frozen=True)
class Sms:
    """One message that sendsms took."""

    sender: str
    to: str
    text: str
    coding: int
    dlr_mask: int
    dlr_url: str


@dataclass
class KannelStandIn:
    """What was taken, and how the next calls are to go wrong."""

    url: str = ""
    taken: list[Sms] = field(default_factory=list)
    answers: list[int | str] = field(default_factory=list)  # a status, "cut before" or "cut after" taking the message
    waiting: int = 0  # messages in its store
    link: str = "online 12s"

    def account(self, **changes: object) -> Kannel:
        """Return the settings that fit."""
        page = f"{self.url}/status.xml?password={STATUS_PASSWORD}"
        known = {"username": "segin", "password": "password", "secret": "secret", "sender": "36000", "a_second": 1000.0}
        return Kannel(f"{self.url}/cgi-bin/sendsms", **{"status_url": page, **known, **changes})  # type: ignore[arg-type]

    def sendsms(self, headers: dict[str, str], body: bytes) -> tuple[int, str] | None:
        """Take one message as Kannel 1.4.5 does, or None: the connection is cut."""
        planned = self.answers.pop(0) if self.answers else 202
        if planned == "cut before":
            return None
        refused = self._refusal(headers)
        if refused or (isinstance(planned, int) and planned >= 300):
            return refused or (int(planned), "Temporal failure, try again later.")
        self.taken.append(_sms(headers, body))
        return None if planned == "cut after" else (202, "0: Accepted for delivery")

    def _refusal(self, headers: dict[str, str]) -> tuple[int, str] | None:
        if not headers.get("content-type", "").startswith("text/plain"):
            return 400, "Invalid content-type"
        if (headers.get("x-kannel-username"), headers.get("x-kannel-password")) != ("segin", "password"):
            return 403, "Authorization failed for sendsms"
        if not headers.get("x-kannel-to"):
            return 400, "Missing receiver number, rejected"
        return None

    def status_page(self) -> str:
        """Write status.xml, as much of it as matters."""
        return (
            f"<gateway><sms><sent><total>1</total><queued>{self.waiting}</queued></sent>"
            f"<storesize>{self.waiting}</storesize></sms>"
            f"<smscs><count>1</count><smsc><id>SMPP</id><status>{self.link}</status></smsc></smscs></gateway>"
        )


def _sms(headers: dict[str, str], body: bytes) -> Sms:
    return Sms(
        sender=headers["x-kannel-from"],
        to=headers["x-kannel-to"],
        text=body.decode("utf-8"),
        coding=int(headers.get("x-kannel-coding", "0")),
        dlr_mask=int(headers.get("x-kannel-dlr-mask", "0")),
        dlr_url=headers.get("x-kannel-dlr-url", ""),
    )


@contextmanager
def kannel_stand_in() -> Iterator[KannelStandIn]:
    """Run it on a free port."""
    kannel = KannelStandIn()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(kannel))
    kannel.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield kannel
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(kannel: KannelStandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self._answer(kannel.sendsms({name.lower(): value for name, value in self.headers.items()}, body))

        def do_GET(self) -> None:
            right = self.path == f"/status.xml?password={STATUS_PASSWORD}"
            self._answer((200, kannel.status_page() if right else "<gateway>Denied</gateway>"))

        def _answer(self, answer: tuple[int, str] | None) -> None:
            if answer is None:
                self.connection.close()
                return
            self.send_response(answer[0])
            self.send_header("Content-Length", str(len(answer[1])))
            self.end_headers()
            self.wfile.write(answer[1].encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
