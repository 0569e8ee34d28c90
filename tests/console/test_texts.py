"""A native reader signs sentences in the browser; what is signed is said, and goes back into the file."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from babel.messages.pofile import read_po

from bot.bootstrap import ROOT
from bot.channels import printed
from bot.core.catalogues import read_catalogue
from bot.core.text_reviews import BadReview, as_po, current, review, with_reviews, within_budget

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
URGENT = "utter_emergency_suicide"


@pytest.fixture
def shipped(console_house):
    return console_house.fresh.shipped.assistant


def made(shipped, msgid, text, verdict="signed", **more):
    return review(shipped, msgid, text, verdict, by="Relectrice", at=NOW, **more)


def test_what_is_signed_is_said_and_counts_as_signed(shipped):
    said = with_reviews(shipped, [made(shipped, "button.yes", "Ɔwɔ")])

    assert said.texts["bm"]["button.yes"] == "Ɔwɔ"
    assert said.is_signed("button.yes")
    assert not shipped.is_signed("button.yes")


def test_the_newest_word_counts_and_one_sent_back_is_unsigned_again(shipped):
    signed = made(shipped, "button.yes", "Awɔ")
    sent_back = made(shipped, "button.yes", "Ɔwɔ", "change", remark="On dit autrement à Kayes")

    said = with_reviews(shipped, [signed, sent_back])

    assert not said.is_signed("button.yes")
    assert said.texts["bm"]["button.yes"] == shipped.texts["bm"]["button.yes"]


def test_a_signature_holds_only_for_the_sentences_that_were_read(shipped):
    old = made(shipped, "button.yes", "Awɔ")

    assert current(shipped, [old])
    assert not current(shipped, [type(old)(**{**{f: getattr(old, f) for f in old.__slots__}, "of": "0" * 64})])


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "vide"), ("Awɔ {name}", "accolades"), ("Awɔ 漢", "porter")],
)
def test_a_sentence_that_cannot_be_sent_is_not_signed(shipped, text, reason):
    with pytest.raises(BadReview, match=reason):
        made(shipped, "button.yes", text)


def test_a_sentence_that_costs_a_second_sms_is_not_signed(shipped):
    long = made(shipped, URGENT, shipped.texts["bm"][URGENT] + " a" * 80)

    with pytest.raises(BadReview, match="SMS"):
        within_budget(shipped, long, words=printed.text, today=NOW.date())


def test_the_file_changes_only_where_something_was_said(shipped):
    po = (ROOT / "locales/bm/LC_MESSAGES/flows.po").read_text(encoding="utf-8")
    reviews = {
        "button.yes": made(shipped, "button.yes", 'Awɔ "dɛ"'),
        "button.no": made(shipped, "button.no", "Ayi", "change", remark="trop sec"),
    }

    written = as_po(po, reviews)

    read = read_po(io.StringIO(written), locale="bm")
    assert read["button.yes"].string == 'Awɔ "dɛ"'
    signed = read_catalogue("bm", {"flows.po": written}, []).signed
    assert "button.yes" in signed
    assert "button.no" not in signed
    changed = [line for line in written.split("\n") if line not in set(po.split("\n"))]
    assert len(changed) == 4  # two states, one sentence, one remark


def test_reading_in_the_browser_from_the_list_to_the_file(console_house, staff_client):
    desk = staff_client("reviewer")
    assert URGENT in desk.get("/console/texts").text  # those in danger first

    page = desk.get(f"/console/texts/{URGENT}")
    assert page.status_code == 200

    shipped = console_house.fresh.shipped.assistant
    text = shipped.texts["bm"][URGENT]
    answer = desk.post_form(f"/console/texts/{URGENT}", {"text": text, "signed": "1"})

    assert answer.status_code == 303
    assert "/console/texts/" in answer.location  # on to the next sentence
    assert f"review: {desk.account.name}" in desk.get("/console/texts.po").text
    console_house.fresh.clock.now()
    assert console_house.fresh.reviews.newest() > 0
    later = type(console_house.fresh)(
        shipped=console_house.fresh.shipped,
        edits=console_house.fresh.edits,
        reviews=console_house.fresh.reviews,
        clock=console_house.fresh.clock,
        demo=False,
    )
    assert later.now().assistant.is_signed(URGENT)


def test_a_refused_sentence_comes_back_with_what_was_typed(staff_client):
    answer = staff_client("reviewer").post_form("/console/texts/button.yes", {"text": "Awɔ {name}", "signed": "1"})

    assert answer.status_code == 422
    assert "Awɔ {name}" in answer.text
    assert 'role="alert"' in answer.text


def test_sending_back_needs_a_word(staff_client):
    answer = staff_client("reviewer").post_form("/console/texts/button.yes", {"text": "Awɔ", "change": "1"})

    assert answer.status_code == 422


def test_there_is_no_page_for_a_sentence_that_is_none(staff_client):
    assert staff_client("reviewer").get("/console/texts/nothing").status_code == 404


def test_times_are_kept_with_their_zone(console_house, shipped):
    kept = console_house.fresh.reviews
    kept.add(made(shipped, "button.no", "Ayi"), staff_id="test")

    assert kept.all()[-1].at - NOW == timedelta(0)
