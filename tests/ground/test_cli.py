"""`segin` itself: every command can be found and explains itself, and a refusal is one sentence."""

import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot import commands
from bot.adapters.files import BrokenAssistant
from bot.cli import main, segin
from bot.config import ConfigError

NAMES = sorted(module.name for module in pkgutil.iter_modules(commands.__path__) if module.name[0] != "_")


@pytest.mark.parametrize("name", NAMES)
def test_each_command_explains_itself(name: str):
    told = CliRunner().invoke(segin, [name, "--help"])

    assert told.exit_code == 0
    assert f"Usage: segin {name}" in told.output


def test_an_unknown_command_is_wrong_usage():
    assert CliRunner().invoke(segin, ["fly"]).exit_code == 2


def test_a_wrong_setting_is_one_sentence_and_status_2(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture):
    monkeypatch.setenv("SEGIN_PORT", "eight")

    with pytest.raises(SystemExit) as ended:
        main(["run"])

    assert ended.value.code == 2
    assert capsys.readouterr().err == "segin: SEGIN_PORT must be a port number from 1 to 65535.\n"


def test_broken_files_are_a_refusal_of_every_command_and_storage_that_is_away_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, tmp_path: Path
):
    assert issubclass(BrokenAssistant, ConfigError)
    monkeypatch.setenv("SEGIN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SEGIN_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/segin")

    with pytest.raises(SystemExit) as ended:
        main(["db", "upgrade"])

    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("segin: The database cannot be reached")


@pytest.mark.parametrize("folder", ["/proc/segin", "/tmp"])  # noqa: S108 - a folder that is shared
def test_a_data_folder_that_cannot_be_ours_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, folder: str
):
    monkeypatch.setenv("SEGIN_DATA_DIR", folder)

    with pytest.raises(SystemExit) as ended:
        main(["db", "upgrade"])

    assert ended.value.code == 2
    assert "SEGIN_DATA_DIR" in capsys.readouterr().err


def test_help_loads_none_of_the_heavy_libraries():
    program = (
        "import sys; from click.testing import CliRunner; from bot.cli import segin;"
        "CliRunner().invoke(segin, ['--help']);"
        "print(*{'sqlalchemy', 'flask', 'celery', 'rasa_sdk', 'twilio'} & set(sys.modules))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )

    assert loaded.stdout.split() == []
