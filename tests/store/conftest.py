"""The store by itself, on every database engine."""

import pytest

from bot.adapters.crypto import Vault
from bot.adapters.sql.engine import Database
from bot.adapters.sql.store import SqlStore
from tests.store.people import KEYS


@pytest.fixture
def vault() -> Vault:
    return Vault(KEYS)


@pytest.fixture
def store(database: Database, vault: Vault) -> SqlStore:
    return SqlStore(database, vault)
