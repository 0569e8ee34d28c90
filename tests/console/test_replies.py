"""Ready replies: in both languages, one SMS each, in letters that a telephone shows."""

from bot.core.sms_text import fold, size
from console.replies import canned, draft


def test_every_ready_reply_is_one_sms_in_both_languages(brain):
    replies = canned(brain.assistant)

    assert len(replies) > 10
    for one in replies:
        for text in (one.fr, one.bm):
            assert text
            assert (size(fold(text)).encoding, size(fold(text)).segments) == ("GSM-7", 1)


def test_none_names_an_organisation_or_promises(brain):
    for one in canned(brain.assistant):
        assert not draft(brain, "sms", one.fr, fcfa=25).hint or one.id == "no_money"
        assert "OIM" not in one.fr + one.bm


def test_nothing_costs_nothing(brain):
    assert draft(brain, "sms", "  \n ", fcfa=25).summary == ""


def test_a_long_reply_goes_in_several_messages_and_says_so(brain):
    counted = draft(brain, "sms", "mot " * 200, fcfa=25)

    assert counted.segments > 3
    assert counted.differs
