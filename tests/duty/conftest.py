"""A team on every database engine."""

import pytest

from bot.adapters.crypto import Vault
from bot.adapters.sql.engine import Database
from bot.adapters.sql.staff import SqlStaff
from tests.conftest import KEYS


@pytest.fixture
def book(database: Database) -> SqlStaff:
    return SqlStaff(database, Vault(KEYS))
