"""Calling from a case, and playing its voice notes: who may, what is said when it cannot be, what a browser gets."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from bot.core.cases import Case
from bot.core.messages import Address, Incoming, Media
from bot.house import House
from bot.ports.media import Fetched, Medium
from bot.service.receive_message import receive_message
from bot.web import create_app
from tests.console.conftest import Seat, make_house
from tests.console.conftest import seat as sit_down
from tests.console.letters import Sit, asks, complains, fresh
from tests.twilio_stand_in import ACCOUNT_SID, TOKEN, VOICE_NUMBER, StandIn, stand_in

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
VOICE = b"OggS" + b"v" * 100_000


@pytest.fixture
def twilio() -> Iterator[StandIn]:
    with stand_in(now=lambda: NOON).running() as running:
        yield running


@pytest.fixture
def house(tmp_path: Path, twilio: StandIn) -> Iterator[House]:
    account = {"TWILIO_ACCOUNT_SID": ACCOUNT_SID, "TWILIO_AUTH_TOKEN": TOKEN, "SEGIN_TWILIO_API_URL": twilio.url}
    house = make_house(tmp_path, **account, SEGIN_TWILIO_VOICE_FROM=VOICE_NUMBER)
    yield house
    house.database.close()


@pytest.fixture
def app(house: House) -> Flask:
    return create_app(house)


def caseworker(app: Flask, house: House, **more: Any) -> Seat:
    known = {"phone": Address("sms", fresh()), "phone_confirmed_at": NOON}
    return sit_down(app, house, "caseworker", **{**known, **more})


def any_time(house: House, case: Case, **items: bool) -> None:
    """Let the person be called at whatever hour this test runs: a P1 case with a reason may."""
    with house.database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE case_ SET priority = 'P1' WHERE id = '{case.id}'")  # noqa: S608
    with house.ports.store.write() as tx:
        tx.save_profile(case.person_id, items, now=NOON)


def voice_note(house: House, number: str, text: str = "") -> Medium:
    """Let a voice note come and be fetched."""
    one = Incoming("twilio", f"MM{number[1:]:0>32}", Address("sms", number), "+1", text, house.ports.clock.now())
    one = replace(one, content="voice_note", media=(Media("https://api.twilio.com/x", "audio/ogg"),))
    receive_message(house.brain, house.ports, one)
    known = house.ports.store.look_up(one.sender, provider="twilio", provider_id="", now=NOON)
    (medium,) = house.media.of_person(known.person.id if known.person else "")
    house.media.keep(medium.id, Fetched("audio/ogg", VOICE))
    return medium


def test_the_caseworker_s_own_telephone_rings(app: Flask, house: House, twilio: StandIn) -> None:
    _, case = asks(house)
    any_time(house, case)
    seat = caseworker(app, house)
    shown = seat.get(f"/console/cases/{case.reference}").text
    answer = seat.post_form(f"/console/cases/{case.reference}/call", {"override": "elle est en danger"})

    assert "Appeler la personne" in shown
    assert (answer.status_code, answer.location) == (303, f"/console/cases/{case.reference}")
    assert [call.to for call in twilio.switchboard.calls] == [seat.account.phone.reveal() if seat.account.phone else ""]
    assert "appel demandé elle est en danger" in seat.get(f"/console/cases/{case.reference}").text


def test_what_cannot_be_is_said_and_the_reason_that_was_typed_stays(app: Flask, house: House, twilio: StandIn) -> None:
    _, case = asks(house)
    any_time(house, case)
    seat = caseworker(app, house, phone_confirmed_at=None)
    answer = seat.post_form(f"/console/cases/{case.reference}/call", {"override": "elle attend <devant>"})

    assert answer.status_code == 422
    assert "pas confirmé" in answer.text
    assert "elle attend &lt;devant&gt;" in answer.text
    assert twilio.switchboard.calls == []


def test_whoever_does_not_want_calls_has_no_button_and_gets_none(app: Flask, house: House, twilio: StandIn) -> None:
    _, case = asks(house)
    any_time(house, case, do_not_call=True)
    seat = caseworker(app, house)

    assert "Appeler la personne" not in seat.get(f"/console/cases/{case.reference}").text
    assert seat.post_form(f"/console/cases/{case.reference}/call", {"override": "x"}).status_code == 422
    assert twilio.switchboard.calls == []


def test_without_a_line_there_is_no_button(console_house: House, staff_client: Sit) -> None:
    _, case = asks(console_house)

    assert "Appeler la personne" not in staff_client("caseworker").get(f"/console/cases/{case.reference}").text


def test_a_voice_note_is_played_in_its_case_and_the_trail_keeps_who_heard_it(app: Flask, house: House) -> None:
    number = fresh()
    _, case = asks(house, number=number)
    medium = voice_note(house, number)
    seat = caseworker(app, house)
    path = f"/console/cases/{case.reference}/media/{medium.id}"
    shown, played = seat.get(f"/console/cases/{case.reference}").text, seat.get(path)

    assert f'src="{path}"' in shown
    assert played.data == VOICE
    assert played.headers["Content-Type"] == "audio/ogg"
    assert played.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in played.headers["Content-Security-Policy"]
    assert played.headers["Cache-Control"] == "no-store"
    assert number[1:] not in played.headers["Content-Disposition"]
    with house.database.reading() as connection:
        heard = connection.exec_driver_sql("SELECT actor, object_id, detail FROM audit WHERE action = 'media.play'")
        assert [tuple(row) for row in heard] == [(seat.account.id, case.id, medium.id)]


def test_a_voice_note_is_not_played_in_another_person_s_case(app: Flask, house: House) -> None:
    medium = voice_note(house, fresh())
    _, case = asks(house)

    assert caseworker(app, house).get(f"/console/cases/{case.reference}/media/{medium.id}").status_code == 404


def test_a_complaint_s_voice_note_is_for_the_focal_point_alone(app: Flask, house: House) -> None:
    number = fresh()
    _, case = asks(house, number=number)
    _, complaint = complains(house, number)
    medium = voice_note(house, number)
    seats = {role: sit_down(app, house, role) for role in ("caseworker", "focal_point")}
    statuses = {
        (role, one.reference): seat.get(f"/console/cases/{one.reference}/media/{medium.id}").status_code
        for role, seat in seats.items()
        for one in (complaint, case)
    }

    assert statuses["caseworker", complaint.reference] == 404
    assert statuses["caseworker", case.reference] == 404
    assert statuses["focal_point", complaint.reference] == 200


def test_a_partner_calls_nobody(app: Flask, house: House) -> None:
    _, case = asks(house)

    assert (
        sit_down(app, house, "partner", partner="x").post_form(f"/console/cases/{case.reference}/call").status_code
        == 403
    )
