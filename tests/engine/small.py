"""A small assistant and a way to talk to it, for the tests of the engine."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.acting import Act, ActionCall, ActionFailed, ActionResult
from bot.core.assistant import Assistant
from bot.core.commands import Command, Expectation
from bot.core.conversation import State
from bot.core.engine import Turn, advance, expectation
from bot.core.loading import Sources, assemble, read_parts

DOMAIN = """
version: "3.1"
actions: [action_office_for_document, action_open_case, action_schedule_reminder, action_validate_slot_mappings,
          action_pause, action_resume, action_break, action_count]
slots:
  document_kind: {type: categorical, values: [carte, passeport, acte, autre], mappings: [{type: custom}]}
  region: {type: text, mappings: [{type: from_text}], metadata: {entity: region}}
  office: {type: text, mappings: [{type: controlled}]}
  wants_reminder: {type: bool, mappings: [{type: custom}]}
  trade: {type: categorical, values: [mason, tailor], mappings: [{type: custom}]}
  age: {type: float, min_value: 1, max_value: 120}
  remark: {type: text}
  name: {type: text}
  topic: {type: text}
  stay: {type: bool}
  danger_kind: {type: text}
  danger_priority: {type: text}
  danger_words: {type: list}
  count: {type: float, initial_value: 0}
  channel: {type: text, metadata: {given: true}}
  opted_out: {type: text, metadata: {given: true}}
  next_reference: {type: text, metadata: {given: true}}
responses:
  utter_ask_document_kind:
    - buttons:
        - {title: button.carte, payload: /SetSlots(document_kind=carte)}
        - {title: button.passeport, payload: /SetSlots(document_kind=passeport)}
  utter_declare_loss: [{}]
  utter_ask_region: [{}]
  utter_region_invalid: [{}]
  utter_office: [{}]
  utter_ask_wants_reminder:
    - buttons:
        - {title: button.yes, payload: /SetSlots(wants_reminder=true)}
        - {title: button.no, payload: /SetSlots(wants_reminder=false)}
  utter_person_will_answer: [{}]
  utter_ask_trade: [{}]
  utter_ask_age: [{}]
  utter_ask_remark: [{}]
  utter_trade_noted: [{}]
  utter_ask_name: [{}]
  utter_hello:
    - {id: utter_hello.whatsapp, channel: whatsapp}
    - {}
  utter_menu:
    - buttons:
        - {title: flow.lost_document, payload: /start(lost_document)}
        - {title: flow.choose_trade, payload: /start(choose_trade)}
  utter_stopped: [{}]
  utter_continue:
    - buttons:
        - {title: button.continue, payload: /SetSlots(stay=true)}
        - {title: button.menu, payload: /SetSlots(stay=false)}
  utter_corrected: [{}]
  utter_cancelled: [{}]
  utter_not_understood: [{}]
  utter_offer_person: [{}]
  utter_clarify: [{}]
  utter_again: [{}]
  utter_internal_error: [{}]
  utter_anything_else: [{}]
  utter_emergency: [{}]
  utter_doubt: [{}]
  utter_missing: [{}]
  utter_reminder_set: [{}]
"""

FLOWS = """
version: "3.1"
flows:
  lost_document:
    name: papiers perdus
    description: Papers.
    nlu_trigger: [{intent: lost_document}]
    persisted_slots: [region]
    steps:
      - id: document_kind
        collect: document_kind
        next:
          - if: slots.document_kind is "autre"
            then:
              - link: talk_to_person
          - else: declare
      - id: declare
        action: utter_declare_loss
      - id: region
        collect: region
        rejections:
          - if: not (slots.region matches "^[^0-9]{2,40}$")
            utter: utter_region_invalid
      - id: office
        action: action_office_for_document
        next:
          - if: slots.office is null
            then:
              - call: leave_name
                next: END
          - else: say_office
      - id: say_office
        action: utter_office
      - id: wants_reminder
        collect: wants_reminder
        ask_before_filling: true
        next:
          - if: slots.wants_reminder
            then:
              - action: action_schedule_reminder
                next: END
          - else: END
  leave_name:
    description: Asks for a name.
    steps:
      - id: name
        collect: name
      - id: remark
        collect: remark
  talk_to_person:
    description: A person.
    run_pattern_completed: false
    nlu_trigger: [{intent: talk_to_person}]
    steps:
      - action: action_open_case
      - action: utter_person_will_answer
      - action: action_pause
        next: END
  choose_trade:
    description: A trade.
    nlu_trigger: [{intent: choose_sector}]
    steps:
      - id: trade
        collect: trade
        reset_after_flow_ends: false
      - id: age
        collect: age
      - action: utter_trade_noted
  menu:
    description: The menu.
    run_pattern_completed: false
    nlu_trigger: [{intent: menu}]
    steps:
      - action: action_resume
      - action: utter_menu
  stop:
    description: Stop.
    if: slots.opted_out is not "all"
    run_pattern_completed: false
    nlu_trigger: [{intent: stop}]
    metadata: {greeting: none}
    steps:
      - action: utter_stopped
  hello:
    description: Hello.
    run_pattern_completed: false
    nlu_trigger: [{intent: greet}]
    metadata: {greeting: same}
    steps:
      - action: utter_hello
  loops:
    description: A loop; the check sees it, and the engine must survive it.
    nlu_trigger: [{intent: loops}]
    steps:
      - id: count
        action: action_count
        next:
          - if: slots.count < 0
            then: END
          - else: count
  breaks:
    description: An action that fails.
    nlu_trigger: [{intent: breaks}]
    steps:
      - id: remark
        collect: remark
      - action: action_break
  wordless:
    description: A sentence whose value is missing.
    nlu_trigger: [{intent: wordless}]
    steps:
      - action: utter_missing
