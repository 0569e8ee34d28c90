"""A common word that sounds like a word of danger, in the same language or in the other one, is no alarm."""

import gzip
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from bot.understanding import fold

ROOT = Path(__file__).parents[2]
PAIRS = ROOT.parent / "shared" / "bambara" / "bigrams.tsv.gz"
MEANT = {  # these common words do speak of danger, and alone they are asked about
    *("faga", "siran", "siranna", "gosi", "bugɔ", "kɔngɔ", "ɲankata", "farati", "farinya"),
    "jɔnya",  # slavery
}
LITTLE = re.findall(
    r"\w+",
    "le la les l un une du de d des et au aux en dans sur sous par pour avec sans que qui ou mais donc ni car ce cet "
    "ces son sa ses mon ma mes ton ta tes nos vos leur leurs je me tu te il elle on nous vous ils se y ne pas est sont "
    "tout tous ici quand",
)
WRITTEN_SO = {
    "den",
    "jai",
    "o",
    "pass",
    "ches",
    "moi",
    "pa",
    "ki",
    "sa",
    "dan",
    "ses",
    "san",
    "mé",
}  # as people write them


def alone(ears, word, language):
    tagged = ears.ears.lexicon.tag(ears.ears.splitter.cut(word, language=language), language=language)
    found = ears.ears.danger.find(tagged, word)
    return found.kind if found else None


def commonest_bambara_words(number):
    if not PAIRS.exists():
        pytest.skip(f"The word pairs of {PAIRS.name} are not here.")
    counted = Counter()
    with gzip.open(PAIRS, "rt", encoding="utf-8") as lines:
        for left, right, times in (line.rstrip("\n").split("\t") for line in lines):
            counted.update({left: int(times), right: int(times)})
    return [word for word, _ in counted.most_common(number)]


@pytest.mark.parametrize("language", ["fr", "bm", "mixed"])
def test_no_common_bambara_word_sounds_like_a_french_word_of_danger(language, ears):
    heard = {word: alone(ears, word, language) for word in commonest_bambara_words(1000)}

    assert not {word: kind for word, kind in heard.items() if kind and word not in MEANT}


@pytest.mark.parametrize("language", ["fr", "bm", "mixed"])
def test_no_little_french_word_sounds_like_a_word_of_danger(language, ears):
    assert not {word: kind for word in LITTLE if (kind := alone(ears, word, language))}


def words_of_patterns(section):
    """Yield every word that the French danger patterns compare by its sound, with its pattern."""
    rules = yaml.safe_load((ROOT / "locales" / "fr" / "words.yml").read_text(encoding="utf-8"))[section]
    lists = [[rule] if isinstance(rule, str) else [*rule.get("when", ()), *rule.get("doubt", ())] for rule in rules]
    for pattern in (pattern for listed in lists for pattern in listed):
        for word in re.split(r"[\s&|]+", pattern.strip("^$ ")):
            plain = word.lstrip("-").rstrip("?")
            if plain.isalpha():
                yield fold.plain(plain), pattern


@pytest.mark.parametrize("section", ["figures", "danger", "complaints"])
def test_no_word_of_a_pattern_sounds_like_a_little_french_word(section):
    """ "lait" sounds like "le": without "=" a figure of speech about milk would hide a threat to "le voisin"."""
    little = {fold.french(word) for word in LITTLE}

    assert not [
        (word, pattern)
        for word, pattern in words_of_patterns(section)
        if word not in {*LITTLE, *WRITTEN_SO} and fold.french(word) in little
    ]


@pytest.mark.parametrize("text", ["je ne vois pas mon dossier", "je ne reçois plus rien, j'ai changé de numéro"])
def test_je_ne_is_no_town(ears, text):
    assert "place" not in ears.read(text).entities
    assert ears.read("je suis a djenne, j'ai changé de numéro").entities["place"] == "Djenne"
