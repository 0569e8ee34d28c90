"""WhatsApp's window: text inside, a template outside, and the text once somebody has answered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core import limits
from bot.core.messages import Status
from bot.ports import SendResult
from bot.ports.broadcasts import LedgerFilter
from bot.service.feed_broadcasts import feed_broadcasts
from bot.service.hand_out import Road
from bot.service.send_broadcasts import send_broadcasts
from bot.service.send_due import send_due
from tests.broadcasts.conftest import TEMPLATE, says, scheduled


@pytest.fixture
def road(post):
    return Road({"twilio": post}, template=TEMPLATE)


def test_whoever_wrote_within_a_day_gets_the_text_itself(opening, village, post, road):
    ident = village.person(channel="whatsapp")
    village.write(ident)
    scheduled(opening)

    send_broadcasts(opening, road)

    assert [(row.template, row.text[:7]) for row in post.taken] == [(None, "Bonjour")]


@pytest.mark.parametrize("answer", ["Lire", "oui", "I ni ce"])
def test_whoever_was_silent_gets_a_template_and_the_text_with_their_answer(opening, village, post, road, answer):
    ident = village.person(channel="whatsapp", language="bm")
    scheduled(opening)
    send_broadcasts(opening, road)
    assert [row.template for row in post.taken] == [TEMPLATE]
    opening.ports.clock.at += timedelta(minutes=5)

    taken = says(opening, ident, answer, payload="segin:open" if answer == "Lire" else None)
    send_due(opening.ports.store, opening.ports.clock, road)

    assert taken.rows == ()
    assert [(row.template, row.text) for row in post.taken[1:]] == [(None, "I ni ce Awa 1, ɲɔgɔnye ntɛnɛ 9.")]
    says(opening, ident, answer)
    send_due(opening.ports.store, opening.ports.clock, road)
    assert len(post.taken) == 2


def test_a_request_is_answered_and_the_text_follows(opening, village, post, road):
    ident = village.person(channel="whatsapp")
    scheduled(opening)
    send_broadcasts(opening, road)

    taken = says(opening, ident, "j'ai perdu ma carte")
    send_due(opening.ports.store, opening.ports.clock, road)

    assert taken.rows
    assert post.taken[-1].text.startswith("Bonjour Awa 1")


def test_danger_comes_first_and_a_stop_lets_nothing_follow(opening, village, post, road):
    in_danger, tired = village.people(2, channel="whatsapp")
    scheduled(opening)
    send_broadcasts(opening, road)

    danger = says(opening, in_danger, "au secours on veut me tuer")
    says(opening, tired, "stop")
    send_due(opening.ports.store, opening.ports.clock, road)

    assert danger.rows
    assert opening.ports.store.person(in_danger).open_cases
    assert not [row for row in post.taken[2:] if row.text.startswith("Bonjour Awa")]


BEHIND_A_TEMPLATE = pytest.mark.parametrize("content", [{}, {"kind": "check_in", "flow": "check_in"}])


def arrived(post, *, content):
    """Return who got what waited behind the template."""
    words = "Comment ça va" if content else "Bonjour Awa"
    return [row.person_id for row in post.taken if row.template is None and words in row.text]


@BEHIND_A_TEMPLATE
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("quelqu'un d'autre lit ce telephone", "discreet"),
        ("non", "refused"),
        ("je refuse", "refused"),
        ("mauvais numéro", "refused"),
        ("stop", "opted_out"),
    ],
)
def test_a_no_to_the_template_holds_the_text_back_for_good(opening, village, post, road, *, content, answer, reason):
    ident = village.person(channel="whatsapp")
    one = scheduled(opening, **content)
    send_broadcasts(opening, road)

    taken = says(opening, ident, answer)
    send_due(opening.ports.store, opening.ports.clock, road)
    opening.ports.clock.at += timedelta(minutes=5)
    says(opening, ident, "bonjour")
    send_due(opening.ports.store, opening.ports.clock, road)

    assert taken.rows
    assert not [row for row in taken.rows if "Comment ça va" in row.text]
    assert arrived(post, content=content) == []
    (row,) = opening.broadcasts.ledger(one.id, LedgerFilter())
    assert (row.status, row.reason) == ("skipped", reason)


def test_what_waits_behind_the_template_is_held_back_with_it(opening, village, post, road):
    ident = village.person(channel="whatsapp")
    first, second = scheduled(opening), scheduled(opening)
    send_broadcasts(opening, road)
    opening.ports.clock.at += limits.WHATSAPP_PAIR
    send_broadcasts(opening, road)
    assert len(post.taken) == 1

    says(opening, ident, "non")
    opening.ports.clock.at += timedelta(days=2)
    send_broadcasts(opening, road)

    assert len(post.taken) == 1
    for one in (first, second):
        assert opening.broadcasts.reasons(one.id) == {("skipped", "refused"): 1}


def test_a_doubt_is_asked_about_and_the_text_waits_for_what_was_meant(opening, village, post, road):
    stays, leaves = village.people(2, channel="whatsapp")
    scheduled(opening)
    send_broadcasts(opening, road)

    for ident in (stays, leaves):
        taken = says(opening, ident, "n'écrivez plus")
        assert "1 arrêter les messages" in taken.rows[0].text
    send_due(opening.ports.store, opening.ports.clock, road)
    assert arrived(post, content={}) == []
    says(opening, leaves, "1")
    says(opening, stays, "oui")
    send_due(opening.ports.store, opening.ports.clock, road)

    assert arrived(post, content={}) == [stays]
    assert opening.ports.store.person(leaves).person.opt_out != "none"


@BEHIND_A_TEMPLATE
def test_what_nobody_understands_is_answered_and_the_text_follows(opening, village, post, road, *, content):
    ident = village.person(channel="whatsapp")
    scheduled(opening, **content)
    send_broadcasts(opening, road)

    taken = says(opening, ident, "blabla xyz")
    send_due(opening.ports.store, opening.ports.clock, road)

    assert taken.rows
    assert not [row for row in taken.rows if "Comment ça va" in row.text]
    assert arrived(post, content=content) == [ident]


def test_the_question_that_follows_is_answered_by_its_digits(opening, village, post, road):
    ident = village.person(channel="whatsapp")
    one = scheduled(opening, kind="check_in", flow="check_in")
    send_broadcasts(opening, road)
    says(opening, ident, "blabla xyz")

    taken = says(opening, ident, "2")

    assert "Avez-vous" in taken.rows[0].text or "tout va" in taken.rows[0].text.lower()
    assert opening.broadcasts.answered(one.id) == 1


@pytest.mark.parametrize("words", ["Lire", "lire le message", "1", "👍", "voir"])
def test_what_says_that_they_want_it_lets_it_go_without_another_word(opening, village, post, road, words):
    ident = village.person(channel="whatsapp")
    scheduled(opening)
    send_broadcasts(opening, road)

    taken = says(opening, ident, words)
    send_due(opening.ports.store, opening.ports.clock, road)

    assert taken.rows == ()
    assert arrived(post, content={}) == [ident]


def test_what_a_caseworker_writes_opens_the_window_as_well(opening, village, post, road):
    ident = village.person(channel="whatsapp")
    scheduled(opening)
    send_broadcasts(opening, road)
    row = opening.ports.store.outgoing(post.taken[0].id)
    words = replace(
        row, id="words", kind="caseworker", text="Passez demain.", broadcast_id=None, template=None, provider_id=None
    )
    with opening.ports.store.write() as tx:
        tx.add_outgoing([replace(words, status=Status.QUEUED, lease_until=None)])
    send_due(opening.ports.store, opening.ports.clock, road)
    assert len(post.taken) == 1  # one template is enough: the words wait behind it

    opening.ports.clock.at += timedelta(minutes=1)
    says(opening, ident, "oui")
    send_due(opening.ports.store, opening.ports.clock, road)

    assert [one.text for one in post.taken[1:]] == [
        "Passez demain.",
        "Bonjour Awa 1, réunion lundi à 9 h. Écrivez OUI.",
    ]


def test_nobody_gets_a_text_three_days_late(opening, village, post, road):
    village.person(channel="whatsapp")
    scheduled(opening)
    send_broadcasts(opening, road)
    row = opening.ports.store.outgoing(post.taken[0].id)
    with opening.ports.store.write() as tx:
        late = replace(row, id="late", kind="reminder", template=None, broadcast_id=None, provider_id=None)
        tx.add_outgoing([replace(late, status=Status.QUEUED, lease_until=None)])
    send_due(opening.ports.store, opening.ports.clock, road)

    opening.ports.clock.at += limits.TEMPLATE_WAITS + timedelta(hours=1)
    send_due(opening.ports.store, opening.ports.clock, road)

    assert opening.ports.store.outgoing("late").status is Status.SKIPPED
    assert len(post.taken) == 1


def test_no_more_new_people_a_day_than_whatsapp_allows(opening, village, post, road):
    village.people(5, channel="whatsapp")
    known = village.person(channel="whatsapp")
    village.write(known)
    limited = replace(opening, new_people_a_day=2)
    one = scheduled(limited)

    send_broadcasts(limited, road)

    assert sum(row.template is not None for row in post.taken) == 2
    assert known in post.times()
    reasons = [row.reason for row in limited.broadcasts.ledger(one.id, LedgerFilter(statuses=("queued",)))]
    assert reasons == ["daily_tier"] * 3
    opening.ports.clock.at += timedelta(hours=25)
    send_broadcasts(limited, road)
    assert sum(row.template is not None for row in post.taken) == 4


def test_what_is_queued_already_counts_as_new_people_though_only_sending_names_the_usual_template(
    opening, village, post, road
):
    village.people(6, channel="whatsapp")
    limited = replace(opening, new_people_a_day=2)
    scheduled(limited)
    feed_broadcasts(limited)
    scheduled(limited)
    feed_broadcasts(limited)

    send_broadcasts(limited, road)

    assert len(post.times()) == 2


def test_without_a_template_nobody_is_written_to_in_vain(desk, village, post, road):
    village.person(channel="whatsapp")
    one = scheduled(desk)

    send_broadcasts(desk, road)

    assert (post.taken, desk.broadcasts.reasons(one.id)) == ([], {("skipped", "no_template"): 1})


def test_six_seconds_lie_between_two_messages_to_one_person(opening, village, post, road):
    ident = village.person(channel="whatsapp")
    village.write(ident)
    for _ in range(2):
        scheduled(opening)

    send_broadcasts(opening, road)
    assert len(post.taken) == 1
    opening.ports.clock.at += limits.WHATSAPP_PAIR
    send_broadcasts(opening, road)

    assert len(post.taken) == 2


def test_the_provider_s_own_refusal_for_the_window_is_no_reason_to_try_again(opening, village, post, road):
    ident = village.person(channel="whatsapp")
    village.write(ident)
    post.answers = [SendResult(Status.FAILED, error_code="63016", verdict="permanent")]
    one = scheduled(opening)

    send_broadcasts(opening, road)
    send_broadcasts(opening, road)

    assert opening.broadcasts.reasons(one.id) == {("failed", "63016"): 1}


def test_whoever_writes_within_a_week_has_answered(opening, village, post, road):
    answers, keeps_silent = village.people(2, channel="whatsapp")
    one = scheduled(opening)
    send_broadcasts(opening, road)

    says(opening, answers, "bonjour")

    assert opening.broadcasts.answered(one.id) == 1
    (row,) = opening.broadcasts.recipients(one.id, LedgerFilter(answered=False))
    assert row.person_id == keeps_silent
