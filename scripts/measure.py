"""Start `segin run` on fresh and then on warm data; print the time to ready and the memory of the process tree.

Memory is PSS: each page is divided among the processes that share it (/proc/<pid>/smaps_rollup, Linux only).
"""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

READY_WITHIN = 60.0
SETTLE = 3.0


def main() -> None:
    """Print one line a start."""
    command = sys.argv[1:] or [str(Path(sys.executable).with_name("segin")), "run"]
    with tempfile.TemporaryDirectory() as folder:
        for label in ("first start", "second start"):
            ready, memory, processes, stopped = measure(command, folder)
            print(
                f"{label:12}  ready in {ready:.1f} s  {memory:.0f} MB PSS in {processes} processes  "
                f"stopped in {stopped:.1f} s"
            )


def measure(command: list[str], folder: str) -> tuple[float, float, int, float]:
    """Return seconds to ready, megabytes, number of processes, and seconds to stop."""
    port = free_port()
    settings = {"SEGIN_MODE": "demo", "SEGIN_DATA_DIR": f"{folder}/data", "SEGIN_PORT": str(port)}
    began = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 - our own program
        command, env={**os.environ, **settings}, stdout=subprocess.DEVNULL
    )
    try:
        wait_until_ready(f"http://127.0.0.1:{port}/readyz", process)
        ready = time.monotonic() - began
        time.sleep(SETTLE)
        tree = pids(process.pid)
        memory = sum(pss(pid) for pid in tree)
    finally:
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait()
    return ready, memory / 1024, len(tree), time.monotonic() - asked


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    """Ask until the answer is 200, as long as the process lives."""
    end = time.monotonic() + READY_WITHIN
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    sys.exit(f"{url} did not become ready.")


def pids(root: int) -> list[int]:
    """Return a process and all below it."""
    found = [root]
    for pid in found:
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            found += [int(child) for child in children.read_text().split()]
    return found


def pss(pid: int) -> int:
    """Return kilobytes of a process's proportional share of memory."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1])


if __name__ == "__main__":
    main()
