"""A running broadcast is watched, on its page and in the terminal, while Twilio's stand-in delivers."""

import html
import io
from dataclasses import replace
from urllib.parse import parse_qsl

import click
import pytest

from bot.adapters.pace import LocalPace
from bot.adapters.twilio import TwilioSender
from bot.adapters.twilio_words import STATUSES
from bot.commands.broadcast import _draw
from bot.core.broadcasts import Audience
from bot.core.messages import Address
from bot.core.quiet import NEVER
from bot.service import broadcasts
from bot.service.broadcasts import Seen
from bot.service.feed_broadcasts import feed_broadcasts
from bot.service.hand_out import Road
from bot.service.send_due import send_due
from bot.service.take_status import Report, take_status
from bot.twilio_settings import Twilio
from tests.broadcasts.conftest import AMINATA, scheduled
from tests.twilio_stand_in import ACCOUNT_SID, SMS_NUMBER, TOKEN, stand_in
from tests.twilio_stand_in.knocks import Answer

PEOPLE = 8


@pytest.fixture
def twilio(console_house):
    with stand_in(now=console_house.ports.clock.now).running() as found:
        found.knocker.post = lambda _url, body, _headers: reported(console_house, dict(parse_qsl(body.decode())))
        yield found


def reported(house, fields):
    report = Report("twilio", fields["MessageSid"], STATUSES[fields["MessageStatus"]])
    take_status(house.ports.store, house.ports.clock, report)
    return Answer(204)


@pytest.fixture
def running(console_house):
    """Let a broadcast to eight persons run that leaves by Twilio."""
    house, now = console_house, console_house.ports.clock.now()
    people = [Address("sms", f"+2236666{number:04}") for number in range(PEOPLE)]
    with house.ports.store.write() as tx:
        for number, to in enumerate(people):
            tx.ensure_person(f"watched{number}", to, now=now)
            tx.save_profile(f"watched{number}", {"consent": "given", "language": "fr"}, now=now)
    house.broadcasts.tag("watched", people, now=now)
    ports = replace(house.ports, carrier=lambda _to, _last: "twilio")
    desk = replace(house.broadcast_desk, quiet=NEVER, ports=ports)
    one = scheduled(desk, name="Suivie", audience=Audience(tags=("watched",)))
    feed_broadcasts(desk)
    yield one
    broadcasts.cancel(desk, Seen(AMINATA, one.id))  # the house is everybody's


def drawn(house, one):
    """Return what the terminal shows: the label and how many are done."""
    with click.progressbar(length=1, file=io.StringIO()) as bar:
        assert _draw(house, bar, house.broadcasts.get(one.id))
        return bar.label, bar.pos


def test_progress_rate_and_time_left_move_while_it_is_delivered(console_house, staff_client, twilio, running):
    seat, store = staff_client("broadcaster"), console_house.ports.store
    account = Twilio(ACCOUNT_SID, TOKEN, SMS_NUMBER, None, twilio.url)
    paces = {"sms": LocalPace(1000), "whatsapp": LocalPace(1000)}
    road = Road({"twilio": TwilioSender(account, public_url="http://127.0.0.1:1", paces=paces, timeout=5)})

    def page():
        return html.unescape(seat.get(f"/console/broadcasts/{running.id}/live").get_data(as_text=True))

    assert ("0 sur 8" in page(), "Rien n'a bougé" in page()) == (True, True)
    assert drawn(console_house, running) == ("Suivie (running, nothing moved for a minute)", 0)

    for sent, minutes in ((2, 3), (4, 1)):
        send_due(store, console_house.ports.clock, road, limit=2, bulk=True)
        assert f"{sent} sur 8" in page()
        assert f"{sent} personne(s) par minute, encore" in page()
        assert drawn(console_house, running) == (f"Suivie (running, {sent} a minute, {minutes} min left)", sent)

    twilio.report()
    assert "<b>4</b> arrivé" in page()
