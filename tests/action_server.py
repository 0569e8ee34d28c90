"""The real rasa_sdk action server as a child process on a free loopback port."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from signal import SIGKILL, SIGTERM

ROOT = Path(__file__).parents[1]
READY_WITHIN = 30  # seconds; it takes about two


@contextmanager
def action_server(package: str = "flows.actions", *, path: Path = ROOT) -> Iterator[str]:
    """Start `python -m rasa_sdk --actions package` and give its webhook's address; it is stopped at the end."""
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "rasa_sdk", "--actions", package, "--port", str(port), "--quiet"],
        cwd=path,
        env={**os.environ, "SANIC_HOST": "127.0.0.1", "PYTHONPATH": os.pathsep.join((str(path), str(ROOT)))},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_until_ready(server, port)
        yield f"http://127.0.0.1:{port}/webhook"
    finally:
        _stop(server)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(server: "subprocess.Popen[bytes]", port: int) -> None:
    give_up = time.monotonic() + READY_WITHIN
    while time.monotonic() < give_up:
        if server.poll() is not None:
            raise RuntimeError(f"The action server ended with status {server.returncode} before it was ready.")
        connection = HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError(f"The action server was not ready within {READY_WITHIN} seconds.")


def _stop(server: "subprocess.Popen[bytes]") -> None:
    """End the server and the worker that it started."""
    for signal in (SIGTERM, SIGKILL):
        try:
            os.killpg(server.pid, signal)
            server.wait(5)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
        else:
            return
