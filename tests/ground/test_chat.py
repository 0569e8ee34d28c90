"""`segin chat` and `segin understand` as scripts talk to them: one line in, one object out, whatever the line holds."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SEGIN = Path(sys.executable).with_name("segin")
ODD = b"bonjour\xff caf\xe9\n\n/later than you think\n\xe2\x80\xa8\x00\r\n" + b"a" * 20_000 + b"\nmerci"


def lines(*command: str, given: bytes, cwd: Path, locale: str = "C.UTF-8") -> list[dict[str, Any]]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SEGIN_", "TWILIO_", "LC_"))}
    ran = subprocess.run(
        [SEGIN, *command], input=given, env={**clean, "LC_ALL": locale}, capture_output=True, check=False, cwd=cwd
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
    return [json.loads(line) for line in ran.stdout.decode().splitlines()]


@pytest.mark.parametrize("locale", ["C.UTF-8", "C", "POSIX"])
def test_every_line_of_a_talk_gets_its_object_whatever_bytes_it_holds(tmp_path: Path, locale: str):
    told = lines("chat", "--json", given=ODD, cwd=tmp_path, locale=locale)

    assert [len(one["in"]) for one in told] == [13, 0, 21, 2, 20_000, 5]
    assert all({"in", "out", "flow", "step", "language", "effects"} == set(one) for one in told)
    assert all(set(out) == {"text", "encoding", "segments"} for one in told for out in one["out"])
    assert list(tmp_path.iterdir()) == []


def test_understanding_answers_every_line_and_leaves_no_file(tmp_path: Path):
    told = lines("understand", "--json", given=ODD, cwd=tmp_path)

    assert len(told) == 6
    assert all({"text", "language", "outcome", "intents"} <= set(one) for one in told)
    assert list(tmp_path.iterdir()) == []


def test_a_talk_goes_on_where_its_data_is_kept_and_only_we_can_read_it(tmp_path: Path):
    kept = ["chat", "--json", "--data-dir", str(tmp_path / "kept")]
    lines(*kept, given=b"bonjour\nj'ai perdu ma carte\n", cwd=tmp_path)
    told = lines(*kept, given=b"au secours il va me tuer\n", cwd=tmp_path)

    (case,) = (effect for effect in told[0]["effects"] if effect["type"] == "open_case")
    assert (case["priority"], told[0]["language"]) == ("P1", "fr")
    assert told[0]["flow"] == "lost_document"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert {mode for name, mode in modes.items() if name != "kept"} == {0o600}
    assert modes["kept"] == 0o700
