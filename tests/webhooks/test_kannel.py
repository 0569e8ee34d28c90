"""Kannel's webhooks: who gets in, what every character set becomes, and that nothing makes them fall."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote, quote_from_bytes, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.messages import Status
from tests.webhooks.gate import CALLS, FIELDS, MESSAGES, NOW, STATUS, Gate

ROUTES = (MESSAGES, STATUS, CALLS)


@pytest.fixture
def gate() -> Gate:
    return Gate()


def test_it_takes_a_message_and_answers_with_nothing(gate: Gate) -> None:
    answer = gate.get(MESSAGES, **FIELDS)

    (received,) = gate.received
    incoming = received.incoming
    assert (answer.status_code, answer.data) == (200, b"")  # a body would leave as an SMS where max-messages is not 0
    assert (incoming.provider, incoming.provider_id) == ("kannel", FIELDS["id"])
    assert (incoming.sender.channel, incoming.sender.reveal()) == ("sms", "+22376123456")
    assert (incoming.recipient, incoming.text, received.twin) == ("36000", FIELDS["text"], None)


def test_a_form_is_as_good_as_an_address(gate: Gate) -> None:
    assert gate.client().post(MESSAGES, data=FIELDS).status_code == 200
    assert gate.client().post(f"{MESSAGES}?secret=secret", data=FIELDS | {"secret": ""}).status_code == 200
    assert gate.texts == [FIELDS["text"]] * 2


@pytest.mark.parametrize("kind", ["text/plain", "text/plain; charset=UTF-8", "application/octet-stream"])
def test_a_body_of_plain_text_is_the_message(gate: Gate, kind: str) -> None:
    address = f"{MESSAGES}?{urlencode({name: value for name, value in FIELDS.items() if name != 'text'})}"
    for text in ("1+1 = 2 & text=3 %41", ""):
        assert gate.client().post(address, data=text.encode(), content_type=kind).status_code == 200

    assert gate.texts == ["1+1 = 2 & text=3 %41", ""]


def test_what_is_longer_than_any_sms_is_refused_in_words(gate: Gate) -> None:
    answer = gate.client().post(f"{MESSAGES}?secret=secret", data=b"a" * 300_000, content_type="text/plain")

    assert (answer.status_code, "longer than any SMS" in answer.text) == (413, True)


@pytest.mark.parametrize("number", ["22376123456", "+22376123456", "0022376123456", "76123456", " 76 12 34 56 "])
def test_a_number_is_one_however_an_operator_writes_it(gate: Gate, number: str) -> None:
    gate.get(MESSAGES, **FIELDS | {"from": number})

    assert gate.received[0].incoming.sender.reveal() == "+22376123456"


@pytest.mark.parametrize("robot", ["ORANGE", "36000", "Orange Money", "7000", "+36000", "121"])
def test_a_robot_is_neither_kept_nor_answered(gate: Gate, robot: str) -> None:
    answer = gate.get(MESSAGES, **FIELDS | {"from": robot})

    assert answer.status_code == 200
    assert gate.received == []


@pytest.mark.parametrize(
    ("octets", "charset", "coding", "text"),
    [
        ("I ni sɔgɔma ɛɲŋ".encode(), "UTF-8", "0", "I ni sɔgɔma ɛɲŋ"),  # mo-recode = true
        ("I ni sɔgɔma ɛɲŋ".encode("utf-16-be"), "UTF-16BE", "2", "I ni sɔgɔma ɛɲŋ"),  # without it
        ("oui \ud83d".encode("utf-16-be", "surrogatepass"), "UTF-16BE", "2", "oui \ufffd"),  # cut in a character
        ("oui \ud83d".encode("utf-16-be", "surrogatepass"), "", "2", "oui \ufffd"),
        ("عدت من \ud83d ليبيا".encode("utf-16-be", "surrogatepass"), "UCS-2", "2", "عدت من \ufffd ليبيا"),
        ("rentré".encode(), "UTF-16", "0", "rentré"),  # it says UTF-16, and it is not
        ("ɛɔɲŋ".encode("utf-16-be"), "", "2", "ɛɔɲŋ"),  # a gateway that names no character set
        ("rentré".encode("latin-1"), "ISO-8859-1", "0", "rentré"),
        ("rentré, 5 €".encode("cp1252"), "WINDOWS-1252", "1", "rentré, 5 €"),
        (b"rentr\x05", "GSM", "0", "rentré"),
        ("rentré".encode("latin-1"), "UTF-8", "0", "rentré"),  # it says UTF-8, and it is not
        ("rentré".encode(), "no-such-set", "0", "rentré"),
        ("rentré".encode(), "", "2", "rentré"),  # recoded, but coding was left as it came
        ("\ufeffoui".encode(), "", "", "oui"),
        (b"\xff\xfe\x81", "", "0", "ÿþ\x81"),  # nothing at all: kept, so that a person sees that something came
        (b"", "UTF-8", "0", ""),
        (b"1+1 = 2 & 3%", "UTF-8", "0", "1+1 = 2 & 3%"),
    ],
    ids=repr,  # octets are no names
)
def test_every_character_set_is_read(gate: Gate, octets: bytes, charset: str, coding: str, text: str) -> None:
    rest = urlencode(FIELDS | {"charset": charset, "coding": coding, "text": ""}).replace("text=&", "")
    gate.client().get(f"{MESSAGES}?{rest}&text={quote_from_bytes(octets)}")

    assert gate.texts == [text]


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("secret", ["", "wrong", "secre", "sécret", "secret2"])
def test_nobody_gets_in_without_the_secret(gate: Gate, route: str, secret: str) -> None:
    answer = gate.get(route, **FIELDS | {"secret": secret, "m": "row7", "status": "1"})

    assert answer.status_code == 403
    assert "SEGIN_KANNEL_SECRET" in answer.text
    assert (gate.received, gate.reports) == ([], [])


def test_the_secret_may_come_as_a_password_and_the_older_one_counts_while_it_is_replaced(gate: Gate) -> None:
    gate.secrets = ("newer", "secret")
    fields = urlencode({name: value for name, value in FIELDS.items() if name != "secret"})

    assert gate.client().get(f"{MESSAGES}?{fields}", auth=("kannel", "newer")).status_code == 200
    assert gate.get(MESSAGES, **FIELDS).status_code == 200


@pytest.mark.parametrize(("allowed", "status"), [((), 200), (("127.0.0.1/32",), 200), (("10.0.0.0/8", "::1/128"), 403)])
def test_only_listed_addresses_get_in(gate: Gate, allowed: tuple[str, ...], status: int) -> None:
    gate.allowed = allowed

    assert gate.get(MESSAGES, **FIELDS).status_code == status


@pytest.mark.parametrize("route", ROUTES)
def test_without_a_gateway_it_says_what_is_missing(gate: Gate, route: str) -> None:
    gate.secrets = ()
    answer = gate.get(route, **FIELDS)

    assert answer.status_code == 503
    assert "SEGIN_KANNEL_SEND_URL" in answer.text


@pytest.mark.parametrize("route", [MESSAGES, STATUS])
def test_away_storage_asks_for_it_again(gate: Gate, route: str) -> None:
    gate.storage_away = True
    answer = gate.get(route, **FIELDS | {"m": "row7", "status": "1"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"from": ""}, "There is no from"),
        ({"from": " "}, "There is no from"),
        ({"id": "sp ace"}, "The id is no id"),
        ({"id": "é"}, "The id is no id"),
        ({"id": "1" * 129}, "The id is no id"),
        ({f"extra{number}": "1" for number in range(60)}, "more fields than a message has"),
    ],
)
def test_what_is_no_message_is_refused_in_words(gate: Gate, changes: dict[str, str], reason: str) -> None:
    answer = gate.get(MESSAGES, **FIELDS | changes)

    assert answer.status_code == 400
    assert reason in answer.text
    assert "76123456" not in answer.text


def test_a_message_without_the_field_of_its_text_is_refused_in_words(gate: Gate) -> None:
    answer = gate.get(MESSAGES, **{name: value for name, value in FIELDS.items() if name != "text"})

    assert (answer.status_code, "text=%b" in answer.text) == (400, True)


def test_a_gateway_without_ids_is_known_by_words_and_its_own_time(gate: Gate) -> None:
    fields = FIELDS | {"id": ""}
    for changes in ({}, {}, {"text": "autre"}, {"ts": "2026-11-21 08:00:01"}, {"from": "22376123457"}):
        gate.get(MESSAGES, **fields | changes)
    ids = [one.incoming.provider_id for one in gate.received]

    assert ids[0] == ids[1]
    assert len(set(ids)) == 4
    assert all(one.twin is None for one in gate.received)


def test_without_any_time_the_same_words_are_one_message_for_a_moment(gate: Gate) -> None:
    fields = FIELDS | {"id": "", "ts": ""}
    for seconds in (0, 20, 60):
        gate.now = NOW + timedelta(seconds=seconds)
        gate.get(MESSAGES, **fields)
    first, next_, later = gate.received

    assert next_.twin == first.incoming.provider_id
    assert first.incoming.provider_id not in (later.incoming.provider_id, later.twin)


def test_a_made_id_does_not_give_the_number_away(gate: Gate) -> None:
    gate.get(MESSAGES, **FIELDS | {"id": ""})
    gate.secrets = ("other",)
    gate.get(MESSAGES, **FIELDS | {"id": "", "secret": "other"})

    assert len({one.incoming.provider_id for one in gate.received}) == 2


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("1", Status.DELIVERED),
        ("2", Status.UNDELIVERED),
        ("4", Status.SENT),
        ("8", Status.SENT),
        ("16", Status.FAILED),
    ],
)
def test_it_reports_delivery_in_our_words(gate: Gate, word: str, status: Status) -> None:
    answer = gate.get(STATUS, secret="secret", m="row7", status=word, answer="NACK/0x0b/Invalid")

    (report,) = gate.reports
    assert (answer.status_code, answer.data) == (200, b"")  # Kannel repeats a report after a 204
    assert (report.provider, report.row_id, report.status) == ("kannel", "row7", status)
    assert report.error_code == "NACK/0x0b"
    assert report.never_left == (status is Status.FAILED)


@pytest.mark.parametrize("word", ["0", "32", "delivered", "-1"])
def test_a_report_that_says_nothing_to_us_is_taken_so_that_it_is_not_repeated(gate: Gate, word: str) -> None:
    assert gate.get(STATUS, secret="secret", m="row7", status=word).status_code == 200
    assert gate.reports == []


@pytest.mark.parametrize("row", ["", "../x", "é", "a b"])
def test_a_report_about_nothing_is_refused_in_words(gate: Gate, row: str) -> None:
    answer = gate.get(STATUS, secret="secret", m=row, status="1")

    assert (answer.status_code, "m=" in answer.text) == (400, True)


def test_a_report_without_a_status_is_refused_in_words(gate: Gate) -> None:
    for fields in ({}, {"status": ""}, {"status": " "}):
        answer = gate.get(STATUS, secret="secret", m="row7", **fields)
        assert (answer.status_code, "status=%d" in answer.text) == (400, True)


ANYTHING = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@ANYTHING
@given(
    fields=st.dictionaries(
        st.sampled_from([*FIELDS, "m", "status", "answer"]) | st.text(max_size=8),
        st.binary(max_size=60)
        | st.sampled_from([b"ORANGE", b"%", b"\0", b"UTF-16BE", b"2", b"utf_7", b"idna", b"hex"]),
        max_size=12,
    ),
    route=st.sampled_from(ROUTES),
    posted=st.booleans(),
)
def test_no_fields_make_it_fall(gate: Gate, fields: dict[str, bytes], route: str, posted: bool) -> None:
    whole = {"from": b"22376123456", "text": b"oui", "id": b"1", "m": b"row7"} | fields | {"secret": b"secret"}
    line = "&".join(f"{quote(name, errors='replace')}={quote_from_bytes(value)}" for name, value in whole.items())
    kind = "application/x-www-form-urlencoded"
    answer = gate.client().post(route, data=line, content_type=kind) if posted else gate.client().get(f"{route}?{line}")

    assert answer.status_code in (200, 400)
    for text in gate.texts:
        text.encode()  # can be stored


@ANYTHING
@given(raw=st.binary(max_size=200), route=st.sampled_from(ROUTES), kind=st.sampled_from(["", "text/plain", "ü"]))
def test_no_bytes_make_it_fall(gate: Gate, raw: bytes, route: str, kind: str) -> None:
    call: dict[str, Any] = {"data": raw, "content_type": kind}

    assert gate.client().post(route, **call).status_code in (400, 403)
    assert gate.client().post(f"{route}?secret=secret&{quote_from_bytes(raw)}", **call).status_code in (200, 400)
    assert gate.client().get(f"{route}?{raw.decode('latin-1')}").status_code in (400, 403)
