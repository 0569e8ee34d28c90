"""Where a person stands in their conversation, in a form that can be stored between any two messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from bot.core.commands import Value
from bot.core.effects import Say
from bot.core.messages import Choice, Language

VERSION = 1
FrameKind = Literal["regular", "interrupt", "call", "link"]
Json: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Frame:
    """One flow in progress.

    `asked` is the question sent and not yet answered; `past` the steps answered, for "back" and corrections; `kept` the
    answers that stand after a correction, so that they are not asked again; `context` what a pattern is told.
    """

    id: int
    flow: str
    step: str
    kind: FrameKind = "regular"
    asked: str | None = None
    past: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    context: Mapping[str, Value] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values; empty parts are left out."""
        parts = {"asked": self.asked, "past": list(self.past), "kept": list(self.kept), "context": dict(self.context)}
        return {"id": self.id, "flow": self.flow, "step": self.step, "kind": self.kind} | {
            k: v for k, v in parts.items() if v
        }

    @classmethod
    def from_json(cls, json: Json) -> "Frame":
        """Read what `to_json` wrote."""
        return cls(
            id=json["id"],
            flow=json["flow"],
            step=json["step"],
            kind=json["kind"],
            asked=json.get("asked"),
            past=tuple(json.get("past", ())),
            kept=tuple(json.get("kept", ())),
            context=dict(json.get("context", {})),
        )


@dataclass(frozen=True, slots=True)
class State:
    """A person's whole conversation: the last frame of `stack` speaks.

    `rev` is the revision of the flows that it was written with, `n` the frame counter, `ts` the last turn's time in
    seconds since 1970, `menu` the choices last sent, `said` what "repeat" repeats, `misses` the failures in a row,
    `leaning` the other language that the last message was clearly in.
    """

    rev: str = ""
    lang: Language | None = None
    paused: bool = False
    n: int = 0
    ts: float = 0.0
    slots: Mapping[str, Value] = field(default_factory=dict)
    stack: tuple[Frame, ...] = ()
    menu: tuple[Choice, ...] = ()
    said: tuple[Say, ...] = ()
    events: tuple[Json, ...] = ()
    misses: int = 0
    leaning: Language | None = None

    @classmethod
    def new(cls) -> "State":
        """Return the state of somebody who has never written."""
        return cls()

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "v": VERSION,
            "rev": self.rev,
            "lang": self.lang,
            "paused": self.paused,
            "n": self.n,
            "ts": self.ts,
            "slots": dict(self.slots),
            "stack": [frame.to_json() for frame in self.stack],
            "menu": [[choice.title, choice.payload] for choice in self.menu],
            "said": [_say_to_json(say) for say in self.said],
            "events": [dict(event) for event in self.events],
            "misses": self.misses,
        } | ({"leaning": self.leaning} if self.leaning else {})

    @classmethod
    def from_json(cls, json: Json) -> "State":
        """Read what `to_json` wrote. Raises ValueError for a version that this program does not know."""
        if json.get("v") != VERSION:
            raise ValueError(
                f"A conversation of version {json.get('v')!r} cannot be read; this program knows {VERSION}."
            )
        return cls(
            rev=json["rev"],
            lang=json["lang"],
            paused=json["paused"],
            n=json["n"],
            ts=json["ts"],
            slots=dict(json["slots"]),
            stack=tuple(map(Frame.from_json, json["stack"])),
            menu=tuple(Choice(title, payload) for title, payload in json["menu"]),
            said=tuple(map(_say_from_json, json["said"])),
            events=tuple(json["events"]),
            misses=json["misses"],
            leaning=json.get("leaning"),
        )


def _say_to_json(say: Say) -> dict[str, Any]:
    parts = {"values": dict(say.values), "choices": [[c.title, c.payload] for c in say.choices], "msgid": say.msgid}
    return {"response": say.response} | {key: value for key, value in parts.items() if value}


def _say_from_json(json: Json) -> Say:
    choices = tuple(Choice(title, payload) for title, payload in json.get("choices", ()))
    return Say(json["response"], dict(json.get("values", {})), choices, json.get("msgid", ""))
