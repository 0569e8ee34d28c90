"""Puts the understanding together from its files' contents: words, examples, places and letter statistics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.understanding import alarm, anywhere, choices, classifier, danger, distress, entities, fold
from bot.understanding.danger import Danger
from bot.understanding.language import Languages, Profile, Verdict, count, profile, read_others
from bot.understanding.lexicon import Lexicon, Tagged
from bot.understanding.marks import mark
from bot.understanding.nearest import Examples as Filed
from bot.understanding.patterns import PatternSet, compile_all
from bot.understanding.places import Gazetteer, Ordinary, distinct
from bot.understanding.tokens import Splitter, normal

_OUR_NAME = "segin"
Examples = Mapping[str, Mapping[str, Sequence[str]]]  # language -> intent -> lines


@dataclass(frozen=True, slots=True)
class Sources:
    """The parsed files: words.yml and nlu.yml by language, places.yml, letter counts, and weights."""

    words: Mapping[str, Mapping[str, Any]]
    examples: Examples
    places: Mapping[str, Any]
    statistics: Mapping[str, Any]
    distress: Mapping[str, Any] = field(default_factory=dict)
    intents: Mapping[str, Any] = field(default_factory=dict)
    kinds: Mapping[str, Any] = field(default_factory=dict)  # of danger


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was counted once and can be kept: the examples by their sounds and the languages' letter statistics."""

    examples: Filed
    profiles: Mapping[str, Profile]

    def to_data(self) -> dict[str, Any]:
        """Return it as plain dicts, lists, texts and numbers."""
        profiles = {name: (dict(p.grams), p.unseen) for name, p in self.profiles.items()}
        return {"examples": list(self.examples.lines), "profiles": profiles}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Learnt":
        """Read what `to_data` wrote."""
        profiles = {name: Profile(grams, unseen) for name, (grams, unseen) in data["profiles"].items()}
        return cls(Filed(data["examples"]), profiles)


@dataclass(frozen=True, slots=True)
class Ears:
    """All parts that reading needs, ready to use."""

    splitter: Splitter
    lexicon: Lexicon
    danger: danger.DangerList
    numbers: choices.Numbers
    anywhere: anywhere.Anywhere
    languages: Languages
    finder: entities.Finder
    sure: PatternSet
    likely: PatternSet
    table: classifier.Table
    examples: Filed
    distress: distress.Distress
    kinds: classifier.Table  # of danger

    def tag(self, text: str) -> Tagged:
        """Cut a text (in NFKC) and give its words their meanings."""
        return self.hear(text)[0]

    def hear(self, text: str) -> tuple[Tagged, Verdict]:
        """Return the words with their meanings, and the language they are in."""
        language = self.languages.tell(text, self.splitter.raw(text))
        tokens = self.splitter.cut(text, language=language)
        return mark(self.lexicon.tag(tokens, language=language), self.lexicon), language

    def hints(self, tagged: Tagged) -> classifier.Hints:
        """Return what patterns and examples say of a text."""
        total = tagged.all
        sure, likely = (frozenset(patterns.names(tagged, total)) for patterns in (self.sure, self.likely))
        return classifier.Hints(sure, likely, self.examples.same(tagged))

    def danger_signs(self, tagged: Tagged, plain: Tagged, wish: float, found: Danger | None) -> alarm.Signs:
        """Return what speaks for danger and against it; `plain`: without figures of speech, `found`: by the lists."""
        lists = self.danger
        return alarm.Signs(
            sounds=self.distress.score(plain, self.lexicon),
            wish=wish,
            listed=found is not None and not found.doubt,
            doubtful=found is not None and found.doubt,
            past=bool(plain.all & lists.past),
            joke=bool(plain.all & lists.joke),
            figure=plain is not tagged,
        )

    def learnt(self) -> Learnt:
        """Return what can be kept for the next start."""
        profiles = {"fr": self.languages.fr, "bm": self.languages.bm, **self.languages.others}
        return Learnt(self.examples, profiles)

    def known_share(self, tagged: Tagged) -> float:
        """Return which share of the letters stands in words (or slips of words) that we know."""
        letters = sum(len(t.plain) for t in tagged.tokens)
        pairs = zip(tagged.tokens, tagged.masks, strict=True)
        known = sum(len(t.plain) for t, mask in pairs if mask or t.plain.isdigit() or self.lexicon.knows(t))
        return known / letters if letters else 0.0


