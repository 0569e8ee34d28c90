"""The two servers that are compared: a view that only checks the signature and echoes, and the whole assistant."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from flask import Flask, Response, abort, request
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse

from bot.adapters.web_server import WebServer, listen

TOKEN, ACCOUNT, URL = "bench-token", "AC" + "0" * 32, "http://127.0.0.1"


def bare() -> Flask:
    """Return the plain view: the signature, and the text sent back as TwiML."""
    app = Flask(__name__)
    validator = RequestValidator(TOKEN)

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    @app.post("/webhooks/twilio/messages")
    def messages() -> Response:
        if not validator.validate(URL + request.path, request.form, request.headers.get("X-Twilio-Signature", "")):
            abort(403)
        answer = MessagingResponse()
        answer.message(request.form["Body"])
        return Response(str(answer), mimetype="text/xml")

    return app


def serve_bare(port: int) -> None:
    """Serve the plain view with the product's own server."""
    WebServer(bare(), listen("127.0.0.1", port)).run()


@dataclass(frozen=True, slots=True)
class Served:
    """A server under measurement."""

    port: int
    pid: int

    def cpu(self) -> float:
        """Return the CPU time that the server and its children have used, in milliseconds; 0 where /proc is not."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        if not children.exists():
            return 0.0
        pids = [str(self.pid), *children.read_text(encoding="ascii").split()]
        # proc(5): after the name in brackets come the state and the numbers; the 12th and 13th are user and system time
        parts = [Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split() for pid in pids]
        return sum(int(part[11]) + int(part[12]) for part in parts) * 1000 / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(what: str, data_dir: Path) -> Iterator[Served]:
    """Serve "bare" or "full" (`segin serve`) and yield the server."""
    port = _free_port()
    environment = os.environ | {
        "SEGIN_MODE": "demo",
        "SEGIN_DATA_DIR": str(data_dir),
        "SEGIN_PORT": str(port),
        "SEGIN_PUBLIC_URL": URL,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
    }
    segin = [sys.executable, "-c", "from bot.cli import main; main()"]
    if what == "full":
        subprocess.run([*segin, "db", "upgrade"], env=environment, check=True)  # noqa: S603 our own program
    one = (
        [*segin, "serve"]
        if what == "full"
        else [sys.executable, "-c", f"from bench.servers import *; serve_bare({port})"]
    )
    server = subprocess.Popen(one, env=environment)  # noqa: S603 our own program
    try:
        _wait(port)
        yield Served(port, server.pid)
    finally:
        server.terminate()
        server.wait(15)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    msg = "The server that is to be measured did not start within ten seconds."
    raise RuntimeError(msg)