"""

PATTERNS = """
version: "3.1"
flows:
  pattern_session_start: {description: d, steps: [{action: utter_hello}]}
  pattern_continue_interrupted:
    description: d
    steps:
      - id: ask
        collect: stay
        utter: utter_continue
        ask_before_filling: true
        next:
          - if: slots.stay
            then: [{action: action_continue_interrupted_flow, next: END}]
          - else: leave
      - {id: leave, action: action_cancel_interrupted_flows}
      - action: utter_menu
  pattern_correction: {description: d, steps: [{action: utter_corrected}]}
  pattern_cancel_flow: {description: d, steps: [{action: utter_cancelled}]}
  pattern_cannot_handle:
    description: d
    steps:
      - noop: true
        next:
          - if: context.failures >= 2
            then: [{action: utter_offer_person, next: END}]
          - else: unclear
      - {id: unclear, action: utter_not_understood}
  pattern_clarification: {description: d, steps: [{action: utter_clarify}]}
  pattern_code_change: {description: d, steps: [{action: utter_again}, {action: utter_menu}]}
  pattern_internal_error: {description: d, steps: [{action: utter_internal_error}]}
  pattern_completed: {description: d, steps: [{action: utter_anything_else}]}
  pattern_emergency: {description: d, steps: [{action: utter_emergency}]}
  pattern_doubt: {description: d, steps: [{id: ask, collect: stay, utter: utter_doubt, ask_before_filling: true}]}
"""

FRENCH = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "utter_office"
msgstr "Allez ici : {office}."

msgid "utter_continue"
msgstr "Continuer : {flow} ?"

msgid "utter_corrected"
msgstr "C'est noté : {value}."

msgid "utter_missing"
msgstr "Votre nom : {name}."

msgid "value.document_kind.passeport"
msgstr "passeport"

msgid "flow.lost_document"
msgstr "papiers perdus"
"""

SOURCES = Sources(
    flows={"flows/topics.yml": FLOWS, "flows/patterns.yml": PATTERNS},
    domain={"flows/domain.yml": DOMAIN},
    catalogues={"fr": {"fr.po": FRENCH}},
    validates=frozenset({"name"}),
)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def build(sources: Sources = SOURCES, *, strict: bool = True) -> Assistant:
    """Load the small assistant."""
    parts, findings = read_parts(sources)
    assert all("loops:" in finding.text for finding in findings), "\n".join(map(str, findings))
    return assemble(parts, sources, strict=strict)


ASSISTANT = build()


def slot(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "timestamp": None, "name": name, "value": value}


def effect(name: str, **fields: Any) -> dict[str, Any]:
    return {"custom": {"effect": name, **fields}, "response": None, "text": None}


def act(call: ActionCall) -> ActionResult:
    """Answer as the small assistant's actions do."""
    slots = call.tracker["slots"]
    answers = {
        "action_office_for_document": lambda: [slot("office", "Mairie" if slots["region"] == "Kayes" else None)],
        "action_open_case": lambda: [
            effect("open_case", kind="question", priority="P3", reference=slots["next_reference"])
        ],
        "action_schedule_reminder": lambda: [effect("remind", flow="lost_document", days=7)],
        "action_pause": lambda: [{"event": "pause"}],
        "action_resume": lambda: [{"event": "resume"}],
        "action_count": lambda: [slot("count", slots["count"] + 1)],
        "action_validate_slot_mappings": lambda: [
            slot("name", slots["name"].title() if slots["name"] != "refused" else None)
        ],
    }
    if call.name not in answers:
        raise ActionFailed(f"{call.name} failed.")
    answer = answers[call.name]()
    return ActionResult(
        tuple(part for part in answer if "event" in part), tuple(part for part in answer if "custom" in part)
    )


@dataclass
class Talk:
    """A conversation whose state goes through JSON between any two messages."""

    assistant: Assistant = ASSISTANT
    state: State = field(default_factory=State.new)
    now: datetime = NOW
    given: Mapping[str, Any] = field(
        default_factory=lambda: {"channel": "sms", "next_reference": "K7421R", "opted_out": "none"}
    )
    turn: Turn | None = None
    act: Act = act

    def send(self, *commands: Command) -> list[str]:
        """Take a turn and return the names of the responses that were said."""
        self.turn = advance(
            self.assistant, self.state, commands, act=self.act, given={**self.given, "now": self.now.isoformat()}
        )
        stored = json.loads(json.dumps(self.turn.state.to_json()))
        self.state = State.from_json(stored)
        assert self.state == self.turn.state
        assert self.state.to_json() == stored
        return [say.response for say in self.turn.said]

    def greeted(self) -> "Talk":
        """Go past the first greeting."""
        self.state = replace(self.state, ts=self.now.timestamp(), rev=self.assistant.rev)
        return self

    def later(self, **time: float) -> "Talk":
        """Let time pass."""
        self.now += timedelta(**time)
        return self

    @property
    def expected(self) -> Expectation:
        return expectation(self.assistant, self.state, "fr")

    @property
    def flows(self) -> list[str]:
        return [frame.flow for frame in self.state.stack]

    @property
    def effects(self) -> list[str]:
        assert self.turn is not None
        return [type(effect).__name__ for effect in self.turn.effects if type(effect).__name__ != "Say"]