def examples_of(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """Read a parsed nlu.yml (Rasa's format): intent to lines. Raises ValueError on what is not supported."""
    found: dict[str, list[str]] = {}
    for block in data["nlu"]:
        if set(block) != {"intent", "examples"}:
            raise ValueError(f"nlu.yml: only blocks of 'intent' and 'examples' are read, not {sorted(block)}.")
        lines = [line.strip() for line in block["examples"].splitlines() if line.strip()]
        found.setdefault(block["intent"], []).extend(line.removeprefix("-").strip() for line in lines)
    return found


def build(sources: Sources, *, learnt: Learnt | None = None) -> Ears:
    """Build everything; what was learnt before from the same sources saves the training."""
    lexicon = Lexicon()
    for language, file in sources.words.items():
        for concept, entries in file["concepts"].items():
            lexicon.learn(concept, entries, language=language)
    places = Gazetteer(sources.places)
    finder = entities.build(sources.words, lexicon, places)
    for section in ("regions", "towns"):
        for names in sources.places[section].values():
            for language in sources.words:
                lexicon.learn("any_place", [n for n in names if distinct(n)], language=language)
    ears_danger = danger.build(sources.words, lexicon)
    sure, likely = (_intents(sources.words, lexicon, strength) for strength in ("sure", "likely"))
    splitter = _splitter(sources, lexicon)
    languages = _languages(sources, learnt.profiles if learnt else _profiles(sources))
    finder = replace(finder, ordinary=Ordinary(languages.words["bm"], lexicon.known("bm")))
    return Ears(
        splitter,
        lexicon,
        ears_danger,
        choices.build(sources.words),
        anywhere.build(sources.words),
        languages,
        finder,
        sure,
        likely,
        classifier.read(sources.intents),
        learnt.examples if learnt else _filed(sources.examples, splitter),
        distress.read(sources.distress),
        classifier.read(sources.kinds),
    )


def _filed(examples: Examples, splitter: Splitter) -> Filed:
    lines = [(lang, intent, text) for lang, by in examples.items() for intent, texts in by.items() for text in texts]
    return Filed(
        [(intent, text, [t.fr for t in splitter.cut(normal(text), language=lang)]) for lang, intent, text in lines]
    )


def _intents(words: Mapping[str, Mapping[str, Any]], lexicon: Lexicon, strength: str) -> PatternSet:
    named = [
        (name, pattern)
        for language, file in words.items()
        for name, lists in file["intents"].items()
        for pattern in compile_all(lists.get(strength, ()), lexicon, language=language)
    ]
    return PatternSet(named, lexicon)


def _splitter(sources: Sources, lexicon: Lexicon) -> Splitter:
    """Know every word of the files, so that none is taken apart or read as a slip."""
    for language, file in sources.words.items():
        sound = fold.french if language == "fr" else fold.bambara
        texts = [*file["common"], *_entries(file), *(t for ts in sources.examples[language].values() for t in ts)]
        plain = (fold.plain(w) for text in texts for w in text.replace("'", " ").replace("-", " ").split())
        lexicon.know(language, {sound(word) for word in plain if word})
    rewrites = {
        language: {fold.plain(left): tuple(map(fold.plain, right.split())) for left, right in file["rewrites"].items()}
        for language, file in sources.words.items()
    }
    return Splitter(rewrites, lexicon.knows_word)


def _entries(file: Mapping[str, Any]) -> list[str]:
    lists = [*file["concepts"].values(), *(ws for vs in file["entities"].values() for ws in vs.values())]
    return [entry for entries in lists for entry in entries if "*" not in entry] + [" ".join(file["rewrites"].values())]


def _profiles(sources: Sources) -> dict[str, Profile]:
    """Count the letter groups of our two languages (shipped counts and our own texts); the others' are shipped."""
    found = read_others({k: v for k, v in sources.statistics.items() if k not in {*sources.words, "words"}})
    for language, file in sources.words.items():
        counted = count([*file["common"], *(t for ts in sources.examples[language].values() for t in ts)])
        counted.update({g: int(n) for g, n in sources.statistics.get(language, {}).items()})
        found[language] = profile(counted)
    return found


def _languages(sources: Sources, profiles: Mapping[str, Profile]) -> Languages:
    words: dict[str, frozenset[str]] = {}
    for language, file in sources.words.items():
        sound = fold.french if language == "fr" else fold.bambara
        words[language] = frozenset(sound(fold.plain(w)) for w in file["common"])
    foreign = {name: frozenset(ws) for name, ws in sources.statistics.get("words", {}).items()}
    others = {name: p for name, p in profiles.items() if name not in sources.words}
    places = (name for section in ("regions", "towns") for names in sources.places[section].values() for name in names)
    neutral = {fold.plain(name) for name in places if distinct(name)}
    neutral |= {fold.plain(word) for word in sources.words["fr"]["entities"]["greeting"]["salam"]} | {_OUR_NAME}
    return Languages(profiles["fr"], profiles["bm"], others, {**words, **foreign}, frozenset(neutral))
