"""How long a session lasts, what ends it, and what its cookie tells whom."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.accounts import HALF_WAY, IDLE, LONGEST
from bot.ports.audit import Wanted
from bot.web import create_app
from console import cookies
from console.threshold import browser as browser_name
from tests.console.conftest import PASSWORD
from tests.console.entry.conftest import Browser, code_of, recovery_codes, signed_in, text


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


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36",
            "Chrome sur Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1",
            "Safari sur iPhone",
        ),
        (
            "Opera/9.80 (Android; Opera Mini/36.2/119.132; U; id) Presto/2.12.423 Version/12.16",
            "Opera Mini sur Android",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox sur Linux"),
        ("curl/8.0", "Navigateur"),
        ("", "Navigateur"),
    ],
    ids=str,
)
def test_of_a_browser_only_its_name_is_kept(told, kept):
    assert browser_name(told) == kept
