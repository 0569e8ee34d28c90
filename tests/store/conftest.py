"""The store on every database engine."""

from collections.abc import Iterator

import pytest

from bot.adapters.crypto import Vault
from bot.adapters.keys import Keys
from bot.adapters.sql.engine import Database
from bot.adapters.sql.store import SqlStore
from tests.servers import Databases, postgresql_databases, sqlite_databases

KEYS = Keys(encryption=(b"e" * 32,), index=(b"i" * 32,))


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory) -> Databases:
    return sqlite_databases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Databases]:
    with postgresql_databases() as databases:
        yield databases


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.db)])
def databases(request) -> Databases:
    return request.getfixturevalue(request.param)


@pytest.fixture
def url(databases) -> str:
    return databases.fresh()


@pytest.fixture
def vault() -> Vault:
    return Vault(KEYS)


@pytest.fixture
def database(url) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()


@pytest.fixture
def store(database, vault) -> SqlStore:
    return SqlStore(database, vault)
