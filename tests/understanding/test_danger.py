"""Danger is heard in any spelling and state, and figures of speech are left alone."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.commands import Alarm, Expectation, Start
from bot.core.messages import Choice
from bot.understanding.classifier import Table
from bot.understanding.distress import Distress
from bot.understanding.read import Understanding

MENU = (Choice("Oui", "/SetSlots(wants_reminder=true)"), Choice("Non", "/SetSlots(wants_reminder=false)"))


@pytest.mark.parametrize(
    ("text", "kind", "priority"),
    [
        ("jveu plu vivre", "suicide", "P1"),
        ("je vais me fèr du mal", "suicide", "P1"),
        ("n b'a fɛ ka n yɛrɛ faga", "suicide", "P1"),
        ("mon fils vomi du sang il respire mal", "medical", "P1"),
        ("n den man kene kosebe joli be bo a nun na", "medical", "P1"),
        ("le passeur me cherche il di kil va me tué si je paye pas", "threat", "P1"),
        ("je ne veux pas mourir ici, j'ai peur", "threat", "P1"),
        ("u b'a fɛ ka n faga", "threat", "P1"),
        ("il me tape tou les jour", "violence_home", "P1"),
        ("n cɛ bɛ n bugɔ don o don", "violence_home", "P1"),
        ("on m'a violée en libye", "sexual_violence", "P2"),
        ("libi la u ye n mine fanga la... a ka gelen ka fo", "sexual_violence", "P2"),
        ("en libye on ma enfermé 8 moi travail forcé sans payé", "trafficking", "P2"),
        ("on ma enlevé mon frere", "kidnapping", "P1"),
        ("jai 16 an je suis seul a la gare de sogoniko", "child_alone", "P1"),
        ("n den ma dumuni kɛ kabini kunun", "hunger", "P2"),
        ("au secours", "other_danger", "P1"),
    ],
)
def test_it_sounds_the_alarm(text, kind, priority, ears):
    reading = ears.read(text)

    alarm = reading.commands[0]
    assert reading.outcome == "danger"
    assert isinstance(alarm, Alarm)
    assert (alarm.kind, alarm.priority, alarm.doubt) == (kind, priority, False)


@pytest.mark.parametrize(
    "text",
    [
        "ça me tue de rire",
        "j'ai tué le temps",
        "mort de fatigue",
        "la batterie est morte",
        "j'ai faim de réussir",
        "mon père est mort l'an dernier je veux un papier",
        "je meurs de faim on mange quoi",
        "n b'a fɛ ka saga faga seli la",
        "je ne suis pas en danger merci",
        "wari joli bɛ di",
    ],
)
def test_figures_of_speech_are_no_alarm(text, ears):
    assert ears.read(text).danger is None


def test_the_words_that_triggered_it_are_kept_as_written(ears):
    danger = ears.read("mon mari me FRAPPE chaque nuit").danger

    assert danger is not None
    assert "FRAPPE" in danger.words


@pytest.mark.parametrize(
    "setting",
    [
        {"paused": True},
        {"expectation": Expectation("wants_reminder", "bool", None, MENU)},
        {"expectation": Expectation("name", "text", "name")},
        {"content": "picture"},
        {"payload": "/SetSlots(wants_reminder=true)"},
    ],
)
def test_it_is_heard_in_every_state(setting, ears):
    assert ears.read("mon mari me frappe aidez moi", **setting).outcome == "danger"


def test_signs_of_distress_without_words_are_asked_about(ears):
    alarm = ears.read("😭😭").commands[0]

    assert isinstance(alarm, Alarm)
    assert alarm.doubt


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("un monsieur de l'oim me demande 25000 pour accelerer mon dossier", "money"),
        ("lagent di si je sort avec lui il me met sur la liste", "sex"),
        ("oim baarakɛla dɔ ye wari ɲini n fɛ dosiye kosɔn", "money"),
    ],
)
def test_a_sensitive_complaint_about_staff_starts_its_own_flow(text, kind, ears):
    reading = ears.read(text)

    assert reading.outcome == "act"
    assert reading.commands == (Start("complaint", {"complaint_kind": kind}),)


@settings(max_examples=60, deadline=None)
@given(
    before=st.sampled_from(["", "bonjour ", "svp ", "i ni sogoma "]),
    after=st.sampled_from(["", " svp", " merci", " aidez moi"]),
)
def test_politeness_around_it_hides_nothing(before, after, ears):
    assert ears.read(f"{before}mon mari me frappe{after}").outcome == "danger"


@pytest.mark.parametrize("text", ["je veux mourir", "on ma violé"])
def test_suicide_and_rape_stay_an_alarm_however_calm_the_whole_and_whatever_kind_it_sounds_like(ears, text):
    calm, threat = Distress({}, -9000), Table(["suicide", "sexual_violence", "threat"], [-900, -900, 900], {})
    deaf = Understanding(replace(ears.ears, distress=calm, kinds=threat))

    assert deaf.read(text).outcome == "danger"
    assert deaf.read("il veut me tuer").danger.doubt  # anything else is asked about first
