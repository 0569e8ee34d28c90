"""Who is meant and who is left out: SQL says what the rule of the core says, and counts before anything is written."""

from datetime import timedelta

import pytest

from bot.core.broadcasts import Audience
from bot.core.messages import Address
from bot.core.outreach import never_start
from bot.ports.broadcasts import LedgerFilter
from bot.service.broadcast_desk import weigh
from bot.service.feed_broadcasts import begin
from tests.broadcasts.conftest import scheduled, wanted

EVERYBODY = (
    {},
    {"opt_out": "all"},
    {"opt_out": "check_ins"},
    {"consent": "none"},
    {"consent": "refused"},
    {"discreet": True},
    {"minor": True},
    {"minor": True, "guardian": True},
    {"unreachable": True},
    {"do_not_call": True},
    {"channel": ""},
    {"channel": "voice"},
    {"opt_out": "all", "consent": "none", "discreet": True, "unreachable": True},
)


def test_every_exclusion_is_the_rule_s_own_and_stands_in_the_row(desk, village):
    people = [village.person(**profile) for profile in EVERYBODY]
    one = scheduled(desk)

    begin(desk, one)

    rows = {row.person_id: row for row in desk.broadcasts.ledger(one.id, LedgerFilter())}
    assert {ident: rows[ident].reason for ident in people} == {
        ident: never_start(desk.ports.store.person(ident).person) or "" for ident in people
    }
    assert all((row.status == "skipped") == bool(row.reason) for row in rows.values())


def test_the_preview_is_what_is_frozen(desk, village):
    for profile in EVERYBODY:
        village.person(**profile)
    village.people(3, language="bm")
    one = scheduled(desk)

    seen = desk.broadcasts.preview(one.audience, one.channel, weigh(desk, one))
    begin(desk, one)

    frozen = desk.broadcasts.get(one.id)
    assert (seen.people, seen.segments, seen.centimes) == (
        frozen.expected_people,
        frozen.expected_segments,
        frozen.expected_centimes,
    )
    reasons = desk.broadcasts.reasons(one.id)
    assert dict(seen.excluded) == {reason: count for (_, reason), count in reasons.items()}


def test_freezing_twice_writes_nobody_down_twice(desk, village):
    village.people(5)
    one = scheduled(desk)

    begin(desk, one)
    village.person()
    begin(desk, one)

    assert sum(desk.broadcasts.counts(one.id).values()) == 5


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"kayes", "sikasso", "old", "silent"}),
        ({"regions": ("kayes",)}, {"kayes"}),
        ({"languages": ("bm",)}, {"sikasso"}),
        ({"trades": ("sewing", "masonry")}, {"kayes", "sikasso"}),
        ({"returned_from": "2026-05", "returned_until": "2026-07"}, {"kayes"}),
        ({"months_since_return_min": 12}, {"old"}),
        ({"months_since_return_max": 6}, {"kayes", "sikasso"}),
        ({"heard_within_days": 7}, {"kayes"}),
        ({"silent_for_days": 7}, {"sikasso", "old", "silent"}),
        ({"tags": ("list:march",)}, {"sikasso", "silent"}),
        ({"tags": ("list:march",), "languages": ("fr",)}, {"silent"}),
        ({"without_tags": ("list:march",)}, {"kayes", "old"}),
    ],
)
def test_audiences_are_asked_for_in_clear(desk, village, clock, asked, found):
    people = {
        "kayes": village.person(region="kayes", return_month="2026-06", trade="sewing"),
        "sikasso": village.person(region="sikasso", language="bm", return_month="2026-10", trade="masonry"),
        "old": village.person(return_month="2024-01"),
        "silent": village.person(),
    }
    village.write(people["kayes"], channel="sms")
    numbers = [desk.ports.store.person(people[name]).person.addresses[0] for name in ("sikasso", "silent")]
    desk.broadcasts.tag("list:march", [*numbers, Address("sms", "+22399999999")], now=clock.now())
    one = scheduled(desk, audience=Audience(**asked))

    begin(desk, one)

    names = {ident: name for name, ident in people.items()}
    assert {names[row.person_id] for row in desk.broadcasts.ledger(one.id, LedgerFilter())} == found


def test_tagging_says_how_many_are_known(desk, village, clock):
    ident = village.person()
    address = desk.ports.store.person(ident).person.addresses[0]

    assert desk.broadcasts.tag("x", [address, Address("sms", "+22399999999")], now=clock.now()) == 1
    assert desk.broadcasts.tag("x", [address], now=clock.now()) == 1
    assert desk.broadcasts.tags() == {"x": 1}


def test_an_sms_goes_to_the_number_of_a_whatsapp_address(desk, village):
    village.person(channel="whatsapp")
    one = scheduled(desk, channel="sms")

    begin(desk, one)
    (ready,) = desk.broadcasts.ready(desk.broadcasts.get(one.id), limit=9, now=desk.now)

    assert (ready.person.addresses[0].channel, ready.person.contact["name"]) == ("sms", "Awa 1")


def test_somebody_erased_leaves_a_row_without_a_person(desk, village, ports, clock):
    ident, _ = village.people(2)
    one = scheduled(desk)
    begin(desk, one)

    with ports.store.write() as tx:
        tx.forget(ident, receipt="r", now=clock.now() + timedelta(seconds=1))

    rows = tuple(desk.broadcasts.ledger(one.id, LedgerFilter()))
    assert [(row.person_id, row.status, row.reason) for row in rows if row.person_id is None] == [
        (None, "skipped", "erased")
    ]


def test_the_ledger_comes_in_pages_and_by_what_it_says(desk, village):
    village.people(5)
    village.people(2, consent="none")
    one = scheduled(desk)
    begin(desk, one)

    page = desk.broadcasts.recipients(one.id, LedgerFilter(statuses=("queued",)), limit=3)
    rest = desk.broadcasts.recipients(one.id, LedgerFilter(statuses=("queued",)), after=page[-1].id)

    assert (len(page), len(rest)) == (3, 2)
    assert len(desk.broadcasts.recipients(one.id, LedgerFilter(reasons=("no_consent",)))) == 2
    assert desk.broadcasts.recipients(one.id, LedgerFilter(answered=True)) == ()
    assert wanted().name == desk.broadcasts.get(one.id).name
