"""Signing in as a browser does it: password, second factor, refusals that tell nothing, and pauses that end."""

import re
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest

from bot.adapters.sql.engine import Database
from bot.adapters.sql.store import SqlStore
from bot.core.accounts import FREE_TRIES, HALF_WAY, IDLE, LONGEST, LONGEST_PAUSE
from bot.ports.audit import Wanted
from bot.simulator import StoppedClock
from bot.web import create_app
from console import cookies
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


def test_password_and_code_open_the_door(browser, account, clock):
    half_way = browser.password("Awa ")
    assert (half_way.status_code, half_way.location) == (303, "/console/second-factor")
    assert not signed_in(browser)

    assert browser.code(code_of(account, clock)).location == "/console/"
    assert signed_in(browser)


def test_it_leads_to_the_page_that_was_asked_for_and_never_elsewhere(app, account, clock, house):
    for asked, led in {
        "/console/account?x=1": "/console/account?x=1",
        "//elsewhere.example": "/console/",
        "https://elsewhere.example": "/console/",
        "/console/\\elsewhere.example": "/console/",
        "/phone/": "/console/",
    }.items():
        clock.at += timedelta(minutes=1)
        browser = Browser(app)
        found = browser.password("awa", next=asked).location
        assert browser.send(found, code=code_of(account, clock), next=asked).location == led


def test_a_wrong_name_and_a_wrong_password_are_refused_in_the_very_same_way(app, account):
    answers = [Browser(app).password(*given) for given in (("awa", "no"), ("nobody", "no"), ("nobody", PASSWORD))]

    assert {answer.status_code for answer in answers} == {422}
    pages = {re.sub(r'value="[^"]*"', "", text(answer)) for answer in answers}
    assert len(pages) == 1
    assert 'role="alert"' in pages.pop()


def test_a_name_that_nobody_has_costs_a_hash_too(house):
    asked = []

    class Counted:
        def matches(self, kept, password):
            asked.append(kept)
            return house.entrance.passwords.matches(kept, password)

    from bot.service.sign_in import Knock, Refused, with_password

    entrance = replace(house.entrance, passwords=Counted())
    assert with_password(entrance, "nobody", PASSWORD, Knock("192.0.2.1")) == Refused()
    assert asked == [None]


def test_what_was_typed_is_kept_but_not_the_password(browser, account):
    page = text(browser.password("awa", "not this one"))

    assert 'value="awa"' in page
    assert "not this one" not in page


def test_a_closed_account_is_refused_like_a_wrong_password(browser, house, account):
    house.entrance.book.change(account.id, {"active": False})

    assert browser.password("awa").status_code == 422


def test_an_account_that_is_closed_is_out_at_once(browser, house, account, clock):
    browser.password("awa")
    browser.code(code_of(account, clock))
    house.entrance.book.change(account.id, {"active": False})

    assert not signed_in(browser)


@pytest.mark.parametrize("login", ["awa", "nobody"])
def test_after_some_wrong_passwords_nothing_is_looked_at_for_a_while(app, account, clock, login):
    for _ in range(FREE_TRIES):
        assert Browser(app).password(login, "wrong").status_code == 422

    refused = Browser(app).password(login)
    assert refused.status_code == 429
    assert "Réessayez dans 1 minute" in text(refused)


def test_the_pause_ends_by_itself_however_long_somebody_has_guessed(app, account, clock):
    for _ in range(40):
        Browser(app).password("awa", "wrong")
        clock.at += LONGEST_PAUSE
    clock.at += LONGEST_PAUSE

    assert Browser(app).password("awa").status_code == 303


def test_a_stranger_s_guesses_do_not_slow_down_a_browser_that_was_here_before(app, account, clock):
    mine = Browser(app)
    mine.password("awa")
    mine.code(code_of(account, clock))
    mine.send("/console/sign-out", page="/console/account")
    for _ in range(FREE_TRIES + 1):
        Browser(app).password("awa", "wrong")
    assert Browser(app).password("awa").status_code == 429

    assert mine.password("awa").status_code == 303


