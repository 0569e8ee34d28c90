"""A text becomes what the conversation is to do: danger first, a score last."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal

from bot.core.commands import (
    Alarm,
    CannotHandle,
    Clarify,
    Command,
    Expectation,
    Fill,
    Start,
    Value,
)
from bot.understanding import answers, anywhere, choices, danger
from bot.understanding.classifier import Hints, Scored, score
from bot.understanding.danger import Danger
from bot.understanding.language import Verdict
from bot.understanding.lexicon import Tagged
from bot.understanding.tokens import normal
from bot.understanding.training import Ears, Sources, build

Outcome = Literal["act", "ask", "danger", "stop", "unclear", "unsupported_language"]

ACT: Final = 0.75  # chance of being right; see classifier
ASK: Final = 0.22
SURE: Final = 0.9
OUT_OF_SCOPE: Final = "out_of_scope"  # an intent of nlu.yml that is never offered: talk that is no matter of ours
_SOUNDS_CALM: Final = -0.35  # below: a sure danger becomes a doubt (scripts/learn_distress.py --check)
_SOUNDS_GRAVE: Final = 0.5  # above: a doubtful danger becomes sure
_SECOND_NET: Final = 0.0  # above: a text of no list is asked about
_SECOND_NET_WISH: Final = 0.12  # where some wish is likelier
_SECOND_NET_ELSE: Final = 0.45  # where an ordinary wish is plain
_SECOND_NET_SURE: Final = 0.7  # and with a word that speaks of danger it is sure
_STORY: Final = 4  # words; a shorter answer to a question is no story of danger
_OPEN: Final = 0.9  # while a question is open
_MOSTLY_OURS: Final = 0.5  # share of letters in words that we know
_STRANGE: Final = 0.25
_OFFERED: Final = 3
_LONGEST: Final = 2000  # letters; what comes after is a story, and danger words come early


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood: for the conversation `commands`, for staff and tests the rest."""

    language: Verdict
    outcome: Outcome
    commands: tuple[Command, ...]
    intents: tuple[Scored, ...] = ()
    danger: Danger | None = None
    entities: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heard:
    """A message on its way through the steps: its text, words, language and what the conversation waits for."""

    text: str
    tagged: Tagged
    language: Verdict
    expectation: Expectation
    today: date | None


