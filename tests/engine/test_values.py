"""Small parts of the engine: payloads of buttons, values of slots, YAML with lines, catalogues."""

import pytest

from bot.core.answering import BAD, read_value
from bot.core.catalogues import placeholders_of, read_catalogue
from bot.core.commands import Begin, Fill, Start
from bot.core.domain import Response, Slot, Variation
from bot.core.payloads import commands_of
from bot.core.yaml_lines import read


@pytest.mark.parametrize(
    ("payload", "commands"),
    [
        ("/SetSlots(kind=card)", (Fill("kind", "card"),)),
        ("/SetSlots(kind=card, age=30)", (Fill("kind", "card"), Fill("age", "30"))),
        ('/SetSlots(place="Kayes")', (Fill("place", "Kayes"),)),
        ("/start(lost_document)", (Begin("lost_document"),)),
        ("/menu", (Start("menu"),)),
        ('/lost_document{"kind": "card"}', (Start("lost_document", {"kind": "card"}),)),
        ("/lost_document{kind}", ()),
        ("/lost_document[1]", ()),
        ("bonjour", ()),
        ("", ()),
    ],
)
def test_a_payload_is_read_into_commands(payload, commands):
    assert commands_of(payload) == commands


@pytest.mark.parametrize(
    ("slot", "given", "read"),
    [
        (Slot("s", "bool"), "true", True),
        (Slot("s", "bool"), " False ", False),
        (Slot("s", "bool"), "oui", BAD),  # understanding reads words; the engine reads values
        (Slot("s", "float"), "3,5", 3.5),
        (Slot("s", "float", max_value=3), "3.5", BAD),
        (Slot("s", "categorical", values=("Card", "other")), "card", "Card"),
        (Slot("s", "categorical", values=("Card",)), "cards", BAD),
        (Slot("s", "text"), "  Awa ", "Awa"),
        (Slot("s", "text"), " ", BAD),
        (Slot("s", "text", max_length=3), "Awaa", BAD),
        (Slot("s", "text"), "a" * 481, BAD),
        (Slot("s", "text"), 3, BAD),
        (Slot("s", "list"), "a", ["a"]),
        (Slot("s", "list"), ["a", "b"], ["a", "b"]),
        (Slot("s", "any"), None, BAD),
    ],
)
def test_a_value_is_read_by_the_type_of_its_slot(slot, given, read):
    assert read_value(slot, given) == read or read_value(slot, given) is read


def test_a_value_in_yaml_knows_its_line():
    root, findings = read("a: 1\nb:\n  - x: yes\n  - y: 'no'\n", file="f.yml")

    assert findings == []
    assert root.plain() == {"a": 1, "b": [{"x": True}, {"y": "no"}]}
    assert root.get("b").members()[1].get("y").line == 4


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("007", "007"),
        ("0", 0),
        ("1_000", 1000),
        ("0x1F", "0x1F"),
        ("1.5", 1.5),
        ("~", None),
        ("2026-11-20", "2026-11-20"),
        ("", None),
    ],
)
def test_a_scalar_in_yaml_is_read_without_surprises(written, read_as):
    assert read(f"a: {written}\n", file="f.yml")[0].plain() == {"a": read_as}


def test_an_empty_file_is_an_empty_mapping():
    assert read("# nothing\n", file="f.yml")[0].plain() == {}


def test_a_catalogue_gives_sentences_lines_and_signatures():
    findings = []
    text = (
        'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n# review: none\nmsgid "a"\nmsgstr "A {x}"\n\n'
        '# review: Awa, 2026-11-20\nmsgid "b"\nmsgstr "B"\n\nmsgid "c"\nmsgstr ""\n'
    )
    catalogue = read_catalogue("bm", {"flows.po": text}, findings)

    assert findings == []
    assert catalogue.texts == {"a": "A {x}", "b": "B"}
    assert catalogue.signed == {"b"}
    assert catalogue.entries["b"].line == 10
    assert placeholders_of({"bm": catalogue.texts}) == {"a": {"x"}}


def test_a_variation_that_asks_for_something_goes_before_the_default():
    plain, chat, known = (
        Variation("a"),
        Variation("b", channel="whatsapp"),
        Variation("c", conditions=(("known", True),)),
    )
    response = Response("utter_a", (plain, chat, known))

    assert response.pick({"channel": "sms"}) is plain
    assert response.pick({"channel": "whatsapp"}) is chat
    assert response.pick({"channel": "sms", "known": True}) is known
