"""Scripted talks: read them, hold them through the whole assistant, and compare or rewrite what was said.

A talk is data that a caseworker can correct (tests/conversations/*.yml):

- talk: a sentence that says what is shown
  language: fr                     # or bm; the language the person has chosen ("new": somebody never seen)
  at: 2026-11-23T09:00             # in Bamako
  channel: sms
  steps:
    - person: g perdu ma kart      # what they write ("voice_note:" and the like for other content)
    - segin: |                     # exactly what arrives, one entry a message; `make talks` rewrites these
        …
    - expect: [police]             # words that must appear in what was just said
    - never: [CFA]                 # words that must not
    - effects: [open_case P3 question]
    - later: 5 days                # time passes; reminders that fall due arrive
    - asks: check_in               # we begin this flow, as a check-in does
    - caseworker: closes           # somebody of the team closes the most urgent case; or takes, hands back,
                                   # "refers to apej"; or writes these words to the person
    - cases: [A7422J P1 open]      # cases of the team as they stand, each with these words
    - oumou: PRENDS 12             # with a `team`: see tests/talks_team.py
    - staff: suspend oim_bamako    # staff change a fact: suspend, resume, "verify oim_bamako 2026-11-20",
                                   # "edit metiers status=closed"
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from bot.commands.chat import read_duration
from bot.core import facts_editing
from bot.core.commands import Begin
from bot.core.conversation import State
from bot.core.hours import BAMAKO
from bot.core.messages import Address, Channel, ContentKind
from bot.core.staff import Staff
from bot.ports import Ids
from bot.service import work_cases
from bot.service.answer_person import answer
from bot.service.begin_flow import begin_flow
from bot.service.brain import Brain
from bot.service.change_case import Seen
from bot.service.end_case import BACK_FLOW, CLOSED_FLOW, close, hand_back
from bot.service.fresh_brain import with_edits
from bot.service.ports import Ports
from bot.service.receive_message import Taken
from bot.simulator import PROVIDER, Phone, StoppedClock, describe
from tests.talks_team import READS, Team

FOLDER = Path(__file__).parent / "conversations"
OUMOU = Staff("oumou", "Oumou", frozenset({"caseworker", "supervisor", "focal_point"}))
CHOOSES = {"fr": "Français", "bm": "Bamanankan"}
CONTENTS: dict[str, ContentKind] = {
    "voice_note:": "voice_note",
    "picture:": "picture",
    "location:": "location",
    "video:": "video",
    "document:": "document",
}


@dataclass(frozen=True, slots=True)
class Talk:
    """One scripted talk and where it stands."""

    file: str
    title: str
    language: str
    at: datetime
    steps: tuple[Mapping[str, Any], ...]
    channel: Channel = "sms"
    number: str = "+22376000001"
    team: Mapping[str, str] = field(default_factory=dict)  # see tests/talks_team.py


@dataclass(slots=True)
class Held:
    """A talk as it went: its steps with what was really said, and every difference in words."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    begun: set[str] = field(default_factory=set)  # flows that were begun in it


def read_talks(path: Path) -> list[Talk]:
    """Read the talks of one file."""
    return [_talk(path, entry) for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or []]


def _talk(path: Path, entry: Mapping[str, Any]) -> Talk:
    at = entry.get("at", "2026-11-23T09:00")
    moment = at if isinstance(at, datetime) else datetime.fromisoformat(str(at))
    return Talk(
        file=path.name,
        title=entry["talk"],
        language=entry.get("language", "fr"),
        at=moment.replace(tzinfo=BAMAKO),
        steps=tuple(entry["steps"]),
        channel=entry.get("channel", "sms"),
        number=str(entry.get("from", "+22376000001")),
        team=entry.get("team", {}),
    )


@dataclass(slots=True)
class CountedIds:
    """Draws the same case references each time, so that a talk can be compared word by word."""

    ids: Ids
    drawn: int = 7420

    def new(self) -> str:
        return self.ids.new()

    def number(self, below: int) -> int:
        self.drawn += 1
        return self.drawn % below


