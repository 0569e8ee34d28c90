"""`segin facts`: checking, changing and switching off from the terminal."""

import pytest
from click.testing import CliRunner, Result

from bot.cli import segin

AWA = ("--by", "Awa", "--why", "dit par le bureau")


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("SEGIN_MODE", "demo")
    monkeypatch.setenv("SEGIN_DATA_DIR", str(tmp_path))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(segin, ["facts", *arguments])

    return run


def test_a_check_is_kept_and_shown_with_its_name(run):
    assert run("verify", "urgence_police", "--by", "Awa", "--on", "2026-11-20").exit_code == 0

    assert "checked 2026-11-20 by Awa" in run("list", "--topic", "urgences").output


def test_a_changed_number_is_shown_with_who_changed_it(run):
    run("edit", "oim_bamako", "phones=20 22 11 22", "--by", "Moussa", "--why", "dit par le bureau")

    shown = run("show", "oim_bamako").output
    assert "{oim_phone}: 20 22 11 22" in shown
    assert "Moussa: phones" in shown
    assert "(dit par le bureau)" in shown


def test_a_fact_is_switched_off_and_on_again(run):
    run("suspend", "oim_bamako", "--by", "Awa", "--why", "personne ne répond")
    assert "OFF" in run("list", "--topic", "contacts").output

    run("resume", "oim_bamako", "--by", "Awa", "--why", "on répond de nouveau")
    assert "OFF" not in run("list", "--topic", "contacts").output


@pytest.mark.parametrize(
    ("arguments", "status", "reason"),
    [
        (["edit", "oim_bamako", "phones=12", *AWA], 1, "is not a telephone number"),
        (["edit", "oim_bamako", "phones", *AWA], 2, "write FIELD=VALUE"),
        (["edit", "oim_bamako", "year=", *AWA], 1, "the year is missing"),
        (["edit", "oim_bamako", f"says.oim_address={'loin, ' * 12}", *AWA], 1, "would take 2 SMS"),
        (["edit", "pecule_usage", "status=internal", *AWA], 1, "utter_cash_when"),
        (["edit", "oim_bamako", "status=closed", "--by", "Awa"], 2, "--why"),
        (["verify", "nobody", "--by", "Awa"], 1, "There is no fact called"),
        (["suspend", "oim_bamako", "--why", "…"], 2, "--by"),
    ],
)
def test_a_wrong_command_is_refused_with_the_reason(run, arguments, status, reason):
    result = run(*arguments)

    assert (result.exit_code, reason in result.output) == (status, True)


def test_what_nobody_checked_is_listed_with_exit_status_one(run):
    result = run("stale")

    assert result.exit_code == 1
    assert "oim_bamako" in result.output


def test_changes_are_exported_as_yaml(run):
    assert "Nothing was changed" in run("export").output

    run("edit", "pecule_quand", "status=closed", *AWA)

    exported = run("export").output
    assert "# flows/facts/programme.yml" in exported
    assert "status: closed, scope: Maroc" in exported


def test_a_number_that_was_checked_here_no_longer_blocks_the_check_for_live(run):
    before = CliRunner().invoke(segin, ["check", "--live"])

    for fact in ("urgence_police", "urgence_pompiers", "urgence_sante"):
        run("verify", fact, "--by", "Awa", "--why", "appel d'essai")

    assert (before.exit_code, "never checked" in before.output) == (1, True)
    assert "never checked" not in CliRunner().invoke(segin, ["check", "--live"]).output
