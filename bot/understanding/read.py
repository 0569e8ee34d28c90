"""A text becomes what the conversation is to do: danger first, a score last."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from bot.core.commands import CannotHandle, Clarify, Expectation, Start
from bot.core.messages import Language
from bot.understanding import alarm, answers, anywhere, choices, danger
from bot.understanding.classifier import Scored, score
from bot.understanding.danger import Danger
from bot.understanding.lexicon import Tagged
from bot.understanding.reading import (
    OFFERED,
    OUT_OF_SCOPE,
    Heard,
    Reading,
    Turned,
    alarm_reading,
    by_word,
    is_certain,
    offered,
    told,
    why_unclear,
)
from bot.understanding.signs import signs_of
from bot.understanding.tokens import normal
from bot.understanding.training import Ears, Sources, build

__all__ = ["ACT", "ASK", "SURE", "Reading", "Understanding"]

ACT: Final = 0.75  # chance of being right; see classifier
ASK: Final = 0.22
SURE: Final = 0.95
_TWO_WISHES: Final = 0.36  # of the best one's score: a second sure wish that comes so near is asked about, too
_STORY: Final = 4  # words; a shorter answer to a question is no story of danger
_MOSTLY_OURS: Final = 0.5  # share of letters in words that we know
_STRANGE: Final = 0.25
_SENTENCE: Final = 3  # words; fewer tell no change of language
_LONG_SENTENCE: Final = 5
_SENTENCE_LETTERS: Final = 10  # a greeting is shorter
_NAMES: Final = frozenset({"name", "place", "region", "phone"})
_NOT_OF_THE_PERSON: Final = frozenset({"operator_notice", "greet"})
_LONGEST: Final = 2000  # letters; what comes after is a story, and danger words come early


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
        language: Language | None = None,
        paused: bool = False,
        payload: str | None = None,
        content: str = "text",
        today: date | None = None,
    ) -> Reading:
        """Return what a message asks for.

        `language` is the person's stored one, against which `turned` is told; `paused`: a caseworker has the
        conversation; `payload`: a pressed button; `content`: the kind of message. A media message with a caption is
        read by its caption's danger alone.
        """
        text = normal(text)[:_LONGEST]
        tagged, spoken = self.ears.hear(text)
        sure = frozenset(self.ears.sure.names(tagged, tagged.all))
        heard = Heard(text, tagged, spoken, sure, expectation, today)
        reading = self._read(heard, paused=paused, payload=payload, content=content)
        if payload or language is None or (reading.intents and reading.intents[0].name in _NOT_OF_THE_PERSON):
            return reading
        return replace(reading, turned=self._turned(heard, language))

    def example(self, text: str, reading: Reading) -> str:
        """Return the example of what was understood that a text is nearest to; "" for none."""
        if not reading.intents:
            return ""
        words = self.ears.splitter.cut(normal(text)[:_LONGEST], language=reading.language)
        return self.ears.examples.nearest((word.fr for word in words), reading.intents[0].name)

    def _read(self, heard: Heard, *, paused: bool, payload: str | None, content: str) -> Reading:
        alarm = self._alarm(heard)
        if alarm:
            return alarm
        if payload:
            return told(heard, "act", answers.from_payload(payload))
        if content != "text":
            return told(heard, "unclear", (CannotHandle(f"media:{content}"),))
        if not heard.text.strip():
            return told(heard, "unclear", (CannotHandle("empty"),))
        return self._urgent_words(heard) or self._in_turn(heard, paused=paused)

    def _turned(self, heard: Heard, stored: Language) -> Turned | None:
        """Say whether a message is a clear sentence in the other language; an answer like a name is none."""
        spoken, words = heard.language, heard.tagged.tokens
        if sum(len(word.plain) for word in words) < _SENTENCE_LETTERS:
            return None
        if (
            spoken not in ("fr", "bm")
            or spoken == stored
            or len(words) < _SENTENCE
            or heard.expectation.entity in _NAMES
        ):
            return None
        return Turned(spoken, len(words) >= _LONG_SENTENCE) if self.ears.languages.clearly(words, spoken) else None

    def _alarm(self, heard: Heard) -> Reading | None:
        plain = self.ears.danger.literal(heard.tagged)
        found = self._listed(heard, plain)
        complaint = self.ears.danger.complaint(plain) if not is_certain(found) else None
        if complaint and (found is None or found.doubt or found.kind in {"sexual_violence", "threat"}):
            return self._complaint(heard, complaint)
        if found:
            return alarm_reading(heard, found)
        if danger.distressed(heard.text):
            return alarm_reading(heard, Danger("other_danger", "P2", (heard.text.strip(),), doubt=True))
        return None

    def _listed(self, heard: Heard, plain: Tagged) -> Danger | None:
        """Return what the lists find, weighed by the whole text: their doubt may be sure, or have a plain reason.

        What they are sure of is never unsaid: at the calmest it is asked about, and a person looks.
        """
        found = self.ears.danger.find(plain, heard.text)
        if found is None:
            return None
        always = found.kind in alarm.ALWAYS  # as the list has it, whatever it is called below
        margins = self.ears.kinds.by_name(signs_of(plain, self.ears.lexicon))
        found = self._called(found, alarm.kind_by_sound(margins, found.kind))
        chance = self._chance(heard, plain, self._scores(heard), found)
        joke, past = (bool(plain.all & mask) for mask in (self.ears.danger.joke, self.ears.danger.past))
        if not found.doubt:
            return replace(found, doubt=joke or (chance < alarm.CALM and not always))
        if heard.language == "other" or chance < alarm.EXPLAINED:
            return None
        return replace(found, doubt=past or joke or chance < alarm.SURE)

    def _chance(self, heard: Heard, plain: Tagged, scores: Sequence[Scored], found: Danger | None = None) -> float:
        """Return how likely it is that somebody is in danger."""
        wish = max((one.margin for one in scores if one.name != "emergency"), default=0.0)
        return self.ears.danger_signs(heard.tagged, plain, wish, found).chance()

    def _complaint(self, heard: Heard, kind: str) -> Reading:
        slots = {"complaint_kind": kind}
        return replace(
            told(heard, "act", (Start("complaint", slots),)), intents=(Scored("complaint", 1.0),), entities=slots
        )

    def _urgent_words(self, heard: Heard) -> Reading | None:
        """Read stop, start and erase, then 0, 9 and languages: they work everywhere, also while a caseworker writes."""
        word = self.ears.anywhere.find(heard.tagged.tokens)
        if word in anywhere.FIRST:
            return by_word(heard, word)
        for name in anywhere.FIRST:
            if name in heard.sure:
                return by_word(heard, name)
        number = choices.digit(heard.text, self.ears.numbers)
        if number in {0, 9} and not isinstance(number, str):
            return by_word(heard, "menu" if number == 0 else "talk_to_person")
        if word and word.startswith("language:"):
            return by_word(heard, word)
        return None

    def _in_turn(self, heard: Heard, *, paused: bool) -> Reading:
        if paused:
            return self._complains(heard) or told(heard, "unclear", (CannotHandle("paused"),))
        open_question = answers.Question(heard.expectation, self.ears, heard.tagged, heard.text, heard.today)
        from_menu = open_question.from_menu()
        if from_menu:
            return told(heard, "unclear" if isinstance(from_menu[0], CannotHandle) else "act", from_menu)
        word = self.ears.anywhere.find(heard.tagged.tokens)
        if word and not open_question.answers_yes_no():
            return by_word(heard, word)
        found = self._scores(heard)
        second = self._second_net(heard, found)
        if second:
            return alarm_reading(heard, second, found)
        answer = open_question.answer(found[0] if found else None)
        if answer:
            return told(heard, "act", answer)
        return self._by_intent(heard, found)

    def _complains(self, heard: Heard) -> Reading | None:
        """Read a complaint, however vague, while somebody of the team writes: it may be about them."""
        found = self._scores(heard)
        if not found or found[0].name != "complaint" or found[0].score < ASK:
            return None
        return told(heard, "act", (Start("complaint"),), intents=found[:OFFERED])

    def _scores(self, heard: Heard) -> tuple[Scored, ...]:
        if not heard.tagged.tokens:
            return ()
        return score(signs_of(heard.tagged, self.ears.lexicon), self.ears.table, hints=self.ears.hints(heard.tagged))

    def _by_intent(self, heard: Heard, found: tuple[Scored, ...]) -> Reading:
        known = self.ears.known_share(heard.tagged)
        if heard.language == "other" and (not found or found[0].score < SURE or known < _MOSTLY_OURS):
            return told(heard, "unsupported_language", (CannotHandle("unsupported_language"),), intents=found[:OFFERED])
        number = self._number(heard, found)
        if number:
            return number
        choice = offered(found)
        if not choice or choice[0].score < ASK or known < _STRANGE or found[0].name == OUT_OF_SCOPE:
            return told(heard, "unclear", (CannotHandle(why_unclear(heard)),), intents=choice)
        entities = self.ears.finder.find(heard.tagged, heard.text, heard.today)
        best = found[0]
        plain = best.score >= ACT and known >= _MOSTLY_OURS and not self._bare(heard, best)
        if plain and best.name not in _NEVER_BY_SCORE and not _torn(heard, found):
            command = anywhere.command(best.name)
            if isinstance(command, Start):
                command = Start(best.name, answers.slots_of(best.name, entities))
            return told(heard, "act", (command,), intents=choice, entities=entities)
        return told(heard, "ask", (Clarify(tuple(s.name for s in choice)),), intents=choice, entities=entities)

    def _bare(self, heard: Heard, best: Scored) -> bool:
        """Say whether a message is a single word that may mean several things ("argent")."""
        known = best.name in heard.sure or self.ears.examples.same(heard.tagged) == best.name
        return len(heard.tagged.tokens) == 1 and not known

    def _number(self, heard: Heard, found: tuple[Scored, ...]) -> Reading | None:
        """Read a message that is hardly more than a telephone number: somebody to be reached, no operator's notice."""
        phone = answers.bare_number(heard.tagged, heard.text)
        total = heard.tagged.all
        if phone is None or total & self.ears.lexicon.bit("operator"):
            return None
        if heard.expectation.slot or heard.expectation.choices:
            return told(heard, "unclear", (CannotHandle("unclear"),), entities={"phone": phone})
        if found and found[0].score >= ACT and found[0].name != "operator_notice":
            return None
        name = "talk_to_person" if total & self.ears.lexicon.bit("call_me") else "keep_in_touch"
        entities = self.ears.finder.find(heard.tagged, heard.text, heard.today)
        command = Start(name, answers.slots_of(name, entities))
        return told(heard, "act", (command,), intents=(Scored(name, ACT),), entities=entities)

    def _second_net(self, heard: Heard, found: tuple[Scored, ...]) -> Danger | None:
        """Return what sounds like danger though no list has it; the less likely is a doubt."""
        plain = self.ears.danger.literal(heard.tagged)
        if not found or len(plain.tokens) == 1 or heard.language == "other":
            return None
        if answers.bare_number(heard.tagged, heard.text) or self.ears.examples.same(heard.tagged) not in {
            None,
            "emergency",
        }:
            return None
        chance = self._chance(heard, plain, found)
        answers_us = bool(heard.expectation.slot)
        if answers_us and (len(plain.tokens) < _STORY or chance < alarm.SURE):
            return None
        if chance < alarm.ASKED:
            return None
        mild = bool(plain.all & (self.ears.danger.past | self.ears.danger.joke))
        cue = self.ears.danger.by_cue(plain, heard.text)
        kind = alarm.kind_by_sound(self.ears.kinds.by_name(signs_of(plain, self.ears.lexicon)))
        return replace(self._called(cue, kind), doubt=mild or chance < alarm.SURE)

    def _called(self, found: Danger, kind: str | None) -> Danger:
        return replace(found, kind=kind, priority=self.ears.danger.priorities[kind]) if kind else found


def _torn(heard: Heard, found: Sequence[Scored]) -> bool:
    """Say whether a message states two wishes nearly as plainly: "g changé numero … mon dossier c encor la?"."""
    best, second = (*found, None)[:2]
    if best is None or second is None or best.score >= SURE:
        return False
    return {best.name, second.name} <= heard.sure and second.score >= _TWO_WISHES * best.score


_NEVER_BY_SCORE: Final = frozenset({"emergency", "stop"})  # danger has its own ways; stop is said in words
