"""The one place that picks implementations: from settings to everything a process works with."""

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.adapters import smsgate
from bot.adapters.actions import InProcess, known, package_actions
from bot.adapters.clock import SystemClock
from bot.adapters.crypto import Vault, WrongKey
from bot.adapters.files import load_assistant
from bot.adapters.holidays import load_holidays, load_shipped
from bot.adapters.ids import RandomIds
from bot.adapters.kannel import KannelSender
from bot.adapters.keys import BadKeys, Keys, load_or_create
from bot.adapters.mail import SmtpSender
from bot.adapters.pace import LocalPace, Pace, SharedPace
from bot.adapters.queue import CeleryWake, SilentWake, make_celery
from bot.adapters.redis_server import make_private, socket_url
from bot.adapters.senders import Senders, SimulatedPhones
from bot.adapters.smsgate import SmsGateSender
from bot.adapters.sql.audit import SqlTrail
from bot.adapters.sql.calendar_edits import SqlCalendarEdits
from bot.adapters.sql.engine import Database
from bot.adapters.sql.fact_edits import SqlFactEdits
from bot.adapters.sql.store import SqlStore
from bot.adapters.sql.text_reviews import SqlTextReviews
from bot.adapters.sql.unmatched import SqlUnmatched
from bot.adapters.twilio import TwilioSender, paces_of
from bot.adapters.understanding_files import load_understanding
from bot.adapters.watch import Watch
from bot.channels import sms, whatsapp
from bot.config import ConfigError, Settings, read_settings
from bot.core.calendar import BadFeast, Calendar
from bot.core.facts import unchecked_emergency
from bot.core.messages import Outgoing, Wire
from bot.core.quiet import BadQuiet
from bot.core.ways import choose
from bot.house import EVERY, House, make_entrance
from bot.ports import Sender, StorageAway, Wake
from bot.service.brain import Brain
from bot.service.come_in import Entrance
from bot.service.demo_staff import seed_staff
from bot.service.fresh_brain import FreshBrain
from bot.service.fresh_calendar import FreshCalendar
from bot.service.ports import Ports
from bot.service.watch_providers import Watched

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[1]  # flows/ and locales/ lie there
SPOKEN = ("SEGIN_MODE", "SEGIN_ANSWER_HOURS", "SEGIN_SMS_PRICE", "SEGIN_ALERT_TO")  # settings that a talk shows
DEMO_PARTNER = "apej"  # whose cases a demonstration's partner account sees
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound to


def build(settings: Settings, queue_url: str) -> House:
    """Make everything for a serving or working process. Raises ConfigError with what an operator has to do."""
    for doubt in settings.doubts:
        log.warning(doubt)
    celery = make_celery(queue_url, EVERY)
    database = Database(settings.database_url)
    senders = make_senders(settings, queue_url)
    watch = Watch(settings.ways, senders)
    vault = Vault(_keys(settings))
    return House(
        settings=settings,
        fresh=fresh(settings, database),
        database=database,
        vault=vault,
        ports=_ports(database, vault, CeleryWake(celery), watch),
        senders=senders,
        watch=watch,
        watched=Watched(),
        celery=celery,
        queue_url=queue_url,
        calendar=calendar(database, is_kept=settings.quiet_hours),
    )


def calendar(database: Database, *, is_kept: bool) -> FreshCalendar:
    """Return the calendar that takes up what staff change. Raises ConfigError when its files cannot be read."""
    try:
        return FreshCalendar(load_shipped(ROOT), SqlCalendarEdits(database), SystemClock(), is_kept)
    except (BadFeast, BadQuiet) as error:
        raise ConfigError(str(error)) from error


def open_ports(settings: Settings, database: Database, wake: Wake) -> Ports:
    """Return what the use cases work with. Raises ConfigError when the keys are unusable."""
    return _ports(database, Vault(_keys(settings)), wake, Watch(settings.ways, {}))


