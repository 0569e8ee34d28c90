"""Floors under the figures, on lines that nothing was trained on (tests/evaluation)."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from bot.understanding.evaluation import evaluate, read_lines

TABLES = Path(__file__).parents[1] / "evaluation"
LOCALES = Path(__file__).parents[2] / "locales"


@cache
def report(ears, name):
    return evaluate(ears, read_lines((TABLES / name).read_text(encoding="utf-8")))


def test_the_evaluation_set_is_large_and_apart_from_the_examples(ears):
    lines = [line for path in TABLES.glob("*.tsv") for line in read_lines(path.read_text(encoding="utf-8"))]
    examples = {text.lower() for _, text, _ in ears.ears.examples.lines}

    assert len(lines) >= 300
    assert sum(line.text.lower() in examples for line in lines) <= len(lines) / 100


@pytest.mark.parametrize("table", ["wishes.tsv", "wishes_2.tsv"])
def test_wishes_are_answered_or_offered_and_hardly_ever_mistaken(table, ears):
    found = report(ears, table)
    marks = found.marks()

    assert (marks["right"] + marks["offered"]) / marks.total() >= 0.93
    assert marks["wrong"] / marks.total() <= 0.02
    assert found.false_alarms()[0] == 0


HARD = {"danger_7.tsv": 0.72}  # near misses and indirect wordings: more of them are asked about


@pytest.mark.parametrize("table", sorted(path.name for path in TABLES.glob("danger*.tsv")))
def test_danger_is_caught_and_calm_texts_raise_no_alarm(table, ears):
    found = report(ears, table)
    sure, caught, dangers = found.recall()
    alarms, _, harmless = found.false_alarms()

    assert caught / dangers >= 0.98
    assert sure / dangers >= HARD.get(table, 0.93)
    assert alarms / harmless <= 0.01


def test_hard_and_indirect_wordings_are_mostly_caught(ears):
    found = report(ears, "second_look.tsv")
    sure, caught, dangers = found.recall()
    alarms, doubts, harmless = found.false_alarms()
    marks = found.marks()

    assert caught / dangers >= 0.92
    assert sure / dangers >= 0.68
    assert alarms / harmless <= 0.01
    assert doubts / harmless <= 0.08
    assert (marks["right"] + marks["offered"]) / marks.total() >= 0.95
    assert marks["wrong"] / marks.total() <= 0.02


def test_lines_of_examiners_who_saw_none_of_our_words_are_understood(ears):
    reports = [report(ears, path.name) for path in TABLES.glob("examiner_*.tsv")]
    marks = sum((one.marks() for one in reports), Counter())
    _, caught, dangers = map(sum, zip(*(one.recall() for one in reports), strict=True))
    alarms, asked, harmless = map(sum, zip(*(one.false_alarms() for one in reports), strict=True))

    assert (marks["right"] + marks["offered"]) / marks.total() >= 0.94
    assert marks["wrong"] / marks.total() <= 0.02
    assert caught / dangers >= 0.98
    assert alarms / harmless <= 0.025
    assert asked / harmless <= 0.08  # the sure ones with them


def test_nothing_that_is_measured_was_learnt_from(ears):
    learnt = {row.split("\t")[0].lower() for row in (LOCALES / "distress.tsv").read_text(encoding="utf-8").splitlines()}
    lines = [line for path in TABLES.glob("*.tsv") for line in read_lines(path.read_text(encoding="utf-8"))]

    assert not [line.text for line in lines if line.text.lower() in learnt]


def test_the_shipped_weights_still_fit_the_lines_that_they_were_learnt_from(ears):
    rows = [row.split("\t") for row in (LOCALES / "distress.tsv").read_text(encoding="utf-8").splitlines()[1::3]]
    parts = ears.ears
    scores = [(parts.distress.score(parts.danger.literal(parts.tag(t)), parts.lexicon), kind) for t, kind in rows]

    right = sum((score > 0) == (kind != "calm") for score, kind in scores)
    assert right / len(scores) >= 0.97, "Run scripts/learn_distress.py: words.yml or the lines have changed."


@pytest.mark.parametrize("language", ["fr", "bm"])
def test_over_all_tables_hardly_a_danger_is_missed(language, ears):
    reports = [report(ears, path.name) for path in TABLES.glob("danger*.tsv")]
    caught = sum(r.recall(language)[1] for r in reports)
    dangers = sum(r.recall(language)[2] for r in reports)

    assert caught / dangers >= 0.98


def test_the_language_is_right_in_sentences(ears):
    right = lines = 0
    for path in TABLES.glob("*.tsv"):
        told = report(ears, path.name).languages()
        right, lines = right + told[0], lines + told[1]

    assert right / lines >= 0.99


def test_a_table_without_its_columns_is_refused():
    with pytest.raises(ValueError, match="columns text, language and expected"):
        read_lines("a\tb\n1\t2\n")
