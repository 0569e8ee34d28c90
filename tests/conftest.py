"""What every test may ask for: real databases, the real assistant, and the ports that use cases work with."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from bot.adapters.crypto import Vault
from bot.adapters.ids import RandomIds
from bot.adapters.keys import Keys
from bot.adapters.sql.engine import Database
from bot.adapters.sql.store import SqlStore
from bot.bootstrap import think
from bot.config import read_settings
from bot.core.messages import Address
from bot.service.brain import Brain
from bot.service.ports import Ports
from bot.simulator import StoppedClock
from tests.servers import Databases, postgresql_databases, sqlite_databases

KEYS = Keys(encryption=(b"e" * 32,), index=(b"i" * 32,))
MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday; Bamako is at UTC
DUTY = Address("sms", "+22370000009")


@dataclass(slots=True)
class CountedWake:
    """Counts how often the worker was called."""

    calls: int = field(default=0)

    def outgoing(self) -> None:
        """Count a call."""
        self.calls += 1


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    return sqlite_databases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Databases]:
    with postgresql_databases() as databases:
        yield databases


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.db)])
def databases(request: pytest.FixtureRequest) -> Databases:
    found: Databases = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def database(databases: Databases) -> Iterator[Database]:
    database = Database(databases.fresh())
    yield database
    database.close()


@pytest.fixture
def store(database: Database) -> SqlStore:
    return SqlStore(database, Vault(KEYS))


@pytest.fixture(scope="session")
def brain() -> Brain:
    return replace(think(read_settings({"SEGIN_MODE": "demo"})), alert_to=(DUTY,))


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(MORNING)


@pytest.fixture
def wake() -> CountedWake:
    return CountedWake()


@pytest.fixture
def ports(store: SqlStore, clock: StoppedClock, wake: CountedWake) -> Ports:
    return Ports(store=store, clock=clock, ids=RandomIds(), wake=wake)
