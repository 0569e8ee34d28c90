"""Signing in as a browser does it: password, second factor, refusals that tell nothing, and pauses that end."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.accounts import FREE_TRIES, LONGEST_PAUSE
from console import cookies
from tests.console.conftest import PASSWORD, make_account
from tests.console.entry.conftest import Browser, code_of, recovery_codes, signed_in, text


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


def test_a_reviewer_sets_up_a_second_factor_first(app, house):
    kept = house.entrance.passwords.hash(PASSWORD)
    make_account(house, "reviewer", login="moussa", totp=None, totp_confirmed_at=None, password_hash=kept)
    browser = Browser(app)

    assert browser.password("moussa").location == "/console/set-up"
    assert not signed_in(browser)


def test_a_reviewer_who_becomes_a_caseworker_sets_up_a_second_factor_first(app, house):
    kept = house.entrance.passwords.hash(PASSWORD)
    made = make_account(house, "reviewer", login="moussa", totp=None, totp_confirmed_at=None, password_hash=kept)
    browser = Browser(app)
    browser.password("moussa")
    house.entrance.book.change(made.id, {"roles": {"reviewer", "caseworker"}})

    assert browser.get("/console/account").location == "/console/set-up"