class Understanding:
    """The ears of the assistant: built once, then only asked."""

    def __init__(self, ears: Ears) -> None:
        """Take the parts that `training.build` made."""
        self.ears = ears

    @classmethod
    def from_sources(cls, sources: Sources) -> "Understanding":
        """Train on the sources and return the ears."""
        return cls(build(sources))

    def read(  # noqa: PLR0913 - everything that is known about a message stands beside it
        self,
        text: str,
        *,
        expectation: Expectation = Expectation(),  # noqa: B008 - frozen
        language: str | None = None,  # noqa: ARG002 - part of the contract; the text alone decides today
        paused: bool = False,
        payload: str | None = None,
        content: str = "text",
        today: date | None = None,
    ) -> Reading:
        """Return what a message asks for.

        `language` is the person's stored one; `paused`: a caseworker has the conversation; `payload`: a pressed
        button; `content`: the kind of message. A media message with a caption is read by its caption's danger alone.
        """
        text = normal(text)[:_LONGEST]
        tagged, spoken = self.ears.hear(text)
        heard = Heard(text, tagged, spoken, expectation, today)
        alarm = self._alarm(heard)
        if alarm:
            return alarm
        if payload:
            return _reading(heard, "act", answers.from_payload(payload))
        if content != "text":
            return _reading(heard, "unclear", (CannotHandle(f"media:{content}"),))
        if not text.strip():
            return _reading(heard, "unclear", (CannotHandle("empty"),))
        return self._urgent_words(heard) or self._in_turn(heard, paused=paused)

    def _alarm(self, heard: Heard) -> Reading | None:
        plain = self.ears.danger.literal(heard.tagged)
        found = self._weighed(self.ears.danger.find(plain, heard.text), plain)
        if found and found.doubt and (heard.language == "other" or self._explained(heard, found)):
            found = None
        complaint = self.ears.danger.complaint(plain) if not _certain(found) else None
        if complaint and (found is None or found.doubt or found.kind in {"sexual_violence", "threat"}):
            return self._complaint(heard, complaint)
        if found:
            return _alarm_reading(heard, found)
        if danger.distressed(heard.text):
            return _alarm_reading(heard, Danger("other_danger", "P2", (heard.text.strip(),), doubt=True))
        return None

    def _weighed(self, found: Danger | None, plain: Tagged) -> Danger | None:
        """Let how the whole text sounds turn what a list has found into a doubt, or a doubt into certainty."""
        if found is None:
            return None
        sounds = self.ears.distress.score(plain, self.ears.lexicon)
        if not found.doubt:
            return replace(found, doubt=sounds < _SOUNDS_CALM)
        return replace(found, doubt=sounds < _SOUNDS_GRAVE or bool(plain.all & self.ears.danger.past))

    def _complaint(self, heard: Heard, kind: str) -> Reading:
        slots = {"complaint_kind": kind}
        return replace(
            _reading(heard, "act", (Start("complaint", slots),)), intents=(Scored("complaint", 1.0),), entities=slots
        )

    def _explained(self, heard: Heard, found: Danger) -> bool:
        """Say whether a doubtful word has a plain reason: an ordinary matter that the message states surely."""
        if found.kind not in _ORDINARY:
            return False
        return bool(self.ears.sure.names(heard.tagged, heard.tagged.all) & _ORDINARY[found.kind])

    def _urgent_words(self, heard: Heard) -> Reading | None:
        """Read stop, start and erase, then 0, 9 and languages: they work everywhere, also while a caseworker writes."""
        word = self.ears.anywhere.find(heard.tagged.tokens)
        if word in anywhere.FIRST:
            return _by_word(heard, word)
        sure = self.ears.sure.names(heard.tagged, heard.tagged.all)
        for name in anywhere.FIRST:
            if name in sure:
                return _by_word(heard, name)
        number = choices.digit(heard.text, self.ears.numbers)
        if number in {0, 9} and not isinstance(number, str):
            return _by_word(heard, "menu" if number == 0 else "talk_to_person")
        if word and word.startswith("language:"):
            return _by_word(heard, word)
        return None

    def _in_turn(self, heard: Heard, *, paused: bool) -> Reading:
        if paused:
            return _reading(heard, "unclear", (CannotHandle("paused"),))
        open_question = answers.Question(heard.expectation, self.ears, heard.tagged, heard.text, heard.today)
        from_menu = open_question.from_menu()
        if from_menu:
            return _reading(heard, "unclear" if isinstance(from_menu[0], CannotHandle) else "act", from_menu)
        word = self.ears.anywhere.find(heard.tagged.tokens)
        if word and not open_question.answers_yes_no():
            return _by_word(heard, word)
        found = self._scores(heard)
        second = self._second_net(heard, found)
        if second:
            return _alarm_reading(heard, second, found)
        answer = open_question.answer(found[0] if found else None)
        if answer:
            return _reading(heard, "act", answer)
        return self._by_intent(heard, found)

    def _scores(self, heard: Heard) -> tuple[Scored, ...]:
        if not heard.tagged.tokens:
            return ()
        total = heard.tagged.all
        hints = Hints(
            frozenset(self.ears.sure.names(heard.tagged, total)), frozenset(self.ears.likely.names(heard.tagged, total))
        )
        return score(heard.tagged, self.ears.table, self.ears.lexicon, hints=hints)

    def _by_intent(self, heard: Heard, found: tuple[Scored, ...]) -> Reading:
        known = self.ears.known_share(heard.tagged)
        if heard.language == "other" and (not found or found[0].score < SURE or known < _MOSTLY_OURS):
            return _reading(
                heard, "unsupported_language", (CannotHandle("unsupported_language"),), intents=found[:_OFFERED]
            )
        if not found or found[0].score < ASK or known < _STRANGE or found[0].name == OUT_OF_SCOPE:
            return _reading(heard, "unclear", (CannotHandle(_reason(heard)),), intents=_offered(found))
        entities = self.ears.finder.find(heard.tagged, heard.text, heard.today)
        best = found[0]
        if best.score >= ACT and best.name != "emergency" and known >= _MOSTLY_OURS:
            outcome: Outcome = "stop" if best.name == "stop" else "act"
            command = anywhere.command(best.name)
            if isinstance(command, Start):
                command = Start(best.name, answers.slots_of(best.name, entities))
            return _reading(heard, outcome, (command,), intents=_offered(found), entities=entities)
        offered = _offered(found)
        return _reading(heard, "ask", (Clarify(tuple(s.name for s in offered)),), intents=offered, entities=entities)

    def _second_net(self, heard: Heard, found: tuple[Scored, ...]) -> Danger | None:
        """Return what sounds like danger though no list has it.

        Alone it only asks; together with a word that speaks of danger (a blow, a weapon, blood …) it is sure.
        """
        plain = self.ears.danger.literal(heard.tagged)
        if not found or plain is not heard.tagged or plain.all & self.ears.danger.past or heard.language == "other":
            return None
        sounds = self.ears.distress.score(plain, self.ears.lexicon)
        if heard.expectation.slot and (len(plain.tokens) < _STORY or sounds < _OPEN):
            return None
        wish = found[0].name != "emergency"
        plainly = (wish and found[0].score >= ACT) or bool(
            self.ears.sure.names(plain, plain.all) - {"menu", "advice", "talk_to_person"}
        )
        if sounds < (_SECOND_NET_ELSE if plainly else _SECOND_NET_WISH if wish else _SECOND_NET):
            return None
        return self.ears.danger.by_cue(plain, heard.text, sure=sounds >= _SECOND_NET_SURE and not plainly)


