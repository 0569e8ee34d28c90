"""Browsers at the door, on a database and with a clock of their own."""

import re
from dataclasses import replace

import pyotp
import pytest

from bot.adapters.sql.engine import Database
from bot.adapters.sql.store import SqlStore
from bot.service.accounts import new_codes
from bot.simulator import StoppedClock
from bot.web import create_app
from tests.conftest import MORNING
from tests.console.conftest import PASSWORD, make_account

HIDDEN = re.compile(r'name="csrf" value="([0-9a-f]{64})"')


class Browser:
    """A browser that sends the forms it is shown."""

    def __init__(self, app):
        self.client = app.test_client()

    def get(self, path):
        return self.client.get(path)

    def send(self, path, page=None, **fields):
        found = HIDDEN.search(self.client.get(page or path).get_data(as_text=True))
        assert found
        return self.client.post(path, data={"csrf": found[1], **fields})

    def password(self, login, password=PASSWORD, **more):
        return self.send("/console/sign-in", login=login, password=password, **more)

    def code(self, code):
        return self.send("/console/second-factor", code=code)


@pytest.fixture
def clock():
    return StoppedClock(MORNING)


@pytest.fixture
def house(console_house, sqlite, clock):
    """The same installation on a database and with a clock of its own."""
    database = Database(sqlite.fresh())
    store = SqlStore(database, console_house.vault)
    yield replace(console_house, database=database, ports=replace(console_house.ports, store=store, clock=clock))
    database.close()


@pytest.fixture
def app(house):
    return create_app(house)


@pytest.fixture
def browser(app):
    return Browser(app)


@pytest.fixture
def account(house):
    """A caseworker with password and second factor."""
    return make_account(house, "caseworker", login="awa", password_hash=house.entrance.passwords.hash(PASSWORD))


def code_of(account, clock):
    return pyotp.TOTP(account.totp).at(clock.now())


def text(answer):
    return answer.get_data(as_text=True)


def signed_in(browser):
    return browser.get("/console/account").status_code == 200


def recovery_codes(house, account):
    return new_codes(house.entrance, account)