def test_a_made_up_mark_of_an_earlier_visit_counts_for_nothing(app, account):
    for _ in range(FREE_TRIES):
        Browser(app).password("awa", "wrong")
    browser = Browser(app)
    browser.client.set_cookie(cookies.DEVICE, "0" * 32 + "." + "0" * 64)

    assert browser.password("awa").status_code == 429


def test_guessing_the_code_is_slowed_down_too(browser, account, clock):
    browser.password("awa")
    for _ in range(FREE_TRIES):
        assert browser.code("000000").status_code == 422

    assert browser.code(code_of(account, clock)).status_code == 429


def test_a_code_is_good_once(app, account, clock):
    code = code_of(account, clock)
    first, second = Browser(app), Browser(app)
    for browser in (first, second):
        browser.password("awa")

    assert first.code(code).status_code == 303
    assert second.code(code).status_code == 422
    assert not signed_in(second)


def test_an_older_code_than_the_last_one_is_refused(app, account, clock):
    older = code_of(account, clock)
    clock.at += timedelta(seconds=30)
    newer = code_of(account, clock)
    first, second = Browser(app), Browser(app)
    first.password("awa")
    assert first.code(newer).status_code == 303

    second.password("awa")
    assert second.code(older).status_code == 422


def test_a_code_of_two_minutes_ago_is_refused(browser, account, clock):
    old = code_of(account, clock)
    clock.at += timedelta(minutes=2)
    browser.password("awa")

    assert browser.code(old).status_code == 422


def test_the_first_time_the_second_factor_is_set_up_before_anything_else(app, house, clock):
    make_account(
        house,
        "caseworker",
        login="new",
        totp=None,
        totp_confirmed_at=None,
        password_hash=house.entrance.passwords.hash(PASSWORD),
    )
    browser = Browser(app)
    assert browser.password("new").location == "/console/set-up"
    assert browser.get("/console/account").location == "/console/set-up"
    assert "<svg" in text(browser.get("/console/set-up"))

    account = house.entrance.book.by_login("new")
    assert browser.send("/console/set-up", code="000000").status_code == 422
    shown = text(browser.send("/console/set-up", code=code_of(account, clock)))

    assert len(set(re.findall(r"<li>([a-z2-9]{5}-[a-z2-9]{5})</li>", shown))) == 10
    assert signed_in(browser)
    assert browser.get("/console/set-up").location == "/console/"


def recovery_codes(house, account):
    from bot.service.accounts import new_codes

    return new_codes(house.entrance, account)


def test_a_recovery_code_opens_once(app, house, account):
    code = recovery_codes(house, account)[0]
    first, second = Browser(app), Browser(app)
    for browser in (first, second):
        browser.password("awa")

    assert first.code(f" {code[:5].upper()}-{code[5:]} ").status_code == 303
    assert second.code(code).status_code == 422
    assert house.entrance.book.codes_left(account.id) == 9


def test_new_recovery_codes_replace_the_old_ones(browser, house, account):
    old = recovery_codes(house, account)[0]
    recovery_codes(house, account)
    browser.password("awa")

    assert browser.code(old).status_code == 422


def test_another_s_recovery_code_opens_nothing(browser, house, account):
    other = make_account(house, "caseworker")
    code = recovery_codes(house, other)[0]
    browser.password("awa")

    assert browser.code(code).status_code == 422


def test_a_reviewer_needs_no_second_factor(app, house):
    kept = house.entrance.passwords.hash(PASSWORD)
    make_account(house, "reviewer", login="moussa", totp=None, totp_confirmed_at=None, password_hash=kept)
    browser = Browser(app)

    assert browser.password("moussa").location == "/console/"
    assert signed_in(browser)


def test_a_reviewer_who_becomes_a_caseworker_sets_up_a_second_factor_first(app, house):
    kept = house.entrance.passwords.hash(PASSWORD)
    made = make_account(house, "reviewer", login="moussa", totp=None, totp_confirmed_at=None, password_hash=kept)
    browser = Browser(app)
    browser.password("moussa")
    house.entrance.book.change(made.id, {"roles": {"reviewer", "caseworker"}})

    assert browser.get("/console/account").location == "/console/set-up"


