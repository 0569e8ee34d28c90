"""Everything a process works with, and the background work that it does by the clock."""

from collections.abc import Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import takewhile
from pathlib import Path

from celery import Celery

from bot import upkeep
from bot.adapters import sheets, understanding_files
from bot.adapters.clock import SystemClock
from bot.adapters.crypto import Vault
from bot.adapters.ids import RandomIds
from bot.adapters.passwords import Argon2, Totp
from bot.adapters.queue import Slice
from bot.adapters.senders import Senders
from bot.adapters.sql.audit import SqlTrail
from bot.adapters.sql.broadcasts import SqlBroadcasts
from bot.adapters.sql.calls import SqlCalls
from bot.adapters.sql.case_figures import SqlCaseFigures
from bot.adapters.sql.case_reads import SqlCaseReads
from bot.adapters.sql.check_ins import SqlCheckIns
from bot.adapters.sql.engine import Database
from bot.adapters.sql.export import SqlPersonExport
from bot.adapters.sql.gone_quiet import SqlGoneQuiet
from bot.adapters.sql.holds import SqlHolds
from bot.adapters.sql.imports import SqlImports
from bot.adapters.sql.inbox import SqlInbox
from bot.adapters.sql.ledgers import SqlLedgers
from bot.adapters.sql.media import SqlMedia
from bot.adapters.sql.providers import traffic
from bot.adapters.sql.staff import SqlStaff
from bot.adapters.sql.unmatched import SqlUnmatched
from bot.adapters.twilio_voice import TwilioCaller
from bot.adapters.watch import Watch
from bot.config import Settings
from bot.core.quiet import Quiet
from bot.core.ways import detour
from bot.ports import OutgoingRow
from bot.service.begin_flow import send_reminders
from bot.service.brain import Brain
from bot.service.broadcast_desk import Desk
from bot.service.call_person import Telephone
from bot.service.close_audit import close_audit
from bot.service.come_in import Entrance
from bot.service.confirm_sent import confirm_sent
from bot.service.escalate import Alarm, escalate
from bot.service.forward_to_phones import forward_to_phones
from bot.service.fresh_brain import FreshBrain
from bot.service.fresh_calendar import FreshCalendar
from bot.service.hand_out import Road
from bot.service.import_contacts import ImportDesk, work_imports
from bot.service.plan_check_ins import plan_check_ins
from bot.service.ports import Ports
from bot.service.send_broadcasts import Gait, send_broadcasts
from bot.service.send_check_ins import CheckInDesk, send_check_ins
from bot.service.send_due import send_due
from bot.service.watch_providers import Look, Watched, watch_providers
from bot.understanding import cells

ROOT = Path(__file__).resolve().parents[1]
STRETCHES = frozenset({"send_broadcasts", "import_contacts"})  # one at a time, and at once again while there is more
SWEPT_AT_ONCE = 10  # slices of messages that are asked about; some seconds, so that other work has its turn
ANSWERING_THREADS = 8
SENDING_THREADS = 16  # at 80 ms a call they fill a pace of 80 a second twice over; the SDK's pool holds as many
EVERY = {  # seconds
    "drain_outgoing": 5.0,
    "escalate": 15.0,
    "forward": 5.0,
    "send_broadcasts": 1.0,
    "sweep_answers": 15.0,
    "due_reminders": 60.0,
    "plan_check_ins": 15.0,
    "send_check_ins": 15.0,
    "reconcile_incoming": 300.0,
    "watch_providers": 60.0,
    "fetch_media": 30.0,
    "retain": 3600.0,
    "redact": 60.0,
    "tidy": 3600.0,
    "import_contacts": 5.0,
    "close_audit": 300.0,
}


