"""`segin contacts` and `segin broadcast`: a list comes in, a message goes out once a second person agrees."""

import pytest
from click.testing import CliRunner

from bot.cli import segin

LIST = "Nom;Téléphone;Région\nAwa Traoré;76 12 34 56;Kayes\nMoussa Keïta;76 12 34 57;Kita\n"
SOURCE = ("--by", "oumou", "--consent-source", "formulaire Kayes, mai 2026")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run a command on one installation for all of these tests."""
    folder = tmp_path_factory.mktemp("terminal")

    def run(*arguments):
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("SEGIN_MODE", "demo")
            patched.setenv("SEGIN_DATA_DIR", str(folder))
            return CliRunner().invoke(segin, arguments)

    for login in ("awa", "ali"):
        run("staff", "add", login, "--name", login.title(), "--role", "broadcaster")
    return run


@pytest.fixture
def listed(tmp_path):
    def write(text):
        path = tmp_path / "liste.csv"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_a_dry_run_says_what_would_happen_and_keeps_nobody(run, listed):
    found = run("contacts", "import", listed(LIST), *SOURCE, "--dry-run")

    assert (found.exit_code, "2 line(s) can be kept" in found.output) == (0, True)
    assert "2 line(s) can be kept" in run("contacts", "import", listed(LIST), *SOURCE, "--dry-run").output


def test_a_line_that_is_wrong_stops_the_list_unless_the_good_ones_are_wanted(run, listed):
    wrong = listed(LIST.replace("56", "60").replace("57", "61") + "Fanta;12;Mopti\n")
    refused = run("contacts", "import", wrong, *SOURCE)
    assert (refused.exit_code, "tout ou rien" in refused.output) == (1, True)

    kept = run("contacts", "import", wrong, *SOURCE, "--keep-good", "--tag", "good")
    assert "Ligne 4, « Téléphone » (…12)" in kept.output
    assert (kept.exit_code, "2 line(s) let in" in kept.output) == (1, True)


def test_a_title_that_nobody_understands_can_be_explained(run, listed):
    odd = listed("Qui;Où joindre\nAwa;76 12 34 70\n")
    assert run("contacts", "import", odd, *SOURCE).exit_code == 1

    told = run("contacts", "import", odd, *SOURCE, "--column", "Où joindre=number", "--column", "Qui=")
    assert (told.exit_code, "1 line(s) let in" in told.output) == (0, True)
    assert run("contacts", "import", odd, *SOURCE, "--column", "Nom=nombre").exit_code == 2


def test_what_is_no_list_is_said_in_a_sentence(run, listed):
    assert "vide" in run("contacts", "import", listed(""), *SOURCE).output


def test_a_broadcast_needs_two_persons_from_draft_to_start(run, listed):
    run("contacts", "import", listed(LIST.replace("56", "80").replace("57", "81")), *SOURCE, "--tag", "salon")
    texts = ("--fr", "Bonjour {name}, salon le 3.", "--bm", "I ni ce {name}.", "--tag", "salon")
    written = run("broadcast", "draft", "--name", "Salon", *texts, "--by", "awa").output
    ident = written.splitlines()[0]
    assert "2 person(s)" in written
    assert (
        "fr SMS, GSM-7, 1: Bonjour Fatoumata Djénéba Coulibaly, salon le 3."
        in run("broadcast", "preview", ident).output
    )

    assert run("broadcast", "submit", ident, "--by", "awa").exit_code == 0
    own = run("broadcast", "approve", ident, "--by", "awa")
    assert (own.exit_code, "deuxième personne" in own.output) == (1, True)
    assert run("broadcast", "approve", ident, "--by", "ali").output.strip().endswith("approved")
    assert (
        run("broadcast", "start", ident, "--at", "2031-11-24T09:30", "--by", "ali").output.strip().endswith("scheduled")
    )
    early = run("broadcast", "fund", ident, "--francs", "500", "--by", "ali")
    assert (early.exit_code, "ne permet pas : relever le budget" in early.output) == (1, True)
    assert "Salon: scheduled" in run("broadcast", "status", ident).output
    assert run("broadcast", "cancel", ident, "--by", "ali").exit_code == 0
    assert run("broadcast", "watch", ident).exit_code == 0
    assert "cancelled" in run("broadcast", "list").output


@pytest.mark.parametrize("verb", ["submit", "approve", "pause", "resume", "cancel", "retry", "reject", "start"])
def test_what_is_not_there_and_who_is_nobody_is_said(run, verb):
    assert "n'existe pas" in run("broadcast", verb, "none", "--by", "awa").output
    assert run("broadcast", verb, "none", "--by", "nobody").exit_code == 2