def _ports(database: Database, vault: Vault, wake: Wake, watch: Watch) -> Ports:
    return Ports(
        store=SqlStore(database, vault),
        clock=SystemClock(),
        ids=RandomIds(),
        wake=wake,
        carrier=lambda to, last: choose(watch.known(), to=to, last=last),
    )


def _keys(settings: Settings) -> Keys:
    try:
        return load_or_create(settings.data_dir, settings.secret_keys, settings.index_key)
    except BadKeys as error:
        raise ConfigError(str(error)) from error


def make_senders(settings: Settings, queue_url: str | None = None) -> Senders:
    """Return the ways out that are configured; with a queue their pace is kept over all processes."""
    senders: list[Sender] = []
    if settings.twilio:
        paces = paces_of(settings.twilio, lambda name, a_second: pace_of(name, a_second, queue_url))
        senders.append(TwilioSender(settings.twilio, public_url=settings.public_url, paces=paces))
    if settings.kannel:
        pace = pace_of("kannel", settings.kannel.a_second, queue_url)
        senders.append(KannelSender(settings.kannel, public_url=settings.public_url, pace=pace))
    if settings.smsgate:
        pace = pace_of("smsgate", smsgate.A_SECOND, queue_url)
        senders.append(SmsGateSender(settings.smsgate, now=SystemClock().now, pace=pace))
    if settings.smtp:
        senders.append(SmtpSender(settings.smtp))
    if settings.demo:
        senders.append(SimulatedPhones())
    return Senders({sender.name: sender for sender in senders})


def pace_of(name: str, a_second: float, queue_url: str | None) -> Pace:
    """Return the pace of a sender, kept by every process that asks for this name."""
    return LocalPace(a_second) if queue_url is None else SharedPace(name, a_second, queue_url)


def think(settings: Settings) -> Brain:
    """Load the assistant, its ears and its actions. Raises ConfigError with every fault of the files."""
    actions = package_actions()
    names, validated = known(actions)
    assistant = load_assistant(ROOT, actions=names, validates=validated)
    return Brain(
        assistant=assistant,
        understanding=load_understanding(ROOT, cache=ROOT / "build"),
        act=InProcess(actions),
        render={"sms": _as_sms, "whatsapp": _as_whatsapp, "voice": _as_sms},
        hours=settings.answer_hours,
        deadlines=settings.deadlines.on(work_calendar(settings)),
        sms_price=settings.sms_price,
        alert_to=settings.alert_to,
        numbers_checked=settings.demo or not unchecked_emergency(assistant.facts),
        unread_bambara_allowed=settings.demo,
    )


def work_calendar(settings: Settings) -> Calendar:
    """Return opening hours with Mali's holidays. Raises ConfigError when the file of feasts cannot be read."""
    try:
        return Calendar(settings.answer_hours, load_holidays(ROOT))
    except BadFeast as error:
        raise ConfigError(str(error)) from error


def fresh(settings: Settings, database: Database) -> FreshBrain:
    """Return the brain that takes up what staff change about facts and sentences. Raises ConfigError like `think`."""
    return FreshBrain(
        think(settings), SqlFactEdits(database), SqlTextReviews(database), SystemClock(), demo=settings.demo
    )


def _as_sms(outgoings: Sequence[Outgoing]) -> tuple[tuple[Outgoing, Wire], ...]:
    return tuple((outgoing, wire) for outgoing in sms.merge(outgoings) for wire in sms.render(outgoing))


def _as_whatsapp(outgoings: Sequence[Outgoing]) -> tuple[tuple[Outgoing, Wire], ...]:
    return tuple((outgoing, wire) for outgoing in whatsapp.merge(outgoings) for wire in whatsapp.render(outgoing))


