"""Staff of a demonstration come in by one click, and nowhere else at all."""

from dataclasses import replace

import pytest

from bot.web import create_app
from console import cookies
from tests.console.entry.conftest import Browser, signed_in, text


@pytest.fixture
def demo_staff(house):
    from bot.service.demo_staff import seed_staff

    seed_staff(house.entrance, "apej")


def live(house):
    return replace(house, settings=replace(house.settings, mode="live"))


def test_one_click_lets_staff_of_a_demonstration_in(browser, demo_staff, house):
    page = text(browser.get("/console/sign-in"))
    assert "Awa Diarra" in page

    answer = browser.send("/console/demo", page="/console/sign-in", login="demo.awa")
    assert answer.status_code == 303
    assert house.entrance.book.by_login("demo.awa").name in text(browser.get("/console/account"))


def test_one_click_lets_nobody_else_in(browser, demo_staff, account):
    assert browser.send("/console/demo", page="/console/sign-in", login="awa").status_code == 422
    assert not signed_in(browser)


def test_an_installation_for_people_refuses_staff_of_a_demonstration(house, demo_staff):
    from bot.service.demo_staff import PASSWORD as KNOWN

    browser = Browser(create_app(live(house)))
    assert "Awa Diarra" not in text(browser.get("/console/sign-in"))
    assert browser.password("demo.awa", KNOWN).status_code == 422
    assert browser.client.post("/console/demo").status_code == 404


def test_a_session_of_a_demonstration_is_worth_nothing_for_people(app, house, demo_staff):
    browser = Browser(app)
    browser.send("/console/demo", page="/console/sign-in", login="demo.awa")
    assert signed_in(browser)
    elsewhere = Browser(create_app(live(house)))
    token = browser.client.get_cookie(cookies.name(house.settings)).value
    elsewhere.client.set_cookie(cookies.name(house.settings), token)

    assert not signed_in(elsewhere)
