"""`segin unmatched`: from a message nobody understood to a line of nlu.yml."""

import os

import pytest
import yaml
from click.testing import CliRunner, Result

from bot.adapters.queue import SilentWake
from bot.adapters.sql.engine import Database
from bot.adapters.understanding_files import read_examples
from bot.bootstrap import ROOT, open_ports, prepare_data
from bot.cli import segin
from bot.config import read_settings
from bot.core.effects import KeepUnmatched
from bot.core.messages import Address
from bot.understanding.training import examples_of

TEXTS = (
    KeepUnmatched("je veux la chose", "fr", ("menu", "advice")),
    KeepUnmatched("n bɛ fɛn dɔ fɛ", "bm"),
    KeepUnmatched("bonjour", "fr"),
)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command on an installation that has kept three messages, numbered from 1."""
    monkeypatch.setenv("SEGIN_MODE", "demo")
    monkeypatch.setenv("SEGIN_DATA_DIR", str(tmp_path))
    settings = read_settings(os.environ)
    prepare_data(settings)
    database = Database(settings.database_url)
    ports = open_ports(settings, database, SilentWake())
    now = ports.clock.now()
    with ports.store.write() as tx:
        tx.ensure_person("awa", Address("sms", "+22370000001"), now=now)
        for effect in TEXTS:
            tx.keep_unmatched("awa", effect, now=now)
    database.close()

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(segin, ["unmatched", *arguments])

    return run


def test_the_list_shows_the_newest_first_with_what_was_offered(run):
    lines = run("list").output.splitlines()

    assert [line.split()[0] for line in lines] == ["3", "2", "1"]
    assert lines[2].endswith("fr  je veux la chose  offered: menu, advice")
    assert "70000001" not in run("list").output


def test_the_list_can_be_of_one_language(run):
    assert run("list", "--language", "bm").output.split()[0] == "2"


def test_a_labelled_message_leaves_the_list_and_is_shown_with_all(run):
    assert run("label", "1", "advice", "--by", "Awa").output == "Message 1: advice.\n"

    assert "la chose" not in run("list").output
    assert "= advice (Awa)" in run("list", "--all").output


def test_labelled_messages_become_lines_of_nlu_yml(run):
    run("label", "1", "advice", "--by", "Awa")
    run("label", "2", "menu", "--by", "Awa")
    run("label", "3", "greet", "--by", "Awa")  # a line that is there already

    french = run("export", "--language", "fr").output
    assert french == "# locales/fr/nlu.yml\n- intent: advice\n  examples: |\n    - je veux la chose\n"
    assert "    - n bɛ fɛn dɔ fɛ\n" in run("export").output


def test_what_is_written_can_be_put_at_the_end_of_the_file_as_it_is(run):
    run("label", "1", "advice", "--by", "Awa")
    before = read_examples(ROOT)["fr"]["advice"]

    whole = (ROOT / "locales/fr/nlu.yml").read_text(encoding="utf-8") + run("export", "--language", "fr").output

    assert examples_of(yaml.safe_load(whole))["advice"] == [*before, "je veux la chose"]


def test_danger_goes_to_the_second_net_and_asks_for_words(run):
    run("label", "1", "health_support", "--danger", "--by", "Awa")

    assert "= health_support DANGER (Awa)" in run("list", "--all").output
    result = run("export")
    assert "- intent: emergency\n  examples: |\n    - je veux la chose\n" in result.stdout
    assert "Marked as danger: 1." in result.stderr


def test_a_message_is_dropped(run):
    assert run("drop", "2", "--by", "Awa").exit_code == 0

    assert "fɛn" not in run("list", "--all").output


def test_an_empty_desk_says_so(run):
    for ident in ("1", "2", "3"):
        run("drop", ident, "--by", "Awa")

    assert run("list").output == "Nothing is waiting for a label.\n"
    assert run("export").output == ""


@pytest.mark.parametrize(
    ("arguments", "status", "reason"),
    [
        (
            ["label", "1", "formation", "--by", "Awa"],
            1,
            "There is no intent called 'formation' in nlu.yml; known: abuse,",
        ),
        (["label", "9", "menu", "--by", "Awa"], 1, "There is no message 9"),
        (["drop", "9", "--by", "Awa"], 1, "There is no message 9"),
        (["label", "1", "menu"], 2, "--by"),
        (["label", "one", "menu", "--by", "Awa"], 2, "not a valid integer"),
        (["label", "99999999999999999999", "menu", "--by", "Awa"], 2, "is not in the range"),
        (["list", "--language", "en"], 2, "'fr', 'bm'"),
    ],
)
def test_a_wrong_command_is_refused_with_the_reason(run, arguments, status, reason):
    result = run(*arguments)

    assert (result.exit_code, reason in result.output) == (status, True)
