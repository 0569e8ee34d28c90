"""A real Kannel on loopback, from the very configuration that docs/kannel.conf shows, for tests and benchmark."""

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from urllib.request import urlopen

SHOWN = Path(__file__).parents[1] / "docs" / "kannel.conf"
FAKE_CENTRE = Path("/usr/lib/kannel/test/fakesmsc")
START_WITHIN = 20.0  # seconds
SENDER, SECRET = "36000", "gateway-secret"
ABSENT = "Kannel is absent: `make gateway` installs Debian's packages kannel and kannel-extras when it runs as root."

_FAKE_LINK = "group = smsc\nsmsc = fake\nsmsc-id = OPERATOR\nport = ${smsc_port}\nconnect-allow-ip = 127.0.0.1\n"
_VALUES = {
    "admin_password": "admin",
    "status_password": "status",
    "smsc_host": "127.0.0.1",
    "smsc_username": "segin",
    "smsc_password": "link",
    "reconnect_delay": "1",
    "sender": SENDER,
    "username": "segin",
    "password": "password",
    "secret": SECRET,
}


def is_installed() -> bool:
    """Say whether Debian's Kannel and its fake message centre are here."""
    return all(map(shutil.which, ("bearerbox", "smsbox", str(FAKE_CENTRE))))


@dataclass(slots=True)
class KannelBoxes:
    """The two boxes and where they listen. `fake`: for fakesmsc instead of an SMPP message centre."""

    folder: Path
    our_url: str
    fake: bool = False
    a_second: int = 1000
    ports: dict[str, int] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def write(self) -> None:
        """Write the configuration with free ports."""
        names = ("admin_port", "smsbox_port", "sendsms_port", "smsc_port")
        self.ports = dict(zip(names, free_ports(len(names)), strict=True))
        (self.folder / "spool").mkdir(parents=True, exist_ok=True)
        text = _with_fake_link(SHOWN.read_text(encoding="utf-8")) if self.fake else SHOWN.read_text(encoding="utf-8")
        own = {"folder": self.folder, "our_url": self.our_url, "a_second": self.a_second, **self.ports}
        self._file.write_text(Template(text).substitute({**_VALUES, **own}), encoding="utf-8")

    def start(self) -> None:
        """Start both boxes and wait until sendsms listens."""
        self._start("bearerbox", self.ports["smsbox_port"])
        self._start("smsbox", self.ports["sendsms_port"])

    def stop(self) -> None:
        """End both boxes at once, as a power cut would; bearerbox does not listen to SIGTERM while messages wait."""
        for process in self.running.values():
            process.kill()
            process.wait()
        self.running.clear()

    def status(self) -> str:
        """Return the status page as text, "" while bearerbox does not answer."""
        try:
            with urlopen(self._status_url.replace(".xml", ".txt"), timeout=2) as page:  # noqa: S310 our own loopback
                return str(page.read().decode())
        except OSError:
            return ""

    @property
    def settings(self) -> dict[str, str]:
        """Return Segin's settings for this gateway."""
        return {
            "SEGIN_KANNEL_SEND_URL": f"http://127.0.0.1:{self.ports['sendsms_port']}/cgi-bin/sendsms",
            "SEGIN_KANNEL_USERNAME": _VALUES["username"],
            "SEGIN_KANNEL_PASSWORD": _VALUES["password"],
            "SEGIN_KANNEL_SECRET": SECRET,
            "SEGIN_KANNEL_FROM": SENDER,
            "SEGIN_KANNEL_A_SECOND": str(self.a_second),
            "SEGIN_KANNEL_STATUS_URL": self._status_url,
            "SEGIN_KANNEL_ALLOW": "127.0.0.1",
        }

    @property
    def _status_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['admin_port']}/status.xml?password={_VALUES['status_password']}"

    @property
    def _file(self) -> Path:
        return self.folder / "kannel.conf"

    def _start(self, name: str, port: int) -> None:
        with (self.folder / f"{name}.out").open("ab") as out:
            self.running[name] = subprocess.Popen(  # noqa: S603 Debian's own program
                [shutil.which(name) or name, "-v", "2", str(self._file)], stdout=out, stderr=out, cwd=self.folder
            )
        await_port(port, self.running[name], name)


@contextmanager
def kannel_boxes(folder: Path, our_url: str, *, fake: bool = False) -> Iterator[KannelBoxes]:
    """Run Kannel in a folder of its own. Raises RuntimeError when it is absent or does not start."""
    if not is_installed():
        raise RuntimeError(ABSENT)
    boxes = KannelBoxes(folder, our_url, fake=fake)
    boxes.write()
    try:
        boxes.start()
        yield boxes
    finally:
        boxes.stop()


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]


def await_port(port: int, process: subprocess.Popen[bytes], name: str) -> None:
    """Wait until a program listens. Raises RuntimeError when it ends, or takes too long."""
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.05)
    msg = f"{name} did not start; its output stands in its folder."
    raise RuntimeError(msg)


def _with_fake_link(text: str) -> str:
    """Put the fake message centre where the operator's link stands."""
    before, _, after = text.partition("group = smsc\n")
    return "\n".join((before + _FAKE_LINK, after.partition("\n\n")[2]))
