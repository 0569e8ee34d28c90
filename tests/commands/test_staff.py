"""`segin staff` and `segin audit`: the first administrator, and whether the trail is as it was written."""

import re

import pytest
from click.testing import CliRunner

from bot.cli import segin


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a command on an installation of its own."""
    monkeypatch.setenv("SEGIN_MODE", "live")
    monkeypatch.setenv("SEGIN_DATA_DIR", str(tmp_path))

    def run(*arguments):
        return CliRunner().invoke(segin, arguments)

    return run


@pytest.fixture
def kadi(run):
    return run("staff", "add", "Kadi", "--name", "Kadi Koné", "--role", "administrator", "--phone", "76 00 00 02")


def password(result):
    found = re.search(r"shown only now: ([a-z2-9-]{23})$", result.output.strip())
    assert found
    return found[1]


def test_the_first_administrator_is_made_in_the_terminal(run, kadi):
    assert kadi.exit_code == 0
    assert password(kadi)
    listed = run("staff", "list").output
    assert listed == "kadi  Kadi Koné  administrator  no second factor yet\n"


def test_no_list_shows_a_number(run, kadi):
    assert "76" not in run("staff", "list").output


def test_a_password_is_never_twice_the_same(run, kadi):
    assert password(run("staff", "reset", "kadi")) != password(kadi)


@pytest.mark.parametrize("arguments", [["reset", "nobody"], ["deactivate", "nobody"], ["activate", "nobody"]])
def test_an_unknown_login_is_one_sentence(run, arguments):
    result = run("staff", *arguments)

    assert result.exit_code == 1
    assert "Nobody signs in as nobody" in result.output


def test_the_last_administrator_stays(run, kadi):
    result = run("staff", "deactivate", "kadi")

    assert result.exit_code == 1
    assert "C'est le dernier administrateur" in result.output


def test_an_account_is_closed_and_opened(run, kadi):
    run("staff", "add", "moussa", "--name", "Moussa", "--role", "caseworker", "--role", "supervisor")
    assert run("staff", "deactivate", "moussa").exit_code == 0
    assert "CLOSED" in run("staff", "list").output

    assert run("staff", "activate", "moussa").exit_code == 0
    assert "CLOSED" not in run("staff", "list").output


def test_an_installation_for_people_has_no_accounts_of_a_demonstration(run, kadi):
    assert "demo" not in run("staff", "list").output
    refused = run("staff", "add", "demo.me", "--name", "Me", "--role", "caseworker")
    assert refused.exit_code == 1


def test_the_trail_is_verified(run, kadi):
    result = run("audit", "verify")

    assert result.exit_code == 0
    assert "0 lines under 0 links are as they were; 1 wait to be closed." in result.output


def test_a_link_that_was_noted_and_is_gone_is_said(run, kadi):
    result = run("audit", "verify", "--head", "0" * 64)

    assert result.exit_code == 1
    assert "THE AUDIT TRAIL WAS CUT" in result.output
