"""From a text to what the conversation is to do, in the order that keeps people safe."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.cases import reference
from bot.core.commands import Back, Begin, Cancel, CannotHandle, Clarify, Correct, Expectation, Fill, Repeat, Start
from bot.core.messages import Choice
from bot.understanding.reading import Turned

PAPERS = (
    Choice("Carte d'identité", "/SetSlots(document_kind=identity_card)"),
    Choice("Passeport", "/SetSlots(document_kind=passport)"),
    Choice("Autre", "/start(talk_to_person)"),
    Choice("Menu", '/menu{"from": "papers"}'),
)


def test_a_digit_means_the_choice_of_the_last_menu(ears):
    waiting = Expectation("document_kind", "categorical", None, PAPERS)

    assert ears.read("2", expectation=waiting).commands == (Fill("document_kind", "passport"),)
    assert ears.read("3", expectation=waiting).commands == (Begin("talk_to_person"),)
    assert ears.read("4", expectation=waiting).commands == (Start("menu", {"from": "papers"}),)
    assert ears.read("5", expectation=waiting).commands == (CannotHandle("no_such_choice"),)
    assert ears.read("1 et 2", expectation=waiting).commands == (CannotHandle("two_choices"),)


def test_a_digit_without_a_menu_is_refused_kindly(ears):
    assert ears.read("2").commands == (CannotHandle("no_such_choice"),)


def test_yes_and_no_fill_a_boolean(ears):
    waiting = Expectation("wants_reminder", "bool")

    assert ears.read("awɔ", expectation=waiting).commands == (Fill("wants_reminder", True),)
    assert ears.read("non merci", expectation=waiting).commands == (Fill("wants_reminder", False),)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("0", Start("menu")),
        ("9", Start("talk_to_person")),
        ("menu svp", Start("menu")),
        ("retour", Back()),
        ("segin kɔ", Back()),
        ("corriger", Correct()),
        ("annuler", Cancel()),
        ("répétez", Repeat()),
        ("segin a kan", Repeat()),
        ("bambara", Start("change_language", {"language": "bm"})),
        ("tubabukan na", Start("change_language", {"language": "fr"})),
        ("STOP", Start("stop")),
        ("aw kana ci tugun", Start("stop")),
        ("start", Start("start")),
        ("effacez mes données", Start("erase_data")),
    ],
)
def test_some_words_work_everywhere(text, command, ears):
    waiting = Expectation("name", "text", "name")

    assert ears.read(text, expectation=waiting).commands[0] == command


@pytest.mark.parametrize("text", ["STOP", "0", "9", "bambara", "effacez mes données"])
def test_the_first_words_work_while_a_caseworker_has_the_conversation(text, ears):
    assert isinstance(ears.read(text, paused=True).commands[0], Start)


@pytest.mark.parametrize("text", ["merci je viens demain", "2", "menu", "j'ai perdu ma carte"])
def test_everything_else_goes_to_the_caseworker(text, ears):
    assert ears.read(text, paused=True).commands == (CannotHandle("paused"),)


@pytest.mark.parametrize(
    ("entity", "text", "value"),
    [
        ("phone", "c'est le 76 12 34 56", "+22376123456"),
        ("phone", "+33 6 12 34 56 78", "+33612345678"),
        ("region", "a kaye", "kayes"),
        ("region", "sikaso", "sikasso"),
        ("region", "je suis à sévaré", "mopti"),
        ("place", "kati", "Kati"),
        ("place", "Toumanibougou", "Toumanibougou"),
        ("name", "je m'appelle Moussa Traoré", "Moussa Traoré"),
        ("name", "Awa Diarra", "Awa Diarra"),
        ("trade", "la mekanik", "mecanique"),
        ("document", "ma kart nina", "identity_card"),
        ("relation", "mon grand frère", "brother"),
        ("origin", "libi", "LY"),
        ("month", "le mois passé", "2026-10"),
        ("month", "en mars", "2026-03"),
        ("month", "12/2025", "2025-12"),
        ("month", "kalo tɛmɛnen", "2026-10"),
        ("reference", f"mon dossier {reference(74213).lower()}", reference(74213)),
        ("period", "le matin", "morning"),
    ],
)
def test_an_awaited_answer_is_found_in_free_text(entity, text, value, ears):
    waiting = Expectation("answer", "text", entity)

    assert ears.read(text, expectation=waiting, today=date(2026, 11, 21)).commands == (Fill("answer", value),)


def test_a_plain_wish_is_heard_although_a_name_is_asked(ears):
    waiting = Expectation("name", "text", "name")

    assert ears.read("je veux parler à un conseiller", expectation=waiting).commands[0] == Start("talk_to_person")


def test_a_story_answers_an_open_question_whatever_it_speaks_of(ears):
    waiting = Expectation("story", "text")

    assert ears.read("je n'ai jamais reçu mon kit de travail", expectation=waiting).commands == (
        Fill("story", "je n'ai jamais reçu mon kit de travail"),
    )


def test_a_wish_carries_what_it_already_says(ears):
    command = ears.read("je veu fer formation soudure jsui a kayes").commands[0]

    assert isinstance(command, Start)
    assert command.intent == "choose_sector"
    assert command.slots["trade"] == "soudure"
    assert command.slots["region"] == "kayes"


def test_it_says_which_example_matched(ears):
    text = "j'ai perdu ma carte d'identité hier"
    example = ears.example(text, ears.read(text))

    assert "carte" in example
    assert "perdu" in example
    assert ears.example("xyz", ears.read("xyz")) == ""


@pytest.mark.parametrize("content", ["voice_note", "picture", "location"])
def test_other_contents_are_named(content, ears):
    assert ears.read("", content=content).commands == (CannotHandle(f"media:{content}"),)


def test_what_is_an_example_word_for_word_is_no_danger_by_its_sound(ears):
    assert ears.read("je refuse").intents[0].name == "deny"
    assert ears.read("je refuse").danger is None


def test_a_pressed_button_is_its_payload(ears):
    assert ears.read("Passeport", payload="/SetSlots(document_kind=passport)").commands == (
        Fill("document_kind", "passport"),
    )


@pytest.mark.parametrize(
    ("text", "reason"), [("", "empty"), ("   ", "empty"), ("👌🏿", "emoji"), ("zxqv wkj", "unclear")]
)
def test_what_says_nothing_is_named(text, reason, ears):
    assert ears.read(text).commands == (CannotHandle(reason),)


@pytest.mark.parametrize(
    "text", ["mi nanata bambara mi yidi ballal", "i need help with my passport please", "اريد المساعدة", "ߌ ߣߌ ߗߋ߫"]
)
def test_other_languages_are_recognised(text, ears):
    reading = ears.read(text)

    assert reading.outcome == "unsupported_language"
    assert reading.language == "other"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("je voudrais refaire ma carte", "fr"),
        ("n ka papiyew tununna sira fɛ", "bm"),
        ("n be baara nyini bamako", "bm"),
        ("12", "und"),
        ("👍", "und"),
        ("j'ai mangé du tô chez ma tante à Ségou", "fr"),
    ],
)
def test_it_tells_the_language(text, language, ears):
    assert ears.read(text).language == language


def test_a_doubtful_wish_is_offered_with_others(ears):
    reading = ears.read("bureau")

    assert reading.outcome in {"ask", "act"}
    if reading.outcome == "ask":
        assert isinstance(reading.commands[0], Clarify)


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_gets_a_command(text, ears):
    assert ears.read(text).commands


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("76 12 34 56", "keep_in_touch"),
        ("mon frere 76123456", "keep_in_touch"),
        ("voici 76123456 moussa", "keep_in_touch"),
        ("appelez le 66 77 88 99", "talk_to_person"),
        ("conseils", "advice"),
    ],
)
def test_a_bare_number_is_somebody_to_be_reached(text, intent, ears):
    reading = ears.read(text)

    assert reading.outcome == "act"
    assert reading.intents[0].name == intent


def test_a_number_in_reply_to_a_question_is_handed_back_with_the_number(ears):
    reading = ears.read("76 12 34 56", expectation=Expectation("wants_reminder", "bool"))

    assert reading.commands == (CannotHandle("unclear"),)
    assert reading.entities["phone"] == "+22376123456"


@pytest.mark.parametrize("text", ["San", "je suis a San", "n be san na"])
def test_a_short_town_is_heard_where_a_region_is_asked(text, ears):
    reading = ears.read(text, expectation=Expectation("region", "categorical", "region"))

    assert reading.commands == (Fill("region", "san"),)


def test_a_thumb_up_is_no_consent(ears):
    reading = ears.read("👍", expectation=Expectation("consent", "bool"))

    assert reading.commands == (CannotHandle("emoji"),)


@pytest.mark.parametrize("text", ["je veux arreter un peu", "on arrete tout ici"])
def test_no_score_opts_anybody_out(text, ears):
    assert ears.read(text).outcome != "stop"


@pytest.mark.parametrize(
    ("text", "stored", "turned"),
    [
        ("n b'a fɛ ka jago baara dɔ kalan", "fr", Turned("bm", long=True)),
        ("n ka papiye tununna", "fr", Turned("bm", long=False)),
        ("n ka papiye tununna", "bm", None),
        ("i ni ce", "fr", None),
        ("je veux faire du jago à bamako", "fr", None),
        ("je voudrais apprendre la soudure à kayes", "bm", Turned("fr", long=True)),
    ],
)
def test_a_clear_sentence_in_the_other_language_is_told(text, stored, turned, ears):
    assert ears.read(text, language=stored).turned == turned