def test_a_session_left_alone_ends(browser, account, clock):
    browser.password("awa")
    browser.code(code_of(account, clock))
    clock.at += IDLE - timedelta(seconds=1)
    assert signed_in(browser)
    clock.at += IDLE - timedelta(seconds=1)
    assert signed_in(browser)

    clock.at += IDLE
    assert not signed_in(browser)


def test_a_page_that_asks_for_news_by_itself_keeps_no_session_open(browser, account, clock):
    browser.password("awa")
    browser.code(code_of(account, clock))
    clock.at += IDLE / 2
    assert browser.client.get("/console/account", headers={"HX-Request": "true"}).status_code == 200
    clock.at += IDLE / 2

    assert browser.client.get("/console/account", headers={"HX-Request": "true"}).status_code == 401


def test_the_longest_session_ends_while_somebody_works(browser, account, clock):
    browser.password("awa")
    browser.code(code_of(account, clock))
    for _ in range(int(LONGEST / IDLE) * 2 - 1):
        clock.at += IDLE / 2
        assert signed_in(browser)
    clock.at += IDLE / 2

    assert not signed_in(browser)


def test_half_way_is_no_place_to_stay(browser, account, clock):
    browser.password("awa")
    clock.at += HALF_WAY

    assert browser.get("/console/second-factor").location == "/console/sign-in"


def test_the_token_changes_when_somebody_signs_in(browser, account, clock, house):
    def token():
        return browser.client.get_cookie(cookies.name(house.settings)).value

    browser.get("/console/sign-in")
    before = token()
    browser.password("awa")
    half_way = token()
    browser.code(code_of(account, clock))

    assert len({before, half_way, token()}) == 3
    assert house.entrance.book.session(half_way) is None


def test_signing_out_ends_the_session_itself(browser, account, clock, house):
    browser.password("awa")
    browser.code(code_of(account, clock))
    token = browser.client.get_cookie(cookies.name(house.settings)).value
    answer = browser.send("/console/sign-out", page="/console/account")

    assert answer.location == "/console/sign-in"
    assert house.entrance.book.session(token) is None
    assert "Vous êtes déconnecté." in text(browser.get("/console/sign-in"))


def test_signing_in_and_being_refused_stand_in_the_trail(browser, account, clock, house):
    browser.password("awa", "wrong")
    browser.password("awa")
    browser.code(code_of(account, clock))

    found = [(line.action, line.actor) for line in house.trail.lines(Wanted(object_id=account.id), limit=5)]
    assert found[:2] == [("staff.sign_in", account.id), ("staff.refused", "unknown")]


def test_no_stored_column_opens_a_door(browser, account, clock, house):
    from sqlalchemy import text as sql

    browser.password("awa")
    browser.code(code_of(account, clock))
    token = browser.client.get_cookie(cookies.name(house.settings)).value
    codes = recovery_codes(house, account)
    with house.database.reading() as connection:
        kept = "".join(
            str(row)
            for table in ("staff", "staff_session", "recovery_code")
            for row in connection.execute(sql(f"SELECT * FROM {table}"))  # noqa: S608
        )

    for secret in (token, PASSWORD, account.totp, *codes):
        assert secret not in kept
    assert "$argon2id$" in kept


def cookie_headers(app, account, clock):
    browser = Browser(app)
    browser.password("awa")
    return browser.code(code_of(account, clock)).headers.getlist("Set-Cookie")


def test_cookies_are_kept_from_scripts_and_other_sites(app, account, clock):
    for header in cookie_headers(app, account, clock):
        assert "HttpOnly" in header
        assert "SameSite=Strict" in header


def test_behind_https_cookies_are_bound_to_the_host(house, account, clock):
    secure = replace(house, settings=replace(house.settings, public_url="https://segin.example.org"))
    browser = Browser(create_app(secure))
    page = browser.client.get("/console/sign-in", base_url="https://segin.example.org")

    header = page.headers.getlist("Set-Cookie")[0]
    assert header.startswith("__Host-segin=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= set(header.split("; "))
