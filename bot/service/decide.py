"""Decide a turn, without storage or lock: understand, run the conversation, render what is said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.core import limits
from bot.core.ahead import answer_ahead
from bot.core.cases import awaits_holder, is_grave, is_held
from bot.core.commands import Alarm, Begin, CannotHandle, Clarify, Command, Fill, Start
from bot.core.conversation import State
from bot.core.effects import Effect, JoinCase, OptIn, OptOut, SaveContact, Say
from bot.core.engine import advance, expectation
from bot.core.hours import BAMAKO
from bot.core.messages import Channel, Incoming, Language, Outgoing, Wire
from bot.core.people import CASEWORKER_SEX
from bot.core.speech import once, speak
from bot.ports import Known
from bot.service.brain import Brain
from bot.service.case_effects import PARTNER_FLOW
from bot.service.given import given, of_message
from bot.service.held_texts import as_seen, following, is_aside, opening, set_back
from bot.service.not_understood import keep_unmatched
from bot.understanding.amended import amended
from bot.understanding.entities import find_phone
from bot.understanding.read import Reading
from bot.understanding.wished_sex import wished_sex

COMPLAINT_FLOW = "complaint"
CASE_NOTED = Say("utter_case_noted")
_PROVIDER_ANSWERED: Mapping[str, tuple[Effect, ...]] = {"stop": (OptOut("all"),), "start": (OptIn(),), "help": ()}


@dataclass(frozen=True, slots=True)
class Decision:
    """What a turn comes to: the conversation afterwards, what is to be done, what is said and what was understood."""

    state: State
    effects: tuple[Effect, ...]
    said: tuple[tuple[Outgoing, Wire], ...]
    language: Language
    reading: Reading | None = None
    begun: tuple[str, ...] = ()  # flows that began in this turn


def decide(brain: Brain, known: Known, incoming: Incoming, *, now: datetime, draw: int) -> Decision:
    """Return what one message of a person leads to. `draw` is a random number for a new case reference."""
    state = _state_of(known)
    reading = _read(brain, as_seen(known, state), incoming, now=now)
    if incoming.opt_out and not _urgent(reading.commands):  # the provider has answered the word itself
        return Decision(state, _shown(known, _PROVIDER_ANSWERED[incoming.opt_out]), (), state.lang or "fr")
    language, leaning = _tongue(state, reading)
    looping = _is_loop(known) or (_is_empty(incoming) and state.misses >= limits.EMPTY_TEXTS_ANSWERED)
    opened = opening(known, reading.commands, incoming)
    ends = any(isinstance(one, Start) and one.intent in _PROVIDER_ANSWERED for one in reading.commands)
    if (opened or (looping and not ends)) and not _urgent(reading.commands):  # STOP holds however much was written
        return Decision(state, opened, (), language or "fr", reading)
    slots = given(brain, known, language=language, now=now, draw=draw) | of_message(incoming)
    if _for_the_caseworker(state, known, reading.commands):
        effects = (JoinCase(), *_wishes(incoming, known, reading.commands), *_noted(state, known, now))
        return _decision(
            brain,
            replace(state, lang=language, leaning=leaning),
            effects,
            heard=Heard(reading, incoming.sender.channel, now),
        )
    aside = is_aside(known, reading.commands)
    begins = as_seen(known, state) if aside else state
    commands = _commands(brain, begins, reading, text=incoming.text, today=now.astimezone(BAMAKO).date())
    turn = advance(brain.assistant, replace(begins, lang=language), commands, act=brain.act, given=slots)
    turn = set_back(turn, state, commands) if aside else turn
    effects = (
        (_joined(reading.commands), *turn.effects) if known.open_cases and _urgent(reading.commands) else turn.effects
    )
    if commands is reading.commands:
        effects = (*effects, *keep_unmatched(brain, known, state, incoming, reading=reading, effects=effects))
    effects = _shown(known, (*effects, *_wishes(incoming, known, commands), *following(known, reading.commands)))
    after = replace(turn.state, leaning=leaning)
    decision = _decision(brain, after, effects, heard=Heard(reading, incoming.sender.channel, now))
    decision = replace(decision, begun=turn.begun, said=_sparing(decision, known) if looping else decision.said)
    return _unspoken(decision, state) if incoming.opt_out == "stop" else decision


def _sparing(decision: Decision, known: Known) -> tuple[tuple[Outgoing, Wire], ...]:
    """Return what has not been said a moment ago: danger is kept and alerted always, the same advice need not be."""
    return tuple((said, wire) for said, wire in decision.said if said.response not in known.said_lately)


def _unspoken(decision: Decision, before: State) -> Decision:
    """Keep what danger in an opt-out leads to, but say nothing: the provider delivers nothing any more."""
    silent = (effect for effect in decision.effects if not isinstance(effect, Say))
    return replace(decision, state=before, said=(), effects=(*silent, *_PROVIDER_ANSWERED["stop"]))


def _shown(known: Known, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """Put STOP and START before whoever has a case in hand: they have to know whether they may still write."""
    told = any(isinstance(effect, OptOut | OptIn) for effect in effects)
    joined = any(isinstance(effect, JoinCase) for effect in effects)
    return (JoinCase(), *effects) if told and not joined and any(map(is_held, known.open_cases)) else effects


def decide_begin(  # noqa: PLR0913 a turn of our own has no message to take these from
    brain: Brain, known: Known, begin: Begin, *, channel: Channel, now: datetime, draw: int
) -> Decision:
    """Return what starting a flow by ourselves leads to: a reminder, or the end of a case."""
    state = _state_of(known)
    slots = given(brain, known, language=state.lang, now=now, draw=draw) | {"channel": channel, "person_text": ""}
    turn = advance(brain.assistant, state, (begin,), act=brain.act, given=slots)
    decision = _decision(brain, turn.state, turn.effects, heard=Heard(None, channel, now))
    return replace(decision, begun=turn.begun)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a decision answers to: how the message was understood, on which channel, when."""

    reading: Reading | None
    channel: Channel
    at: datetime