_ORDINARY: Mapping[str, frozenset[str]] = {
    "medical": frozenset({"health_support"}),
    "kidnapping": frozenset({"lost_document", "stop"}),
    "trafficking": frozenset({"complaint"}),
    "child_alone": frozenset(
        {"choose_sector", "lost_document", "health_support", "keep_in_touch", "partner_contacts", "case_status"}
    ),
    "other_danger": frozenset({"lost_document", "case_status", "health_support", "reintegration_help"}),
}


def _offered(found: tuple[Scored, ...]) -> tuple[Scored, ...]:
    """Return the intents that may be offered: never danger, and not what is no matter of ours."""
    return tuple(s for s in found if s.name not in {"emergency", OUT_OF_SCOPE})[:_OFFERED]


def _certain(found: Danger | None) -> bool:
    return bool(found and not found.doubt and found.kind not in {"sexual_violence", "threat", "trafficking"})


def _reason(heard: Heard) -> str:
    return "unclear" if any(c.isalnum() for c in heard.text) else "emoji"


def _by_word(heard: Heard, word: str) -> Reading:
    name = "change_language" if word.startswith("language:") else word
    entities = {"language": word.partition(":")[2]} if ":" in word else {}
    outcome: Outcome = "stop" if word == "stop" else "act"
    return _reading(heard, outcome, (anywhere.command(word),), intents=(Scored(name, 1.0),), entities=entities)


def _alarm_reading(heard: Heard, found: Danger, intents: tuple[Scored, ...] = ()) -> Reading:
    command = Alarm(found.kind, found.priority, found.words, found.doubt)
    others = tuple(s for s in intents if s.name != "emergency")[: _OFFERED - 1]
    return Reading(
        heard.language, "ask" if found.doubt else "danger", (command,), (Scored("emergency", 1.0), *others), found
    )


def _reading(
    heard: Heard,
    outcome: Outcome,
    commands: tuple[Command, ...],
    *,
    intents: tuple[Scored, ...] = (),
    entities: Mapping[str, Value] | None = None,
) -> Reading:
    filled = {c.slot: c.value for c in commands if isinstance(c, Fill)}
    return Reading(heard.language, outcome, commands, intents, None, entities if entities is not None else filled)
