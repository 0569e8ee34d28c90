"""What is kept of a text that was not understood: no figure, no address, no name."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.understanding.redact import redact, says_something

PIECES = "76 12 +223 ٧٦ 76123456 o - . # ² Ⅻ ７ ① @ awa Awa ye zéro sept fila ( ) /"
MORE = [" ", "\u200b", "\n", "je m'appelle", "n tɔgɔ ye"]
WRITTEN = st.text() | st.lists(st.sampled_from([*PIECES.split(), *MORE])).map("".join)


@given(WRITTEN)
@example("7\u200b6\u200b1\u200b2\u200b3\u200b4\u200b5\u200b6")
@example("７６１２３４５６ ٧٦١٢٣٤٥٦ ①②③④")
def test_no_run_of_figures_survives(text):
    redacted = redact(text)

    assert re.search(r"\d", redacted) is None
    assert not any(character.isnumeric() and character.isdigit() for character in redacted)


@given(WRITTEN)
def test_it_leaves_one_line_of_what_can_be_seen(text):
    redacted = redact(text)

    assert redacted == redacted.strip()
    assert len(redacted.splitlines()) <= 1
    assert redacted.isprintable()


@given(st.text("bcdfgjklmnpqrtvz", min_size=2, max_size=12), st.text("bcdfgjklmnpqrtvz ", max_size=30))
def test_a_name_that_is_known_never_survives(name, around):
    redacted = redact(f"{around} {name} {around}", names=[name])

    assert name not in redacted.split()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("je m'appelle awa et g perdu ma kart", "je m'appelle # g perdu ma kart"),
        ("jmapel sitan traoré je veu partir", "jmapel # je veu partir"),
        ("mon nom c'est sitan diarra, on ma rien dit", "mon nom c'est #, on ma rien dit"),
        ("moi c oumar. la chose est bizarre", "moi c # chose est bizarre"),
        ("n tɔgɔ ye Modibo Keïta ye, n ka papiyew tununna", "n tɔgɔ ye # ye, n ka papiyew tununna"),
        ("n togo sitan kante n be kayi", "n togo # n be kayi"),
        ("n jamu ye kanuté ye yan", "n jamu ye # yan"),
        ("je suis allé à Kayes avec Moussa Coulibaly", "je suis allé à # avec #"),
        ("Awa Diarra a dit la chose", "# a dit la chose"),
        ("bonjour tonton sitapha la chose", "bonjour tonton # la chose"),
        ("moussa m'a dit de passer", "# m'a dit de passer"),
    ],
)
def test_names_are_taken_out(text, left):
    assert redact(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("appelez au 76 12 34 56 svp", "appelez au # svp"),
        ("mon num +223 (76) 12-34-56 ok", "mon num # ok"),
        ("ecris a awa.t@gmail.com", "ecris a #"),
        ("va sur https://facebook.com/awa.t ou facebook.com/awa", "va sur # ou #"),
        ("soixante seize douze trente quatre vingt merci", "# merci"),
        ("wolonwula wɔɔrɔ kelen fila ka n wele", "# ka n wele"),
        ("2m1 matin", "#m# matin"),
        ("www.segin.ml c est quoi", "# c est quoi"),
        ("c'est combien.merci", "c'est combien.merci"),
    ],
)
def test_numbers_and_addresses_are_taken_out(text, left):
    assert redact(text) == left


def test_known_names_are_taken_out_also_when_they_are_misspelt():
    assert redact("sitanba et tante kanoute sont la", names=["Sitamba Kanouté"]) == "# et tante # sont la"


@pytest.mark.parametrize("text", ["Bonjour", "J'ai perdu. Je veux parler", "N ka papiyew tununna", "JE VEUX LA CHOSE"])
def test_a_text_without_any_of_it_stays_as_it_is(text):
    assert redact(text) == text


@pytest.mark.parametrize(("redacted", "says"), [("#", False), ("# ok #", False), ("", False), ("la chose #", True)])
def test_it_knows_when_nothing_is_left_to_judge(redacted, says):
    assert says_something(redacted) is says