@dataclass(frozen=True, slots=True)
class House:
    """Everything a process works with. Nothing is connected before its first use, so it may be made before a fork."""

    settings: Settings
    fresh: FreshBrain
    database: Database
    vault: Vault
    ports: Ports
    senders: Senders
    watch: Watch
    watched: Watched
    celery: Celery
    queue_url: str
    calendar: FreshCalendar
    gait: Gait = field(default_factory=Gait)
    threads: Executor = field(default_factory=lambda: ThreadPoolExecutor(ANSWERING_THREADS, "send"))
    bulk_threads: Executor = field(default_factory=lambda: ThreadPoolExecutor(SENDING_THREADS, "bulk"))

    @property
    def brain(self) -> Brain:
        """Return what a turn thinks with, with facts, sentences and holidays as staff have left them."""
        return self.calendar.told(self.fresh.now())

    @property
    def quiet(self) -> Quiet:
        """Return when broadcasts and check-ins wait."""
        return self.calendar.quiet()

    @property
    def trail(self) -> SqlTrail:
        """Return the audit trail with the chain over it."""
        return SqlTrail(self.database, self.vault)

    @property
    def case_reads(self) -> SqlCaseReads:
        """Return what lists of cases are read with."""
        return SqlCaseReads(self.database, self.vault)

    @property
    def unmatched(self) -> SqlUnmatched:
        """Return the messages that were not understood."""
        return SqlUnmatched(self.database, self.vault)

    @property
    def case_figures(self) -> SqlCaseFigures:
        """Return what the figures of the work are read with."""
        return SqlCaseFigures(self.database)

    @property
    def entrance(self) -> Entrance:
        """Return what signing in works with."""
        made = make_entrance(self.database, self.vault, demo=self.settings.demo)
        return replace(made, clock=self.ports.clock, ids=self.ports.ids)

    @property
    def telephone(self) -> Telephone:
        """Return what calling a person works with."""
        account = self.settings.twilio
        able = account if account and account.voice_from else None
        caller = TwilioCaller(able, public_url=self.settings.public_url) if able else None
        return Telephone(self.ports, self.calls, caller)

    @property
    def media(self) -> SqlMedia:
        """Return voice notes and pictures."""
        return SqlMedia(self.database, self.vault)

    @property
    def holds(self) -> SqlHolds:
        """Return legal holds."""
        return SqlHolds(self.database, self.vault)

    @property
    def exports(self) -> SqlPersonExport:
        """Return what is kept of one person."""
        return SqlPersonExport(self.database, self.vault)

    @property
    def calls(self) -> SqlCalls:
        """Return the calls that were asked for, and those that people made to us."""
        return SqlCalls(self.database)

    @property
    def import_desk(self) -> ImportDesk:
        """Return what imports of lists work with."""
        ports, facts = self.ports, self.brain.assistant.facts
        kept = SqlImports(self.database, self.vault)
        places = partial(understanding_files.towns, ROOT)
        return ImportDesk(
            kept, ports.store, ports.clock, ports.ids, sheets.read, lambda today: cells.reader(facts, places(), today)
        )

    @property
    def inbox(self) -> SqlInbox:
        """Return the lists of cases that staff see."""
        return SqlInbox(self.database, self.vault)

    @property
    def check_ins(self) -> SqlCheckIns:
        """Return check-ins, and the answers to all that we ask."""
        return SqlCheckIns(self.database, self.vault)

    @property
    def check_in_desk(self) -> CheckInDesk:
        """Return what sending check-ins works with."""
        desk = self.broadcast_desk
        return CheckInDesk(self.brain, self.ports, self.check_ins, self.quiet, lambda: desk.prices, desk.month_cap)

    def elsewhere(self, row: OutgoingRow) -> str | None:
        """Name the provider that is to carry a message that its own did not take, if there is one."""
        return detour(self.watch.ways(), to=row.to, provider=row.provider, tried=row.attempts)

    @property
    def broadcasts(self) -> SqlBroadcasts:
        """Return broadcasts, their recipients and what they cost."""
        return SqlBroadcasts(self.database, self.vault)

    @property
    def ledgers(self) -> SqlLedgers:
        """Return what became of whom, for pages and exports."""
        return SqlLedgers(self.database, self.vault)

    @property
    def gone_quiet(self) -> SqlGoneQuiet:
        """Return who has gone quiet."""
        return SqlGoneQuiet(self.database)

    @property
    def broadcast_desk(self) -> Desk:
        """Return what broadcasts are made and sent with."""
        settings, twilio = self.settings, self.settings.twilio
        return Desk(
            brain=self.brain,
            ports=self.ports,
            broadcasts=self.broadcasts,
            quiet=self.quiet,
            sms_centimes=settings.sms_cost_fcfa * 100,
            month_cap=settings.budget_a_month * 100,
            new_people_a_day=twilio.new_people_a_day if twilio else 0,
            template=twilio.template if twilio else None,
            word_sender=settings.word_sender,
            short_codes=settings.short_codes,
        )

    @property
    def road(self) -> Road:
        """Return how messages leave."""
        twilio_template = self.settings.twilio.template if self.settings.twilio else None
        return Road(self.senders, self.elsewhere, self.threads.map, self.bulk_threads.map, twilio_template)

    def look(self) -> Look:
        """Look at every way out: whether it is up, and what its rows say."""
        now = self.ports.clock.now()
        return Look(self.watch.ways(), traffic(self.database, now=now), now, mail=bool(self.settings.smtp))

    def watch_providers(self) -> int:
        """Alert people on duty about a way that is down, blocked or silent."""
        to = self.settings.alert_to
        return watch_providers(self.ports.store, self.ports.ids, self.look(), self.watched, alert_to=to)

    def escalate(self) -> int:
        """Alert about urgent cases whose next alert is due."""
        return escalate(self.brain, self.ports, Alarm(self.settings.escalate_after, mail=bool(self.settings.smtp)))

    def drain_outgoing(self) -> int:
        """Send what waits; first of all, alerts and what goes to caseworkers' telephones become rows."""
        self.escalate()
        forward_to_phones(self.brain, self.ports)
        return send_due(self.ports.store, self.ports.clock, self.road)

    def sweep_answers(self) -> int:
        """Find out what became of unconfirmed messages, slice after slice: a killed worker leaves several."""
        store, clock = self.ports.store, self.ports.clock
        slices = (confirm_sent(store, clock, self.senders) for _ in range(SWEPT_AT_ONCE))
        return sum(takewhile(bool, slices))

    def is_ready(self) -> bool:
        """Say whether the database has this version's schema, leaving no connection open for a child to inherit."""
        try:
            return self.ports.store.ready()
        finally:
            self.database.close()

    @property
    def slices(self) -> Mapping[str, Slice]:
        """Return the background work by name."""
        store, clock = self.ports.store, self.ports.clock
        runs = {
            "drain_outgoing": self.drain_outgoing,
            "escalate": self.escalate,
            "forward": lambda: forward_to_phones(self.brain, self.ports),
            "send_broadcasts": lambda: send_broadcasts(self.broadcast_desk, self.road, self.gait, lanes=2),
            "sweep_answers": self.sweep_answers,
            "due_reminders": lambda: send_reminders(self.brain, self.ports),
            "plan_check_ins": lambda: plan_check_ins(self.brain, self.ports, self.check_ins),
            "send_check_ins": lambda: send_check_ins(self.check_in_desk),
            "reconcile_incoming": lambda: upkeep.missed(self),
            "watch_providers": self.watch_providers,
            "fetch_media": lambda: upkeep.fetch(self),
            "retain": lambda: upkeep.purge(self),
            "redact": lambda: upkeep.redact(self),
            "tidy": lambda: store.tidy(now=clock.now()),
            "import_contacts": lambda: work_imports(self.import_desk),
            "close_audit": lambda: close_audit(self.trail, clock),
        }
        return {name: Slice(run, EVERY[name], stretch=name in STRETCHES) for name, run in runs.items()}


def make_entrance(database: Database, vault: Vault, *, demo: bool) -> Entrance:
    """Return what signing in works with; `demo`: whether a demonstration's staff are let in."""
    return Entrance(SqlStaff(database, vault), Argon2(), Totp(), SystemClock(), RandomIds(), demo)
