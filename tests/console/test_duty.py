"""The rota in the console: seen by the team, filled by supervisors, paused by everybody for themselves."""

import re
from datetime import timedelta

import pytest

from bot.core.hours import BAMAKO
from bot.core.messages import Address
from tests.console.conftest import make_account


def text(answer):
    return answer.get_data(as_text=True)


@pytest.fixture
def supervisor(staff_client):
    return staff_client("supervisor")


@pytest.fixture
def oumou(console_house):
    ident = console_house.ports.ids.new()
    number = f"+2237{int(ident[:7], 16) % 10_000_000:07d}"
    return make_account(console_house, "caseworker", name=f"Oumou {ident[:6]}", phone=Address("sms", number))


def times(house, hours=8, after=0):
    starts = (house.ports.clock.now() + timedelta(hours=after)).astimezone(BAMAKO)
    return {"starts": f"{starts:%Y-%m-%dT%H:%M}", "ends": f"{starts + timedelta(hours=hours):%Y-%m-%dT%H:%M}"}


def asked(house, account, **more):
    return {"staff_id": account.id, "role": "main", "channel": "sms", "weeks": "1", **times(house), **more}


def test_a_shift_is_added_seen_by_everybody_and_removed(supervisor, staff_client, console_house, oumou):
    added = supervisor.post_form("/console/duty/add", asked(console_house, oumou))
    page = text(staff_client("caseworker").get("/console/duty"))

    assert added.status_code == 303
    assert oumou.name in page
    assert "Ajouter une garde" not in page
    ident = console_house.ports.store.duty.roster(now=console_house.ports.clock.now())
    assert [one.role for one in ident if one.staff.id == oumou.id] == ["main"]
    (drop,) = {
        found
        for found in re.findall(r"/console/duty/(\w+)/drop", text(supervisor.get("/console/duty")))
        if console_house.ports.store.duty.shift(found).staff_id == oumou.id
    }
    assert supervisor.post_form(f"/console/duty/{drop}/drop").status_code == 303
    assert supervisor.post_form(f"/console/duty/{drop}/drop").status_code == 404


def test_a_shift_can_be_repeated_for_weeks(supervisor, console_house, oumou):
    supervisor.post_form("/console/duty/add", asked(console_house, oumou, weeks="3", **times(console_house, after=48)))
    now = console_house.ports.clock.now()
    shifts = console_house.ports.store.duty.shifts(since=now, until=now + timedelta(days=30))

    assert len([shift for shift in shifts if shift.staff_id == oumou.id]) == 3


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"staff_id": ""}, "Choisissez une personne"),
        ({"starts": "demain"}, "Écrivez le jour et l&#39;heure"),
        ({"ends": "2020-01-01T08:00"}, "La fin vient après le début"),
        ({"starts": "2020-01-01T08:00", "ends": "2020-01-01T18:00"}, "déjà passée"),
        ({"weeks": "99"}, "De 1 à 12"),
        ({"role": "king"}, "Choisissez le rôle"),
        ({"channel": "email"}, "pas d&#39;adresse de courriel"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(supervisor, console_house, oumou, wrong, sentence):
    fields = asked(console_house, oumou) | wrong
    answer = supervisor.post_form("/console/duty/add", fields)

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert fields["starts"] in text(answer)


def test_nobody_is_on_duty_twice_at_once(supervisor, console_house, oumou):
    supervisor.post_form("/console/duty/add", asked(console_house, oumou))

    assert "déjà une garde" in text(supervisor.post_form("/console/duty/add", asked(console_house, oumou)))


def test_a_pause_is_one_s_own(staff_client, console_house):
    seat = staff_client("caseworker")
    seat.post_form("/console/duty/pause", {"on": "1"})
    now = console_house.ports.clock.now()
    assert console_house.ports.store.duty.paused_until(seat.account.id, now=now)
    assert "Vous êtes en pause" in text(seat.get("/console/duty"))
    seat.post_form("/console/duty/pause", {"on": "0"})

    assert console_house.ports.store.duty.paused_until(seat.account.id, now=now) is None


def test_a_caseworker_does_not_fill_the_rota(staff_client, console_house, oumou):
    assert staff_client("caseworker").post_form("/console/duty/add", asked(console_house, oumou)).status_code == 403
    assert staff_client("partner", partner="x").get("/console/duty").status_code == 403