def _decision(brain: Brain, state: State, effects: Sequence[Effect], *, heard: Heard) -> Decision:
    language = state.lang or "fr"
    today = heard.at.astimezone(BAMAKO).date()
    spoken = [
        speak(brain.assistant, say, language=_language_of(brain, say, language), today=today)
        for say in effects
        if isinstance(say, Say)
    ]
    said = brain.render[heard.channel](once(brain.assistant, spoken, language=language))
    return Decision(state, tuple(effects), said, language, heard.reading)


def _joined(commands: Sequence[Command]) -> JoinCase:
    """Put words of danger into the open case; what is no doubt makes a case that somebody has in hand more urgent."""
    alarm = next(command for command in commands if isinstance(command, Alarm))
    return JoinCase(raised=None if alarm.doubt else alarm.priority)


def _state_of(known: Known) -> State:
    if known.state is None:  # somebody who only called may be in a caseworker's hands before their first word
        language = known.person.language if known.person else None  # told by whoever registered them
        return replace(State.new(), lang=language, paused=any(map(is_held, known.open_cases)))
    state = State.from_json(known.state)
    nobody_left = state.paused and not known.open_cases  # the case was closed while the person was silent
    return replace(state, paused=False) if nobody_left else state


def _read(brain: Brain, state: State, incoming: Incoming, *, now: datetime) -> Reading:
    """Understand a message; while a person of the team has the word only the answer to the team's own question is."""
    if state.paused and state.stack and state.stack[-1].flow == PARTNER_FLOW:
        reading = _heard(brain, replace(state, paused=False), incoming, now=now)
        if all(isinstance(command, Fill) for command in reading.commands):
            return reading
    return _heard(brain, state, incoming, now=now)


def _heard(brain: Brain, state: State, incoming: Incoming, *, now: datetime) -> Reading:
    return brain.understanding.read(
        incoming.text,
        expectation=expectation(brain.assistant, state, state.lang or "fr"),
        language=state.lang,
        paused=state.paused,
        payload=incoming.payload,
        content=incoming.content,
        today=now.date(),
    )


def _commands(brain: Brain, state: State, reading: Reading, *, text: str, today: date) -> Sequence[Command]:
    """Return what was understood, unless the text plainly changes an answer or answers the next question too."""
    if _urgent(reading.commands) or not state.stack:
        return reading.commands
    if _complaining(state) and _is_media(reading.commands):  # a voice note tells the complaint: nobody else's to hear
        return (Fill("complaint_kind", "other"),)
    slots = brain.assistant.domain.slots
    changed = amended(brain.understanding.ears, text, kept=state.slots, slots=slots, today=today)
    return changed or _ahead(brain, state, reading, text) or reading.commands


def _ahead(brain: Brain, state: State, reading: Reading, text: str) -> Sequence[Command]:
    """Return both answers when the next question's one came too: "yes, my brother 70 11 22 33"."""
    phone = find_phone(text)
    heard = {**reading.entities, **({"phone": phone} if phone else {})}
    both = answer_ahead(brain.assistant, state, heard)
    agrees = all(isinstance(command, Fill) and command in both for command in reading.commands)
    return both if agrees or not any(_sure(brain, state, command) for command in reading.commands) else ()