def installed() -> tuple[Brain, Ports]:
    """Return what a command in the terminal works with, on this installation's data."""
    settings = read_settings(os.environ)
    prepare_data(settings)
    wake = CeleryWake(make_celery(settings.redis_url or socket_url(settings.data_dir), EVERY))
    database = Database(settings.database_url)
    return fresh(settings, database).now(), open_ports(settings, database, wake)


@contextmanager
def at_home() -> Iterator[House]:
    """Open everything of this installation for a command in the terminal."""
    settings = read_settings(os.environ)
    prepare_data(settings)
    house = build(settings, settings.redis_url or socket_url(settings.data_dir))
    try:
        yield house
    finally:
        house.database.close()


@contextmanager
def fact_edits() -> Iterator[SqlFactEdits]:
    """Open what staff changed about facts on this installation."""
    settings = read_settings(os.environ)
    prepare_data(settings)
    database = Database(settings.database_url)
    try:
        yield SqlFactEdits(database)
    finally:
        database.close()


@contextmanager
def unmatched_texts() -> Iterator[SqlUnmatched]:
    """Open what was not understood on this installation."""
    settings = read_settings(os.environ)
    prepare_data(settings)
    database = Database(settings.database_url)
    try:
        yield SqlUnmatched(database, Vault(_keys(settings)))
    finally:
        database.close()


@contextmanager
def front_door() -> Iterator[tuple[Entrance, SqlTrail, Ports]]:
    """Open the accounts of staff and the audit trail of this installation, and what their cases lie in."""
    settings = read_settings(os.environ)
    prepare_data(settings)
    database = Database(settings.database_url)
    vault = Vault(_keys(settings))
    try:
        ports = open_ports(settings, database, SilentWake())
        yield make_entrance(database, vault, demo=settings.demo), SqlTrail(database, vault), ports
    finally:
        database.close()


def talking(data_dir: Path) -> tuple[Brain, Ports]:
    """Return what a conversation in the terminal works with, on data of its own."""
    here = {name: os.environ[name] for name in SPOKEN if name in os.environ}
    settings = read_settings({**here, "SEGIN_DATA_DIR": str(data_dir)})
    prepare_data(settings)
    database = Database(settings.database_url)
    return fresh(settings, database).now(), open_ports(settings, database, SilentWake())


def prepare_data(settings: Settings) -> int:
    """Make the data folder, bring the database to this version's schema, see whether the keys fit; returns 0."""
    from bot.adapters.sql.rotation import check_keys  # noqa: PLC0415 - only here
    from bot.adapters.sql.schema import upgrade  # noqa: PLC0415 - Alembic takes half a second

    make_private(settings.data_dir)
    upgrade(settings.database_url)
    database, vault = Database(settings.database_url), Vault(_keys(settings))
    try:
        check_keys(database, vault)
        if settings.demo:
            seed_staff(make_entrance(database, vault, demo=True), DEMO_PARTNER)
    except WrongKey as error:
        raise ConfigError(str(error)) from error
    finally:
        database.close()
    return 0


def make_ready(house: House) -> None:
    """Prepare the data unless that was done; with the database away messages are refused until it is back."""
    if house.is_ready():
        return
    try:
        prepare_data(house.settings)
    except StorageAway as away:
        log.error("%s Until then messages are refused; start again after the first time.", away)  # noqa: TRY400 - a sentence


def greeting(settings: Settings) -> str:
    """Say where things are, for whoever has just started them."""
    address = f"http://{'127.0.0.1' if settings.host in EVERYWHERE else settings.host}:{settings.port}"
    lines = [f"Segin runs in {settings.mode} mode on {address}. Ctrl-C stops it."]
    if settings.phone_page:
        lines.append(f"  phone simulator  {address}/phone/")
    lines.append(f"  console          {address}/console/")
    if settings.demo:
        lines.append("                   one click signs in as a caseworker, a supervisor …: the data is thrown away")
    else:
        lines.append(
            "                   the first account: .venv/bin/segin staff add LOGIN --name NAME --role administrator"
        )
    return "\n".join(lines)
