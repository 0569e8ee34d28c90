"""The console as a browser meets it: the whole application on throw-away data, with staff who are signed in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.bootstrap import build, prepare_data
from bot.config import read_settings
from bot.core.accounts import Account, Session
from bot.core.staff import Role
from bot.house import House
from bot.ports.staff import Note
from bot.web import create_app
from console import cookies

NO_QUEUE = "redis+socket:///nowhere"
PASSWORD = "quatre ânes dans la pirogue"


@dataclass(frozen=True, slots=True)
class Seat:
    """A browser in which somebody is signed in."""

    client: FlaskClient
    account: Account
    token: str

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(path, **options)

    def post_form(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form as a page of ours would, with what every form carries."""
        fields = {"csrf": cookies.form_token(self.token), **(data or {})}
        return self.client.post(path, data=fields, **options)


@pytest.fixture(scope="session")
def console_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An installation in demo mode; data is shared by all tests, so each makes its own persons and cases."""
    house = make_house(tmp_path_factory.mktemp("console"))
    yield house
    house.database.close()


@pytest.fixture(scope="session")
def console_app(console_house: House) -> Flask:
    return create_app(console_house)


@pytest.fixture
def staff_client(console_app: Flask, console_house: House) -> Callable[..., Seat]:
    """Call with roles, such as staff_client("caseworker") or staff_client("partner", partner="abc"), for a Seat."""

    def sit(*roles: Role, **more: Any) -> Seat:
        return seat(console_app, console_house, *roles, **more)

    return sit


def make_house(data_dir: Path, **environ: str) -> House:
    settings = read_settings({"SEGIN_DATA_DIR": str(data_dir), "SEGIN_MODE": "demo", **environ})
    prepare_data(settings)
    return build(settings, NO_QUEUE)


def make_account(house: House, *roles: Role, **more: Any) -> Account:
    """Make a member of staff with a second factor in place; `more` are fields of Account."""
    entrance = house.entrance
    now, ident = entrance.clock.now(), entrance.ids.new()
    given = {"login": f"staff-{ident[:12]}", "name": f"Agent {ident[:6]}", "password_hash": "none", **more}
    factor = {"totp": entrance.codes.new_secret(), "totp_confirmed_at": now}
    account = Account(id=ident, roles=frozenset(roles), created_at=now, **{**factor, **given})
    entrance.book.add(account, Note("test", "staff.add", ident, now))
    return account


def seat(app: Flask, house: House, *roles: Role, **more: Any) -> Seat:
    """Sign in a new member of staff: the session is made directly, signing in has tests of its own."""
    account = make_account(house, *roles, **more)
    entrance, token = house.entrance, house.entrance.token()
    now = entrance.clock.now()
    entrance.book.open_session(Session(entrance.ids.new(), account.id, True, now, now, "test"), token)
    client = app.test_client()
    client.set_cookie(cookies.name(house.settings), token)
    return Seat(client, account, token)