class Conversation:
    """One talk being held."""

    def __init__(self, talk: Talk, brain: Brain, ports: Ports) -> None:
        self.talk, self.held = talk, Held()
        self.clock = StoppedClock(talk.at)
        told = replace(ports.with_clock(self.clock), ids=CountedIds(ports.ids))
        self.phone = Phone(brain, told, talk.channel, talk.number)
        self.said: list[str] = []
        self.read: list[tuple[str, str]] = []
        self.effects: list[str] = []
        self.team = Team(talk.team, self.phone) if talk.team else None
        if talk.language in CHOOSES:
            self.phone.write(CHOOSES[talk.language])

    def hold(self) -> Held:
        """Go through the steps and return what happened."""
        steps = list(self.talk.steps)
        while steps:
            self._step(steps.pop(0), steps)
        return self.held

    def _step(self, step: Mapping[str, Any], rest: list[Mapping[str, Any]]) -> None:
        ((verb, value),) = step.items()
        self.held.steps.append(dict(step))
        does = self._doing(verb)
        if does is not None:
            does(str(value))
            self._compare(rest)
            return
        match verb:
            case "staff" | "cases":
                self._team(verb, value)
            case "expect":
                self._check(
                    [w for w in value if _plain(w) not in _plain(" ".join(self.said))], f"not said: {{}} in {self.said}"
                )
            case "never":
                self._check(
                    [w for w in value if _plain(w) in _plain(" ".join(self.said))],
                    f"must not be said: {{}} in {self.said}",
                )
            case "effects":
                self._check([w for w in value if not self._done(w)], f"not done: {{}} among {self.effects}")
            case _:
                self.held.faults.append(f"unknown step {verb!r}")

    def _doing(self, verb: str) -> Callable[[str], None] | None:
        """Return how somebody acts who is answered; None for what only looks or changes facts."""
        if self.team and verb in self.team.logins:
            return partial(self._texts, verb)
        acts = {"person": self._person, "asks": self._asks, "caseworker": self._caseworker, "later": self._later}
        return acts.get(verb)

    def _texts(self, login: str, text: str) -> None:
        assert self.team is not None
        self.said, self.read = [], self.team.write(login, text)

    def _later(self, span: str) -> None:
        self.clock.at += _duration(span)
        self.said, self.effects = [row.text for row in self.phone.reminders()], []
        self.held.begun |= self._open_flows() if self.said else set()

    def _person(self, text: str) -> None:
        content = next((kind for prefix, kind in CONTENTS.items() if text.startswith(prefix)), "text")
        taken: Taken = self.phone.write("" if content != "text" else text, content=content)
        self.said = [row.text for row in taken.rows]
        self.effects = []
        if taken.decision:
            self.effects = [_flat(describe(effect)) for effect in taken.decision.effects]
            self.held.begun |= set(taken.decision.begun)

    def _caseworker(self, words: str) -> None:
        """Act as the most urgent case's caseworker: a word such as "closes", or an answer to the person."""
        brain, ports = self.phone.brain, self.phone.ports
        seen = Seen(ports.store.cases(include_sensitive=True)[0].reference, OUMOU)
        match words.split():
            case ["takes"]:
                work_cases.take(ports, seen)
            case ["closes"]:
                close(brain, ports, seen)
                self.held.begun.add(CLOSED_FLOW)
            case ["hands", "back"]:
                hand_back(brain, ports, seen)
                self.held.begun.add(BACK_FLOW)
            case ["refers", "to", partner]:
                work_cases.refer(brain, ports, seen, partner)
            case _:
                answer(brain, ports, seen, words)
        self.said, self.effects = [row.text for row in self.phone.waiting()], []

    def _team(self, verb: str, value: Any) -> None:
        if verb == "staff":
            self._staff(str(value))
            return
        standing = self._standing()
        missing = [wanted for wanted in value if not any(set(wanted.split()) <= words for words in standing)]
        self._check(missing, f"{{}} is not among {standing}")

    def _standing(self) -> list[set[str]]:
        found = self.phone.ports.store.cases(include_closed=True, include_sensitive=True)
        return [{case.reference, case.priority, case.status, case.kind, case.holder} for case in found]

    def _asks(self, flow: str) -> None:
        """Begin a flow ourselves, as a check-in does."""
        person, ports = self.phone.person(), self.phone.ports
        assert person is not None, "Nobody has written from this telephone yet."
        begin, known = Begin(flow, source="check_in:talk"), ports.store.person(person.id)
        with ports.store.write() as tx:
            begin_flow(self.phone.brain, ports, tx, known, begin, kind="check_in")
        self.held.begun.add(flow)
        self.said, self.effects = [row.text for row in self.phone.waiting()], []

    def _open_flows(self) -> set[str]:
        """Return the flows that lie open: a reminder begins one by itself."""
        store, at = self.phone.ports.store, self.clock.now()
        here = Address(self.talk.channel, self.talk.number)
        known = store.look_up(here, provider=PROVIDER, provider_id="", now=at)
        return {frame.flow for frame in State.from_json(known.state).stack} if known.state else set()

    def _staff(self, words: str) -> None:
        """Change a fact as `segin facts` does; it holds from the next message on."""
        verb, fact_id, *rest = words.split(maxsplit=2)
        facts, who = self.phone.brain.assistant.facts, {"by": "Awa", "at": self.clock.now()}
        match verb:
            case "verify":
                made = facts_editing.verify(facts, fact_id, on=date.fromisoformat(rest[0]), **who)
            case "edit":
                made = facts_editing.edit(facts, fact_id, dict([rest[0].split("=", 1)]), **who)
            case _:
                made = facts_editing.suspend(facts, fact_id, suspended=verb == "suspend", **who)
        self.phone = replace(self.phone, brain=with_edits(self.phone.brain, [made], demo=True))

    def _compare(self, rest: list[Mapping[str, Any]]) -> None:
        if self.team:
            said, read = self.team.deliver()
            self.said, self.read = [*self.said, *said], [*self.read, *read]
        told = [{"segin": text} for text in self.said] + [{login + READS: text} for login, text in self.read]
        written: list[dict[str, str]] = []
        while rest and next(iter(rest[0])).endswith(("segin", READS)):
            written += [{who: str(text).strip("\n")} for who, text in rest.pop(0).items()]
        self.held.steps += told
        self.read = []
        if written != told:
            self.held.faults.append(f"said {told}\n  instead of {written}")

    def _check(self, wrong: list[str], sentence: str) -> None:
        if wrong:
            self.held.faults.append(sentence.replace("{}", str(wrong)))

    def _done(self, wanted: str) -> bool:
        return any(all(word in effect.split() for word in wanted.split()) for effect in self.effects)


def _plain(text: str) -> str:
    return str(text).casefold()


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(_flat(part) for pair in value.items() for part in pair)
    if isinstance(value, list | tuple):
        return " ".join(map(_flat, value))
    return str(value)


def write_talks(path: Path, held: list[tuple[Talk, Held]]) -> None:
    """Write a file of talks back with what was really said."""
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    for entry, (_, one) in zip(entries, held, strict=True):
        entry["steps"] = one.steps
    head = "".join(line for line in path.read_text(encoding="utf-8").splitlines(keepends=True) if line.startswith("#"))
    path.write_text(
        head + yaml.dump(entries, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=200), encoding="utf-8"
    )


class _Dumper(yaml.SafeDumper):
    """YAML as a person would write it: messages of several lines as blocks."""


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None),
)


def _duration(text: str) -> timedelta:
    found = read_duration(text)
    assert found is not None, f"{text!r} is no time such as 3 days."
    return found