def _sure(brain: Brain, state: State, command: Command) -> bool:
    """Say whether a command is plain: no guess, no beginning of what is open anyway or of what is never offered."""
    if isinstance(command, Start):
        flow = brain.assistant.flows.get(brain.assistant.triggers.get(command.intent, ""))
        begun = flow and any(frame.flow == flow.id for frame in state.stack)
        return flow is not None and not begun and flow.metadata.get("offered") is not False
    return not isinstance(command, CannotHandle | Clarify)


def _tongue(state: State, reading: Reading) -> tuple[Language | None, Language | None]:
    """Return the conversation's language, and the other one that the person may be turning to.

    It changes on a clear sign: one long sentence in the other language, or two short ones in a row.
    """
    turned = reading.turned
    if state.lang is None:
        return _clear(reading), None
    if turned is None:
        return state.lang, state.leaning if reading.language == "und" else None
    if turned.long or state.leaning == turned.language:
        return turned.language, None
    return state.lang, turned.language


def _clear(reading: Reading) -> Language | None:
    return reading.language if reading.language in ("fr", "bm") else None


def _is_loop(known: Known) -> bool:
    """Say whether another robot writes, or costs have run away: nothing more is said but in danger."""
    return (
        known.recent_count >= limits.MESSAGES_AN_HOUR
        or known.same_in_a_row >= limits.SAME_TEXTS_IN_A_ROW
        or known.segments_an_hour >= limits.SEGMENTS_AN_HOUR
        or known.segments_a_day >= limits.SEGMENTS_A_DAY
    )


def _is_empty(incoming: Incoming) -> bool:
    return incoming.content == "text" and not incoming.text.strip() and not incoming.payload


def _urgent(commands: Sequence[Command]) -> bool:
    return any(isinstance(command, Alarm) for command in commands)


def _is_media(commands: Sequence[Command]) -> bool:
    return any(isinstance(command, CannotHandle) and command.reason.startswith("media:") for command in commands)


def _for_the_caseworker(state: State, known: Known, commands: Sequence[Command]) -> bool:
    """Say whether a message belongs to the open case: a person of the team has the word, or it is no clear request.

    After danger or a complaint half-understood words are more of the story, and no menu of guesses is offered. Who
    complains once more to the focal point is not asked anew; to anybody else's case a complaint never belongs.
    """
    grave = [case for case in known.open_cases if is_grave(case)]
    unclear = (CannotHandle, Clarify) if grave else (CannotHandle,)
    with_focal_point = state.paused and grave and all(case.sensitive for case in grave)
    again = (Start("complaint"),) if with_focal_point else ()
    unclaimed = all(isinstance(command, unclear) or command in again for command in commands)
    at_rest = state.paused or not state.stack or (bool(grave) and _complaining(state))
    return bool(known.open_cases) and unclaimed and at_rest


def _complaining(state: State) -> bool:
    return bool(state.stack) and state.stack[-1].flow == COMPLAINT_FLOW


def _wishes(incoming: Incoming, known: Known, commands: Sequence[Command]) -> tuple[Effect, ...]:
    """Keep whether a woman or a man of the team is asked for: the alerts go to them first."""
    asks = any(isinstance(command, Start) and command.intent == "talk_to_person" for command in commands)
    wish = wished_sex(incoming.text) if asks or known.open_cases else None
    return (SaveContact({CASEWORKER_SEX: wish}),) if wish else ()


def _noted(state: State, known: Known, now: datetime) -> tuple[Effect, ...]:
    """Say that it is noted, once in a while and once for each new case: "write here" is followed by no silence.

    Nothing is said between two people who write to each other.
    """
    if state.paused and any(is_held(case) and not awaits_holder(case) for case in known.open_cases):
        return ()
    noted = known.last_noted_at
    lately = noted is not None and now - noted < limits.CASE_NOTED_EVERY
    new = noted is not None and any(case.opened_at > noted for case in known.open_cases)
    return () if lately and not new else (CASE_NOTED,)


def _language_of(brain: Brain, say: Say, language: Language) -> Language:
    """Say an urgent text whose Bambara no speaker has signed in French, but in a demo."""
    if language == "fr" or brain.unread_bambara_allowed or not brain.assistant.is_urgent(say.response):
        return language
    return language if brain.assistant.is_signed(say.msgid or say.response) else "fr"
