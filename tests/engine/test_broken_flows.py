"""One broken example a fault: the first line of each file in tests/broken_flows is the sentence that must be found."""

import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from bot.adapters.files import BrokenAssistant, load_assistant, read_sources
from bot.channels.printed import text
from bot.core.checks import check

ROOT = Path(__file__).parents[2]
BROKEN = ROOT / "tests" / "broken_flows"
SOUND = BROKEN / "sound"
PART = re.compile(r"^# == (\S+)\n", re.MULTILINE)


def parts_of(example: str):
    """Cut an example into files, each behind as many empty lines as stand before it, so that line numbers agree."""
    marks = [*PART.finditer(example)]
    ends = [*(mark.start() for mark in marks[1:]), len(example)]
    for mark, end in zip(marks, ends, strict=True):
        yield mark[1], "\n" * example.count("\n", 0, mark.end()) + example[mark.end() : end]


def findings_in(root: Path):
    sources = read_sources(root, actions=frozenset({"action_open"}))
    return [str(finding) for finding in check(sources, words=text, today=date(2026, 11, 20))]


@pytest.mark.parametrize("path", sorted(BROKEN.glob("*.yml")), ids=lambda path: path.stem)
def test_the_fault_is_found_with_its_file_and_line(path, tmp_path):
    example = path.read_text(encoding="utf-8")
    root = tmp_path / "assistant"
    shutil.copytree(SOUND, root)
    for name, content in parts_of(example):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")

    assert example.splitlines()[0].removeprefix("# ") in findings_in(root)


def test_nothing_is_found_in_a_sound_assistant():
    assert findings_in(SOUND) == []


def test_all_faults_are_found_at_once(tmp_path):
    shutil.copytree(SOUND, tmp_path, dirs_exist_ok=True)
    for example in ("unreachable_step", "unknown_slot_type", "wrong_plural_header", "faulty_fact"):
        for name, content in parts_of((BROKEN / f"{example}.yml").read_text(encoding="utf-8")):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(content, encoding="utf-8")

    with pytest.raises(BrokenAssistant) as broken:
        load_assistant(tmp_path)
    found = {finding.file for finding in broken.value.findings}
    assert found == {
        "flows/more.yml",
        "flows/domain/more.yml",
        "locales/bm/LC_MESSAGES/flows-more.po",
        "flows/facts/more.yml",
    }
    assert str(broken.value).count("\n") >= 3


def test_a_missing_sentence_does_not_keep_an_assistant_from_running(tmp_path):
    shutil.copytree(SOUND, tmp_path, dirs_exist_ok=True)
    (tmp_path / "locales/bm/LC_MESSAGES/flows.po").unlink()

    assert load_assistant(tmp_path).flows.keys() >= {"papers", "person"}


@pytest.mark.parametrize(("root", "status"), [(SOUND, 1), (None, 2)])
def test_the_command_ends_with_the_status_of_what_it_found(root, status, tmp_path):
    where = root or tmp_path / "nowhere"
    done = subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", "check", "--root", where],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == status
    assert "action_open" in done.stdout if root else "does not exist" in done.stderr
